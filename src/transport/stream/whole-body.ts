/** An event stream that is there as a whole, such as one that somebody else recorded. */
import { SseParser } from '../../parse/sse.ts'

export interface StreamedEvent {
  readonly event: string
  readonly id: string
  readonly payload: Uint8Array
}

/** The events of an event stream's bytes (HTML standard, section 9.2.6); comments are left out. */
export function readEventStream(bytes: Uint8Array): StreamedEvent[] {
  const events: StreamedEvent[] = []
  const parser = new SseParser(
    { maxRecordSize: bytes.length },
    ({ kind, event = 'message', id = '', payload }) => {
      if (kind === 'record') events.push({ event, id, payload: payload.slice() })
    },
  )
  parser.push(bytes)
  parser.end()
  return events
}
