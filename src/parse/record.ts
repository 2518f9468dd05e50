/** The interface of all body parsers, and the records that they deliver. */
import { Failure } from '../shared/failure.ts'

export interface StreamRecord {
  /**
   * `record`: one message of the stream. `comment`: an SSE comment line without its colon. `discarded`: bytes that do not
   * make a record, such as an SSE event without a blank line after it, which the HTML standard discards.
   */
  readonly kind: 'record' | 'comment' | 'discarded'
  /** The content without its framing, as a view that is valid during the call only. */
  readonly payload: Uint8Array
  /** The record is the bytes [start, end) of the stream, with its framing. */
  readonly start: number
  readonly end: number
  /** The stream ended, or the next record began, inside this record. */
  readonly truncated?: boolean
  /** SSE: the event type; `message` if the event has none. */
  readonly event?: string
  /** SSE: the last event ID; empty if there is none. */
  readonly id?: string
  /** SSE: the event itself has an `id` field. */
  readonly ownId?: boolean
  /** SSE: the chunk ended with the record's last CR, and a LF is likely to follow, because the stream uses CRLF. */
  readonly awaitsLf?: boolean
  /** The payload is certainly valid UTF-8. */
  readonly isText?: boolean
  /** Multipart: the part's header fields, names in lower case. */
  readonly headers?: Readonly<Record<string, string>>
  /** The framing of the record, if it differs from that of the stream. */
  readonly framing?: string
  /** Deviations of its framing from the standard, as phrases. */
  readonly oddities?: readonly string[]
}

/** Ranges of a body, in order. */
export interface BodyRanges {
  readonly count: number
  /** Per range: where it begins and ends. */
  readonly from: Float64Array
  readonly to: Float64Array
}

/** Records that lie in one chunk, as columns over its bytes. Their ranges are as `start` and `end` in `StreamRecord`. Valid during the call only. */
export interface RecordBatch extends BodyRanges {
  readonly bytes: Uint8Array
  /** Per record: where its payload begins in `bytes`, and its length. */
  readonly starts: Uint32Array
  readonly sizes: Uint32Array
}

export type RecordSink = (record: StreamRecord) => void

/** A push parser. Any split of the same bytes into chunks gives the same records. */
export interface RecordParser {
  /** Reads the next chunk of the stream and delivers the records that it completes. Throws a `Failure` `TOO_LARGE`. */
  push(chunk: Uint8Array): void
  /** Position of an incomplete record that `lull` would deliver, wholly or in part; undefined if there is none. */
  readonly pending?: number | undefined
  /** Nothing has arrived for a while to complete the pending record: delivers what is certain of it. */
  lull?(): void
  /** The stream has ended: delivers the record that it ended inside, if any. */
  end(): void
  /** After `end`: fields that the stream itself has at its end, names in lower case. */
  readonly trailers?: Readonly<Record<string, string>> | undefined
  /** After `end`: the error that the stream itself names at its end. */
  readonly error?: string | undefined
  /** After `end`: a phrase about bytes after the last record that do not belong to any record. */
  readonly remark?: string | undefined
}

export interface ParserOptions {
  /** Largest record in bytes. */
  readonly maxRecordSize: number
  /** The framing was derived from the media type, so the parser may adapt it to what arrives, and when. */
  readonly isGuess?: boolean
}

/**
 * The failure for a `what` ("line", "part", …) of more than `limit` bytes. Pass `advice` if the user cannot set the
 * limit.
 */
export function tooLarge(
  what: string,
  limit: number,
  advice = 'raise the maximum message size to read it',
): Failure {
  return new Failure(
    'TOO_LARGE',
    `The stream sent ${/^[aeiou]/.test(what) ? 'an' : 'a'} ${what} of more than ${limit} bytes; ${advice}.`,
  )
}
