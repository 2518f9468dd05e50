/** What of an event is decoded. */
import type { RealtimeEvent } from '../shared/event.ts'

/**
 * The event with the payload and the body of `redacted`, so that what is masked in them is not decoded. The URLs and headers
 * that distinguish connections are not masked here.
 */
export function decodable(event: RealtimeEvent, redacted: RealtimeEvent): RealtimeEvent {
  if ('payload' in event)
    return 'payload' in redacted && redacted.payload !== event.payload
      ? { ...event, payload: redacted.payload }
      : event
  return 'body' in redacted ? ({ ...event, body: redacted.body } as RealtimeEvent) : event
}
