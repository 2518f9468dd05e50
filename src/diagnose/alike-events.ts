/** Events in a row that are alike, which rules that only count take at once. */
import { type ColumnView, isOut, KIND_BIT } from '../shared/event-columns.ts'

/** Fewer events are not worth it. */
const FEW = 8
/** Events that are taken at once at most. */
const MOST = 2048

/** Events in a row of one connection and one kind, as columns. Valid during the call that passes it. */
export interface AlikeEvents {
  readonly connection: number
  readonly kind: number
  readonly isOut: boolean
  readonly isCompressed: boolean
  /** They are the rows [from, to) of the columns. At least one. */
  readonly from: number
  readonly to: number
  /** Number of the event of the first row, counted from 0. */
  readonly first: number
  readonly time: Float64Array
  readonly size: Uint32Array
  /** `UNKNOWN_SIZE` if unknown. */
  readonly wireSize: Uint32Array
}

/** Whether it is worth looking for events that are like the one at a position. */
export function areAlike({ count, connection, kind }: ColumnView, at: number): boolean {
  const last = at + FEW - 1
  return last < count && connection[last] === connection[at] && kind[last] === kind[at]
}

/** The events from a position on that are like the first of them. */
export function alikeFrom(columns: ColumnView, from: number): AlikeEvents {
  const { first, count, time, size, wireSize } = columns
  const connection = columns.connection[from] ?? 0
  const kind = columns.kind[from] ?? 0
  const end = Math.min(count, from + MOST)
  let to = from + 1
  while (to < end && columns.connection[to] === connection && columns.kind[to] === kind) to++
  const isCompressed = (kind & KIND_BIT.compressed) !== 0
  return { connection, kind, isOut: isOut(kind), isCompressed, from, to, first, time, size, wireSize }
}
