/** Failures of transports whose connection is one HTTP response. */
import type { StreamRecord } from '../../parse/record.ts'
import { Failure } from '../../shared/failure.ts'
import { maskUrl } from '../../shared/secrets.ts'
import { byteCount } from '../../shared/text/quantities.ts'
import type { HttpResponse } from '../http/exchange.ts'
import { quoted } from '../http/failures.ts'
import { contentTypeOf } from '../http/fields.ts'
import { hostAndPort } from '../http/host-port.ts'

/** The last event ID cannot be sent as `Last-Event-ID`. */
export function unsendableEventId(): Failure {
  return new Failure(
    'BAD_EVENT_ID',
    'The last event ID contains control characters, which a header field cannot carry, so the stream is requested from its start; have the server send printable IDs.',
  )
}

/** A response to a request for events has another type; `excerpt` is the beginning of its body. */
export function notAnEventStream({ url, status, headers }: HttpResponse, excerpt: string): Failure {
  const contentType = contentTypeOf(headers)
  const type = contentType === undefined ? 'without a Content-Type' : `with Content-Type ${contentType}`
  return new Failure(
    'BAD_MIME',
    `${hostAndPort(url)} answered ${type}${quoted(excerpt)} rather than text/event-stream; check the URL, or use the transport http-stream, poll or long-poll.`,
    status,
  )
}

/** `auto` found a complete response of `size` bytes that is not a stream. */
export function plainResponse({ url, status, headers }: HttpResponse, size: number): Failure {
  const type = contentTypeOf(headers)
  const what = [String(status), ...(type === undefined ? [] : [type]), byteCount(size)].join(', ')
  return new Failure(
    'PLAIN_RESPONSE',
    `${maskUrl(url)} answered with a complete response (${what}), not a stream; name the transport to poll it: poll or long-poll.`,
    status,
  )
}

/** A response exceeds the limit before `auto` knows whether it is a stream. */
export function responseTooLarge(limit: number): Failure {
  return new Failure(
    'TOO_LARGE',
    `The response is larger than the limit of ${limit} bytes; name a transport to read it as a stream, or raise the maximum message size.`,
  )
}

/** A complete body ended inside a record. */
export function endedInsideRecord(record: StreamRecord): Failure {
  return new Failure('TRUNCATED', truncationSentence(record))
}

function truncationSentence({ kind, framing, payload, start, end }: StreamRecord): string {
  const size = payload.length
  const advice = 'check whether the server ends each record as its framing requires'
  if (kind !== 'discarded') return `The body ended inside a record, after ${size} of its bytes; ${advice}.`
  if (framing === 'multipart')
    return `The body does not contain a multipart boundary, so its ${end - start} bytes do not belong to any part; check the boundary in its Content-Type, or name another framing.`
  if (framing === 'json-array') return `The body ended inside a JSON array; ${advice}.`
  return `The stream ended inside an event, whose ${end - start} bytes were discarded because no blank line follows them; ${advice}.`
}
