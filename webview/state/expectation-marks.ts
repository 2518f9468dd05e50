/** Where what was expected of connections came or failed, to mark it in the list and on the timeline. */
import { outcomeSentence } from '../../src/request/language/outcomes.ts'
import { type EventPlace, eventOf } from '../../src/shared/expectation.ts'
import type { ConnectionStatus } from '../../src/shared/status.ts'
import type { ColumnStore } from './events/column-store.ts'

export interface ExpectationMark {
  readonly connection: number
  readonly isHeld: boolean
  /** What was expected and what came. */
  readonly sentence: string
  /** Session time in ms: of the event that decided, or when the time ran out. */
  readonly time: number
  /** The event that decided, or the latest one that came instead; undefined if it is not there. */
  readonly event: number | undefined
}

type Columns = Pick<ColumnStore, 'forEachSliceBetween'>

/** The marks of what is decided, except for figures that only the end of a connection decides. */
export function expectationMarks(
  connections: readonly Pick<ConnectionStatus, 'id' | 'expectations'>[],
  columns: Columns,
): readonly ExpectationMark[] {
  return connections.flatMap(({ id, expectations = [] }) =>
    expectations.flatMap((status) => {
      const { state, time, ranOutAt, insteadAt } = status
      const shown = eventOf(status)
      const at = time ?? ranOutAt ?? insteadAt?.time
      if (state === 'pending' || at === undefined) return []
      const event = shown && eventAt(id, shown, columns)
      return [
        { connection: id, isHeld: state === 'held', sentence: outcomeSentence(status), time: at, event },
      ]
    }),
  )
}

/** The event of a connection at a place; undefined if it is not there. */
export function eventAt(
  connection: number,
  { time, nth = 0 }: EventPlace,
  columns: Columns,
): number | undefined {
  let left = nth
  let found: number | undefined
  columns.forEachSliceBetween({ from: time, to: time }, (segment, start, end, base) => {
    for (let at = start; at < end && found === undefined; at++)
      if (segment.time[at] === time && segment.connection[at] === connection && left-- === 0)
        found = base + at
  })
  return found
}
