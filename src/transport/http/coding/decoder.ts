/** Decodes content codings (RFC 9110 section 8.4.1) as the bytes arrive, without delay. */
import type { Transform } from 'node:stream'
import zlib from 'node:zlib'
import { listOf } from '../../../parse/http/body-framing.ts'
import { Failure } from '../../../shared/failure.ts'
import { endedInsideCoding, notCoded, tooManyCodings, unknownCoding } from '../failures.ts'
import { GzipEnvelope, ZlibEnvelope } from './deflate.ts'
import { BareEnvelope, type Envelope, type Part } from './envelope.ts'
import { Salvage } from './salvage.ts'
import { ZstdEnvelope } from './zstd.ts'

/** Coded bytes that wait for the decoder before the connection is paused. */
const MAX_BACKLOG = 64 * 1024
const MAX_CODINGS = 4
/** Values that do not name a coding. Servers send `none` to keep middleware from compressing event streams. */
const NO_CODINGS: ReadonlySet<string> = new Set(['identity', 'none', 'utf-8', 'utf8'])

/** The codings of a `Content-Encoding` value, in the order in which to decode them. */
export function contentCodings(value: string | readonly string[] | undefined): string[] {
  return listOf(value)
    .filter((coding) => !NO_CODINGS.has(coding))
    .reverse()
}

type DecoderStream = Transform & zlib.Zlib

interface Coding {
  envelope(): Envelope
  /** Creates a stream that decodes it; undefined if this version of Node cannot. */
  readonly stream: (() => DecoderStream) | undefined
  /** Decodes an incomplete body. Throws if a byte is wrong, or if the output exceeds `maxOutputLength`. */
  prefix(bytes: Uint8Array, maxOutputLength: number): Uint8Array
}

const DEFLATE: Omit<Coding, 'envelope'> = {
  stream: zlib.createInflateRaw,
  prefix: (bytes, maxOutputLength) =>
    zlib.inflateRawSync(bytes, { maxOutputLength, finishFlush: zlib.constants.Z_SYNC_FLUSH }),
}

const GZIP: Coding = { ...DEFLATE, envelope: () => new GzipEnvelope() }

const CODINGS: ReadonlyMap<string, Coding> = new Map([
  ['gzip', GZIP],
  ['x-gzip', GZIP],
  ['deflate', { ...DEFLATE, envelope: () => new ZlibEnvelope() }],
  [
    'br',
    {
      envelope: () => new BareEnvelope(),
      stream: zlib.createBrotliDecompress,
      prefix: (bytes, maxOutputLength) =>
        zlib.brotliDecompressSync(bytes, {
          ...{ maxOutputLength, finishFlush: zlib.constants.BROTLI_OPERATION_FLUSH },
        }),
    },
  ],
  [
    'zstd',
    {
      envelope: () => new ZstdEnvelope(),
      stream: zlib.createZstdDecompress,
      prefix: (bytes, maxOutputLength) =>
        zlib.zstdDecompressSync(bytes, { maxOutputLength, finishFlush: zlib.constants.ZSTD_e_flush }),
    },
  ],
])

/** The coding with that name. Throws a `Failure` `BAD_ENCODING` if it cannot be decoded. */
function codingOf(name: string): Coding & { readonly stream: () => DecoderStream } {
  const coding = CODINGS.get(name)
  const stream = coding?.stream
  if (coding !== undefined && stream !== undefined) return { ...coding, stream }
  throw unknownCoding(name)
}

export interface DecoderEvents {
  /** The next coded bytes. The bytes decoded from them follow before the next call. */
  taken?(bytes: Uint8Array, time: number): void
  data(bytes: Uint8Array, time: number): void
  /** Bytes after the end of the coding, which are ignored. */
  foreign?(coding: string, size: number): void
  /** Everything was delivered. `complete`: the coding ended as it should. */
  end(complete: boolean): void
  failed(failure: Failure): void
  /** Whether more input than `MAX_BACKLOG` waits. */
  backlog(full: boolean): void
}

