/** The content of a response, which DevTools gives in parts that have to be asked for. */
import * as v from 'valibot'
import type { SeenData } from '../shared/traffic.ts'

const STREAMED = v.object({ bufferedData: v.optional(v.string(), '') })
const BODY = v.object({ body: v.string(), base64Encoded: v.optional(v.boolean(), false) })

/** The characters of the bytes (WHATWG Encoding Standard). */
const WINDOWS_1252 = new TextDecoder('windows-1252').decode(
  Uint8Array.from({ length: 256 }, (_, byte) => byte),
)

/** Parts whose bytes have not been given, at most. Later ones count as one with the last. */
const MAX_PARTS = 10_000

export class ResponseContent {
  readonly #request: string
  readonly #call: (method: string, params: object) => Promise<unknown>
  /** What had arrived before the parts were asked for. */
  #buffered: Buffer = Buffer.alloc(0)
  /** Bytes of the parts that were reported without their bytes. */
  #announced = 0
  /** Bytes that were given. */
  #given = 0
  readonly #parts: { readonly time: number; length: number }[] = []

  constructor(request: string, call: (method: string, params: object) => Promise<unknown>) {
    this.#request = request
    this.#call = call
  }

  /** Bytes of it were given. */
  get hasGiven(): boolean {
    return this.#given > 0
  }

  /** No part of it was reported. */
  get isEmpty(): boolean {
    return this.#announced === 0
  }

  /** Asks for the content while it arrives. Resolves also if it is refused, as for a response that is complete. */
  async read(): Promise<void> {
    const answer = await this.#call('Network.streamResourceContent', { requestId: this.#request }).catch(
      () => undefined,
    )
    const streamed = v.safeParse(STREAMED, answer)
    if (streamed.success) this.#buffered = Buffer.from(streamed.output.bufferedData, 'base64')
  }

  /** A part is reported without its bytes. Call it at once, so that it is known which parts the buffered content has. */
  announce(length: number): void {
    this.#announced += length
  }

  /** The buffered bytes that no part was reported for: Node.js and Deno report parts only once they are asked for. */
  unannounced(): Uint8Array | undefined {
    const size = this.#buffered.length - this.#announced
    if (size <= 0) return undefined
    const bytes = this.#buffered.subarray(0, size)
    this.#buffered = this.#buffered.subarray(size)
    this.#given += bytes.length
    return bytes
  }

  /** The bytes of a part, given as base64 or with its length only; undefined if they are not known yet. */
  take(data: string | undefined, length: number, time: number): Uint8Array | undefined {
    if (data !== undefined || length <= this.#buffered.length) {
      const bytes = data === undefined ? this.#buffered.subarray(0, length) : Buffer.from(data, 'base64')
      if (data === undefined) this.#buffered = this.#buffered.subarray(length)
      this.#given += bytes.length
      return bytes
    }
    const last = this.#parts.at(-1)
    if (last !== undefined && this.#parts.length >= MAX_PARTS) last.length += length
    else this.#parts.push({ time, length })
    return undefined
  }

  /**
   * After the response is complete at `time`: what of it was not given. Undefined if everything was; nothing in the promise if it
   * cannot be had.
   */
  rest(time: number): Promise<readonly SeenData[]> | undefined {
    if (this.#given > 0 && this.#parts.length === 0) return undefined
    const parts = this.#parts.length === 0 ? [{ time, length: 0 }] : this.#parts
    return this.#call('Network.getResponseBody', { requestId: this.#request }).then(
      (answer) => {
        const { body, base64Encoded } = v.parse(BODY, answer)
        const size = this.#given + parts.reduce((sum, { length }) => sum + length, 0)
        const bytes = base64Encoded ? Buffer.from(body, 'base64') : bytesOfText(body, size)
        return cut(bytes.subarray(this.#given), parts)
      },
      () => [],
    )
  }
}

/**
 * The bytes of a body that was given as text. Chromium decodes text without a `charset` as windows-1252, so the text stands for
 * other bytes than its own if those make up the size that was reported.
 */
function bytesOfText(text: string, size: number): Buffer {
  const bytes = Buffer.from(text)
  if (bytes.length === size || text.length !== size) return bytes
  const single = Buffer.alloc(size)
  for (let at = 0; at < size; at++) {
    const byte = WINDOWS_1252.indexOf(text[at] ?? '')
    if (byte < 0) return bytes
    single[at] = byte
  }
  return single
}

/** The bytes at the times of their parts. What the parts do not account for belongs to the last one. */
function cut(
  bytes: Buffer,
  parts: readonly { readonly time: number; readonly length: number }[],
): SeenData[] {
  let start = 0
  const cutParts = parts.map(({ time, length }, index) => {
    const end = index === parts.length - 1 ? bytes.length : Math.min(bytes.length, start + length)
    const part = { time, bytes: bytes.subarray(start, end) }
    start = end
    return part
  })
  return cutParts.filter((part) => part.bytes.length > 0)
}
