/** Content codings (RFC 9110 section 8.4.1), decoded as the bytes flow, nothing held back. */
import type { Transform } from 'node:stream'
import zlib from 'node:zlib'
import { Failure } from '../../../shared/failure.ts'
import { GzipEnvelope, notCoded, ZlibEnvelope } from './deflate.ts'
import { BareEnvelope, type Envelope, type Part } from './envelope.ts'
import { Salvage } from './salvage.ts'
import { ZstdEnvelope } from './zstd.ts'

/** Coded bytes waiting for the decoder before the connection is paused. */
const MAX_BACKLOG = 64 * 1024
const MAX_CODINGS = 4
/** What stands where a coding should although there is none: `none` keeps compressing middleware off event streams. */
const NO_CODINGS: ReadonlySet<string> = new Set(['', 'identity', 'none', 'utf-8', 'utf8'])

/** The codings of a `Content-Encoding` value in the order they are to be undone; what is none left out. */
export function contentCodings(value: string | readonly string[] | undefined): string[] {
  if (value === undefined) return []
  const list = typeof value === 'string' ? value : value.join(',')
  return list
    .split(',')
    .map((coding) => coding.trim().toLowerCase())
    .filter((coding) => !NO_CODINGS.has(coding))
    .reverse()
}

type DecoderStream = Transform & zlib.Zlib

interface Coding {
  envelope(): Envelope
  /** What undoes it; undefined if this Node cannot. */
  readonly stream: (() => DecoderStream) | undefined
  /** Undoes it as far as the bytes go; throws if something in them is wrong, or for more than `maxOutputLength`. */
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

/** The coding of that name. Throws a `Failure` `BAD_ENCODING` for one this Node cannot undo. */
function codingOf(name: string): Coding & { readonly stream: () => DecoderStream } {
  const coding = CODINGS.get(name)
  const stream = coding?.stream
  if (coding !== undefined && stream !== undefined) return { ...coding, stream }
  throw new Failure(
    'BAD_ENCODING',
    `The body is coded as "${name}", which cannot be decoded here; ask for another with the header Accept-Encoding: identity.`,
  )
}

export interface DecoderEvents {
  /** The next bytes to be decoded; what comes of them follows before the next. */
  taken?(bytes: Uint8Array, time: number): void
  data(bytes: Uint8Array, time: number): void
  /** Bytes came behind the end of the coding; they are passed over. */
  foreign?(coding: string, size: number): void
  /** Everything before the end was given out; `complete` where the coding ended as it should. */
  end(complete: boolean): void
  failed(failure: Failure): void
  /** More input than `MAX_BACKLOG` waits, or no longer does. */
  backlog(full: boolean): void
}

/** Undoes one coding. What comes out of a chunk carries that chunk's time, and comes before the next goes in. */
export class Decoder {
  readonly #coding: string
  readonly #events: DecoderEvents
  #stream: DecoderStream | undefined
  #envelope: Envelope | undefined
  /** Bytes given to the stream so far, and the last of them. */
  #given = 0
  #last: Uint8Array = new Uint8Array()
  /** `again` where they were given to the stream before, which left them. */
  #queue: { readonly bytes: Uint8Array; readonly time: number; readonly again?: true }[] = []
  #waiting = 0
  #full = false
  #time = 0
  #busy = false
  #paused = false
  #finish: 'end' | 'cut' | undefined
  #cause: Failure | undefined
  /** What the stream failed with. */
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

  /** No more input: the body ended (`end`), or was cut off; by `cause`, which is told once all before it is out. */
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

  /** What the bytes begin with; undefined, with the failure told, if that is wrong. */
  #partOf(bytes: Uint8Array): Part | undefined {
    try {
      this.#envelope ??= codingOf(this.#coding).envelope()
      return this.#envelope.next(bytes)
    } catch (error) {
      this.#fail(error)
      return undefined
    }
  }

  /** Puts bytes first in the queue that were in it before. */
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
      // Bytes it did not take stand after the end of its data: it is about to say so.
      this.#busy = stream.bytesWritten < this.#given
      this.#advance()
    })
  }

  /** The stream says its data are over. */
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
    // Nothing came: an empty body is complete whatever its coding was to be.
    if (this.#finish === 'cut' || this.#envelope === undefined || this.#envelope.isComplete) this.#settle()
    else if (this.#stream === undefined) this.#fail(truncated(this.#coding))
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

  /** The stream gave up: gives out what it had decoded, and fails. */
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
  return isCut ? truncated(coding) : notCoded(coding)
}

function truncated(coding: string): Failure {
  return new Failure(
    'TRUNCATED',
    `The body ended inside its ${coding} coding; what came before is kept, connect again for the rest.`,
  )
}

export interface DecoderChain {
  readonly first: Decoder
  readonly last: Decoder
  destroy(): void
}

/**
 * Decoders for codings in the order they are undone, each feeding the next: input goes into the first, pausing
 * the last stops them all. Throws a `Failure` where there are too many to be meant.
 */
export function decoderChain(codings: readonly string[], events: DecoderEvents): DecoderChain | undefined {
  if (codings.length > MAX_CODINGS)
    throw new Failure(
      'BAD_ENCODING',
      `The body has ${codings.length} content codings; mend the server, or ask for it plain with the header Accept-Encoding: identity.`,
    )
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
