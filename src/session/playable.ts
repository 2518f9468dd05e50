/** A session whose events can be read in any order: what is played, served and sent from. */
import { packKind } from '../shared/columns.ts'
import type { RealtimeEvent } from '../shared/event.ts'

/** What is known of an event without reading its payload. */
export interface EventHead {
  /** Milliseconds since the session started. */
  readonly time: number
  /** The type and flags, as `packKind` packs them. */
  readonly kind: number
  /** 0 for a `mark`. */
  readonly connection: number
}

/** A capture is one of these; so is a session file once it is indexed. */
export interface Playable {
  readonly startedAt: Date
  /** The events are numbered from `firstKept` up to, but not including, `count`. */
  readonly firstKept: number
  readonly count: number
  row(index: number): EventHead
  /** The event with its payload, to be kept as long as needed. */
  event(index: number): RealtimeEvent
}

/** The head of an event. */
export function headOf(event: RealtimeEvent): EventHead {
  return {
    time: event.time,
    connection: event.type === 'mark' ? 0 : event.connection,
    kind: packKind({
      type: event.type,
      ...('direction' in event && { direction: event.direction }),
      ...(event.type === 'message' && {
        binary: event.opcode === 'binary',
        compressed: event.compressed === true,
        truncated: event.truncated === true,
      }),
      ...(event.type === 'response' && { empty: event.empty }),
    }),
  }
}

/** Events that are in memory already. */
export function playableOf(events: readonly RealtimeEvent[], startedAt: Date): Playable {
  const at = (index: number): RealtimeEvent => {
    const event = events[index]
    if (event === undefined) throw new RangeError(`There is no event ${index}.`)
    return event
  }
  return {
    startedAt,
    firstKept: 0,
    count: events.length,
    row: (index) => headOf(at(index)),
    event: at,
  }
}
