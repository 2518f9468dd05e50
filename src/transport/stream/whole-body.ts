/** Bodies that are there as a whole, such as those that somebody else recorded. */
import { createParser, framingOf, type KnownFraming } from '../../parse/framing.ts'
import { SseParser } from '../../parse/sse.ts'
import { isAlreadyEmitted } from './event-ids.ts'

export interface StreamedEvent {
  readonly event: string
  readonly id?: string
  /** As on a message. */
  readonly sameId?: true
  readonly payload: Uint8Array
}

/** The events of an event stream's bytes (HTML standard, section 9.2.6); comments are left out. */
export function readEventStream(bytes: Uint8Array): StreamedEvent[] {
  const events: StreamedEvent[] = []
  const resume = {}
  const parser = new SseParser(
    { maxRecordSize: bytes.length },
    ({ kind, event = 'message', id = '', ownId, payload }) => {
      if (kind !== 'record') return
      const told = id !== '' && isAlreadyEmitted(resume, id) && ownId !== true
      const named = told ? { sameId: true as const } : id === '' ? {} : { id }
      events.push({ event, ...named, payload: new Uint8Array(payload) })
    },
  )
  parser.push(bytes)
  parser.end()
  return events
}

/** The framing that a `Content-Type` gives to a stream. */
export function framingOfType(contentType: string): KnownFraming {
  return framingOf(contentType).framing
}

/** The records of a stream's bytes. Throws a `Failure` if the framing does not allow them. */
export function readRecords(bytes: Uint8Array, framing: KnownFraming, contentType: string): Uint8Array[] {
  const records: Uint8Array[] = []
  const options = { maxRecordSize: Math.max(bytes.length, 1) }
  const parser = createParser(framing, contentType, options, ({ kind, payload }) => {
    if (kind === 'record') records.push(new Uint8Array(payload))
  })
  parser.push(bytes)
  parser.end()
  return records
}
