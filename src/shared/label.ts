/** The label column: the one short, repeating word that tells events of a type apart. */
import type { RealtimeEvent } from './event.ts'

/**
 * An SSE event's name, a response's or open's status, an error's or close's code, a reconnect's attempt;
 * empty where there is none. Few different labels come in a session: they are interned.
 */
export function labelOf(event: RealtimeEvent): string {
  switch (event.type) {
    case 'message':
      return event.event ?? ''
    case 'open':
    case 'response':
      return String(event.status ?? '')
    case 'error':
      return event.code
    case 'close':
      return String(event.code ?? event.by ?? '')
    case 'connect':
    case 'reconnect':
      return String(event.attempt)
    default:
      return ''
  }
}
