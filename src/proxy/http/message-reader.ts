/**
 * Reads HTTP/1.1 messages (RFC 9112) that pass through a proxy, in any split. The bytes of a body are handed on as they
 * arrived, with their framing, and once more as content.
 */
import type { BodyFraming } from '../../parse/http/body-framing.ts'
import { ChunkedDecoder } from '../../parse/http/chunked.ts'
import { cutIn, MalformedResponse } from '../../parse/http/malformed.ts'
import { MAX_HEAD_SIZE } from '../../parse/http/response.ts'
import { parseFields, SectionReader, splitLines } from '../../parse/http/section.ts'
import type { Headers } from '../../shared/headers.ts'

export interface MessageSink {
  /**
   * Takes the lines of a head and their size in bytes. Returns how the body is framed; undefined if another head follows,
   * and `upgrade` if what follows is not HTTP.
   */
  head(section: string, size: number): BodyFraming | 'upgrade' | undefined
  /** The next bytes of the body with its framing and trailers, to pass on. They stay as they are. */
  raw(bytes: Uint8Array): void
  /** The content among them, and its size with framing if that is known. Valid only during the call. */
  content(bytes: Uint8Array, wireSize: number | undefined): void
  /** The message is complete. */
  end(trailers: Headers | undefined): void
}

type State = 'head' | BodyFraming['kind'] | 'trailers' | 'over'

export class MessageReader {
  readonly #sink: MessageSink
  readonly #section = new SectionReader()
  #state: State = 'head'
  #sectionSize = 0
  #left = 0
  #chunked = new ChunkedDecoder()

  constructor(sink: MessageSink) {
    this.#sink = sink
  }

  /** Reads the next bytes. Returns how many of them belong to the message. Throws a `MalformedResponse`. */
  push(bytes: Uint8Array): number {
    let at = 0
    while (at < bytes.length && this.#state !== 'over') {
      if (this.#state === 'head') at = this.#readHead(bytes, at)
      else if (this.#state === 'trailers') at = this.#readTrailers(bytes, at)
      else if (this.#state === 'chunked') at = this.#readChunks(bytes, at)
      else at = this.#readPlain(bytes, at)
    }
    return at
  }

  /** The connection has ended. Throws a `MalformedResponse` if the message is incomplete. */
  finish(): void {
    const cut = cutIn(this.#state)
    if (cut !== undefined) throw cut
    if (this.#state === 'close') this.#end(undefined)
  }

  #readHead(bytes: Uint8Array, at: number): number {
    const taken = this.#takeSection(bytes, at)
    if (taken === undefined) return bytes.length
    // RFC 9112 section 2.2: an empty line before a message is ignored.
    if (taken.lines.trim() === '') return taken.end
    const framing = this.#sink.head(taken.lines, this.#sectionSize)
    if (framing === 'upgrade') this.#state = 'over'
    else if (framing !== undefined) this.#begin(framing)
    return taken.end
  }

  #begin({ kind, length }: BodyFraming): void {
    this.#state = kind
    this.#left = length ?? 0
    if (length === 0) this.#end(undefined)
  }

  #readPlain(bytes: Uint8Array, at: number): number {
    const isCounted = this.#state === 'length'
    const end = isCounted ? Math.min(bytes.length, at + this.#left) : bytes.length
    const part = bytes.subarray(at, end)
    this.#left -= part.length
    this.#sink.raw(part)
    this.#sink.content(part, part.length)
    if (isCounted && this.#left === 0) this.#end(undefined)
    return end
  }

  #readChunks(bytes: Uint8Array, at: number): number {
    const chunked = this.#chunked
    const before = chunked.bodyLength
    // The decoder moves the content within the bytes.
    const copy = Uint8Array.from(bytes.subarray(at))
    const length = chunked.push(copy)
    const end = at + chunked.rest
    this.#sink.raw(bytes.subarray(at, end))
    if (length > 0) this.#sink.content(copy.subarray(0, length), chunked.wireSpan(before, before + length))
    if (chunked.fault !== undefined) throw chunked.fault
    if (chunked.done) {
      this.#state = 'trailers'
      this.#sectionSize = 0
    }
    return end
  }

  #readTrailers(bytes: Uint8Array, at: number): number {
    const taken = this.#takeSection(bytes, at)
    this.#sink.raw(bytes.subarray(at, taken?.end))
    if (taken === undefined) return bytes.length
    const { lines } = splitLines(taken.lines, 0)
    this.#end(lines.length === 0 ? undefined : parseFields(lines))
    return taken.end
  }

  #takeSection(bytes: Uint8Array, at: number) {
    const taken = this.#section.take(bytes, at)
    this.#sectionSize += (taken?.end ?? bytes.length) - at
    if (this.#sectionSize > MAX_HEAD_SIZE)
      throw new MalformedResponse('HTTP_OVERLONG', 'header fields of more than 64 KiB')
    return taken
  }

  #end(trailers: Headers | undefined): void {
    this.#state = 'over'
    this.#sink.end(trailers)
  }
}
