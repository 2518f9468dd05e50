/** The names of events that have no payload. */
import type { PayloadEvent, RealtimeEvent } from '../shared/event.ts'

export type LifecycleEvent = Exclude<RealtimeEvent, PayloadEvent>

/** The word that distinguishes a lifecycle event in a list. */
export function lifecycleName(event: LifecycleEvent): string {
  switch (event.type) {
    case 'connect':
    case 'open':
      return event.transport ?? ''
    case 'response':
      return String(event.status ?? '')
    case 'close':
      return String(event.code ?? event.by ?? '')
    case 'error':
      return event.code
    case 'request':
    case 'reconnect':
    case 'gap':
    case 'pause':
    case 'mark':
      return ''
  }
}