/**
 * Decodes one coding. Decoded bytes have the time of their chunk, and are delivered before the next chunk is decoded.
 */
export class Decoder {
  readonly #coding: string
  readonly #events: DecoderEvents
  #stream: DecoderStream | undefined
  #envelope: Envelope | undefined
  /** How many bytes were written to the stream, and the last ones. */
  #given = 0
  #last: Uint8Array = new Uint8Array()
  /** `again`: bytes that were in the queue before and were not decoded. */
  #queue: { readonly bytes: Uint8Array; readonly time: number; readonly again?: true }[] = []
  #waiting = 0
  #full = false
  #time = 0
  #busy = false
  #paused = false
  #finish: 'end' | 'cut' | undefined
  #cause: Failure | undefined
  /** The error of the stream. */
  #error: Error | undefined
  #salvage = new Salvage()
  #ended = false

  constructor(coding: string, events: DecoderEvents) {
    this.#coding = coding
    this.#events = events
  }

  write(bytes: Uint8Array, time: number): void {
    if (this.#ended || bytes.length === 0) return
    this.#queue.push({ bytes, time })
    this.#waiting += bytes.length
    this.#advance()
  }

  /** No more input: the body ended (`end`), or was cut off, by `cause`, which is reported after all bytes before it. */
  finish(how: 'end' | 'cut', cause?: Failure): void {
    this.#finish ??= how
    this.#cause ??= cause
    this.#advance()
  }

  pause(): void {
    this.#paused = true
  }

  resume(): void {
    this.#paused = false
    this.#advance()
  }

  destroy(): void {
    this.#ended = true
    this.#queue = []
    this.#stream?.destroy()
  }

  #advance(): void {
    this.#drain()
    if (this.#error !== undefined && !this.#paused && !this.#ended) this.#break(this.#error)
    if (!this.#busy && !this.#paused && !this.#ended) this.#next()
    const full = this.#waiting > MAX_BACKLOG
    if (full === this.#full) return
    this.#full = full
    this.#events.backlog(full)
  }

  #next(): void {
    for (let next = this.#queue.shift(); next !== undefined; next = this.#queue.shift()) {
      const { bytes, time, again } = next
      this.#waiting -= bytes.length
      this.#time = time
      if (!again) this.#events.taken?.(bytes, time)
      const part = this.#partOf(bytes)
      if (part === undefined) return
      this.#again(bytes.subarray(part.length))
      if (part.kind === 'foreign') this.#events.foreign?.(this.#coding, part.length)
      if (part.kind !== 'data') continue
      const data = bytes.subarray(0, part.length)
      if (part.prefix !== undefined) this.#salvage.begin()
      this.#decode(part.prefix === undefined ? data : Buffer.concat([part.prefix, data]))
      return
    }
    this.#finishUp()
  }

  /** The part that the bytes begin with; undefined if they are wrong, which is reported. */
  #partOf(bytes: Uint8Array): Part | undefined {
    try {
      this.#envelope ??= codingOf(this.#coding).envelope()
      return this.#envelope.next(bytes)
    } catch (error) {
      this.#fail(error)
      return undefined
    }
  }

  /** Puts bytes back at the front of the queue. */
  #again(bytes: Uint8Array): void {
    if (bytes.length === 0) return
    this.#queue.unshift({ bytes, time: this.#time, again: true })
    this.#waiting += bytes.length
  }

  #decode(bytes: Uint8Array): void {
    const stream = this.#open()
    this.#salvage.given(bytes)
    this.#busy = true
    this.#given += bytes.length
    this.#last = bytes
    stream.write(bytes, () => {
      if (stream !== this.#stream) return
      // Bytes that it did not consume are after the end of its data; its `end` event follows.
      this.#busy = stream.bytesWritten < this.#given
      this.#advance()
    })
  }

