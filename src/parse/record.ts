/** What every body parser delivers, and the interface all of them share. */
import { Failure } from '../shared/failure.ts'

export interface StreamRecord {
  /**
   * `record`: one message of the stream. `comment`: an SSE comment line without its colon.
   * `discarded`: an SSE event the stream ended inside, which the HTML standard throws away.
   */
  readonly kind: 'record' | 'comment' | 'discarded'
  /** The content without its framing. A view that is valid during the call only. */
  readonly payload: Uint8Array
  /** The bytes [start, end) of the stream that the record took, its framing included. */
  readonly start: number
  readonly end: number
  /** The stream ended, or the next record began, inside this one. */
  readonly truncated?: boolean
  /** SSE: the event type, `message` where none was given. */
  readonly event?: string
  /** SSE: the last event id in force, empty where there is none. */
  readonly id?: string
  /** SSE: this very event gave its id. */
  readonly ownId?: boolean
  /** SSE: the chunk ended in the record's last CR, and a LF may follow: the stream ends lines with CRLF. */
  readonly awaitsLf?: boolean
  /** The payload is known to be valid UTF-8. */
  readonly isText?: boolean
  /** Multipart: the part's header fields, names in lower case. */
  readonly headers?: Readonly<Record<string, string>>
  /** What framed the record, if not what frames the stream. */
  readonly framing?: string
  /** What of its framing is not as its standard has it, in phrases. */
  readonly oddities?: readonly string[]
}

/** Records that lie in one chunk, as columns over it; valid during the call only. */
export interface RecordBatch {
  readonly count: number
  readonly bytes: Uint8Array
  /** Per record: where its payload begins in `bytes`, and how long it is. */
  readonly starts: Uint32Array
  readonly sizes: Uint32Array
  /** Per record: the bytes of the stream it took, as `StreamRecord`'s `start` and `end`. */
  readonly from: Float64Array
  readonly to: Float64Array
}

export type RecordSink = (record: StreamRecord) => void

/** Any split of the same bytes over `push` calls gives the same records. */
export interface RecordParser {
  /** Takes the stream's next bytes and delivers what they complete. Throws a `Failure` TOO_LARGE. */
  push(chunk: Uint8Array): void
  /**
   * Where in the stream a record begins that is not delivered yet and that a lull would deliver, whole or in part;
   * undefined if there is none.
   */
  readonly pending?: number | undefined
  /** Nothing has finished the pending record for a while: delivers what can be told of it without guessing. */
  lull?(): void
  /** The stream is over: delivers what it ended inside of. */
  end(): void
  /** Once the stream is over: what came after the last record and is in none, in a phrase. */
  readonly remark?: string | undefined
}

export interface ParserOptions {
  /** Bytes a record may have. */
  readonly maxRecordSize: number
  /** The framing is guessed from the type; what comes, and when, may tell more of it. */
  readonly isGuess?: boolean
}

/** The failure of a `what` ("line", "part", …) of more than `limit` bytes; `advice` where the limit is not the user's. */
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
