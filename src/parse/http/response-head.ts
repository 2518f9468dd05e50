/** Reads the head of a final response (RFC 9112 sections 4 and 5). */
import type { Headers } from '../../shared/headers.ts'
import { type BodyFraming, bodyFraming, isPersistent } from './body-framing.ts'
import { isFieldOrFolded, isFolded, parseFields } from './section.ts'

export interface ResponseHead {
  readonly status: number
  /** The version in the status line, such as `1.1`. */
  readonly version: string
  /** Names in lower case, values with one Latin-1 character per byte. */
  readonly headers: Headers
  readonly framing: BodyFraming
  /** Whether the connection can be used again after the response. */
  readonly persistent: boolean
  /** Bytes of the head, with those of the informational responses before it. */
  readonly size: number
  /** Deviations from RFC 9112, as phrases. */
  readonly oddities: readonly string[]
}

/** What the lines of a head say. */
export type ReadHead = Omit<ResponseHead, 'size'>

/** `lines` begin with the status line. `method` is that of the request. Throws a `MalformedResponse`. */
export function readHead(
  method: string,
  version: string,
  status: number,
  lines: readonly string[],
  oddities: readonly string[],
): ReadHead {
  const first = lines.findIndex((line, index) => index > 0 && !isFolded(line))
  const fields = first < 0 ? [] : lines.slice(first)
  const headers = parseFields(fields)
  const framing = bodyFraming(method, status, headers)
  const { kind, contradicted = false, repeated = false } = framing
  // RFC 9112 section 6.3: the end of the body is uncertain, so the connection is closed.
  const persistent = kind !== 'close' && !contradicted && isPersistent(version, headers)
  const odd = [...oddities]
  if (!fields.every(isFieldOrFolded)) odd.push('a line that is not a header field was ignored')
  if (contradicted) odd.push('it has both Content-Length and Transfer-Encoding, which takes precedence')
  if (repeated) odd.push('its Transfer-Encoding names chunked more than once')
  return { status, version, headers, framing, persistent, oddities: odd }
}

/** A head is not kept above this size in bytes. */
const LARGEST_KEPT = 4096

/** The latest head that was read: a server answers polls with the same head over and over. */
export class LatestHead {
  #method = ''
  #bytes: Uint8Array = new Uint8Array()
  #head: ResponseHead | undefined

  /** Keeps the head that is bytes [from, to). */
  keep(method: string, bytes: Uint8Array, from: number, to: number, head: ReadHead): void {
    if (to - from > LARGEST_KEPT) return
    this.#method = method
    this.#bytes = bytes.slice(from, to)
    this.#head = { ...head, size: to - from }
  }

  /** The kept head, if the same bytes begin at `from`, and answer the same method. */
  at(method: string, bytes: Uint8Array, from: number): ResponseHead | undefined {
    const to = from + this.#bytes.length
    if (this.#head === undefined || method !== this.#method || to > bytes.length) return undefined
    const own = from === 0 && to === bytes.length ? bytes : bytes.subarray(from, to)
    return Buffer.compare(own, this.#bytes) === 0 ? this.#head : undefined
  }
}