  /** The stream has reached the end of its data. */
  #over(stream: DecoderStream): void {
    const left = this.#given - stream.bytesWritten
    this.#stream = undefined
    this.#given = 0
    this.#busy = false
    this.#envelope?.over()
    this.#again(this.#last.subarray(this.#last.length - left))
    this.#advance()
  }

  #finishUp(): void {
    if (this.#finish === undefined) return
    // An empty body is complete, whatever its coding.
    if (this.#finish === 'cut' || this.#envelope === undefined || this.#envelope.isComplete) this.#settle()
    else if (this.#stream === undefined) this.#fail(endedInsideCoding(this.#coding))
    else {
      this.#busy = true
      this.#stream.end()
    }
  }

  #open(): DecoderStream {
    if (this.#stream !== undefined) return this.#stream
    const stream = codingOf(this.#coding).stream()
    stream.on('readable', () => this.#drain())
    stream.on('end', () => this.#over(stream))
    stream.on('error', (error) => {
      this.#error = error
      this.#advance()
    })
    this.#stream = stream
    this.#salvage = new Salvage((bytes, limit) => codingOf(this.#coding).prefix(bytes, limit))
    return stream
  }

  #drain(): void {
    while (!this.#paused && !this.#ended) {
      const bytes: Uint8Array | null = this.#stream?.read() ?? null
      if (bytes === null) return
      this.#out(bytes)
    }
  }

  #out(bytes: Uint8Array): void {
    this.#salvage.came(bytes.length)
    this.#envelope?.decoded(bytes)
    this.#events.data(bytes, this.#time)
  }

  #settle(): void {
    if (this.#ended) return
    this.destroy()
    if (this.#cause === undefined) this.#events.end(this.#finish === 'end')
    else this.#events.failed(this.#cause)
  }

  /** The stream failed: delivers what can be decoded, and fails. */
  #break(error: Error): void {
    const rest = this.#salvage.rest()
    if (rest.length > 0) this.#out(rest)
    this.#fail(error)
  }

  #fail(error: unknown): void {
    if (this.#ended) return
    this.destroy()
    this.#events.failed(error instanceof Failure ? error : codingFailure(this.#coding, error))
  }
}

function codingFailure(coding: string, error: unknown): Failure {
  const isCut = error instanceof Error && 'code' in error && error.code === 'Z_BUF_ERROR'
  return isCut ? endedInsideCoding(coding) : notCoded(coding)
}

export interface DecoderChain {
  readonly first: Decoder
  readonly last: Decoder
  destroy(): void
}

/**
 * A chain of decoders, one for each coding, in the order in which to decode them. Input goes into the first; pausing the
 * last one stops them all. Undefined if there are no codings. Throws a `Failure` if there are too many.
 */
export function decoderChain(codings: readonly string[], events: DecoderEvents): DecoderChain | undefined {
  if (codings.length > MAX_CODINGS) throw tooManyCodings(codings.length)
  const decoders: Decoder[] = []
  for (const [index, coding] of codings.entries()) {
    const previous = () => decoders[index - 1]
    const next = () => decoders[index + 1]
    const isLast = index === codings.length - 1
    decoders.push(
      new Decoder(coding, {
        ...(index === 0 && { taken: events.taken }),
        data: isLast ? events.data : (bytes, time) => next()?.write(bytes, time),
        end: isLast ? events.end : (complete) => next()?.finish(complete ? 'end' : 'cut'),
        foreign: events.foreign,
        failed: isLast ? events.failed : (failure) => next()?.finish('cut', failure),
        backlog: index === 0 ? events.backlog : (full) => (full ? previous()?.pause() : previous()?.resume()),
      }),
    )
  }
  const [first] = decoders
  const last = decoders.at(-1)
  if (first === undefined || last === undefined) return undefined
  const destroy = () => {
    for (const decoder of decoders) decoder.destroy()
  }
  return { first, last, destroy }
}
