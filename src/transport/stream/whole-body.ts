/** Parses bodies that are available as a whole, such as those of another program's recording. */
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

/** The events of an event stream (HTML standard, section 9.2.6), without its comments. */
export function readEventStream(bytes: Uint8Array): StreamedEvent[] {
  const events: StreamedEvent[] = []
  const resume = {}
  const parser = new SseParser(
    { maxRecordSize: bytes.length },
    ({ kind, event = 'message', id = '', ownId, payload }) => {
      if (kind !== 'record') return
      const isKnown = id !== '' && isAlreadyEmitted(resume, id) && ownId !== true
      const idFields = isKnown ? { sameId: true as const } : id === '' ? {} : { id }
      events.push({ event, ...idFields, payload: new Uint8Array(payload) })
    },
  )
  parser.push(bytes)
  parser.end()
  return events
}

/** The framing of a stream with this `Content-Type`. */
export function framingOfType(contentType: string): KnownFraming {
  return framingOf(contentType).framing
}

/** The records of a stream. Throws a `Failure` if the bytes are not valid in that framing. */
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
