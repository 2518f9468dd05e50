/** A message that is a JSON object of no known protocol, by its columns. */
import type { MessageEvent } from '../shared/event.ts'
import type { EventRow } from './rule-event.ts'

/** The object is reused for the next message: copy what you keep. */
export interface ObjectMessage extends EventRow {
  /** Its SSE event type. Undefined if it has none. */
  readonly event: string | undefined
  /** As `nameIn` finds it in the JSON. */
  readonly name: string | undefined
  /** See `RuleEvent.integerAt`. */
  integerAt(place: string): number | undefined
  /** Makes the whole event, which takes longer than all else. */
  read(): MessageEvent
}
