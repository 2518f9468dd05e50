/** Content codings (RFC 9110 section 8.4.1), decoded as the bytes flow, nothing held back. */
import zlib from 'node:zlib'
import { Failure } from '../../shared/failure.ts'

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

type DecoderStream = ReturnType<typeof zlib.createGunzip>

/** The stream that undoes a coding. Throws a `Failure` `BAD_ENCODING` for one this Node cannot. */
function createStream(coding: string, firstByte: number): DecoderStream {
  switch (coding) {
    case 'gzip':
    case 'x-gzip':
      return zlib.createGunzip()
    case 'deflate':
      // The zlib format is meant, yet some servers send raw deflate; the first byte tells (RFC 1950 section 2.2).
      return (firstByte & 0x0f) === 8 ? zlib.createInflate() : zlib.createInflateRaw()
    case 'br':
      return zlib.createBrotliDecompress()
    case 'zstd':
      if (typeof zlib.createZstdDecompress === 'function') return zlib.createZstdDecompress()
      break
  }
  throw new Failure(
    'BAD_ENCODING',
    `The body is coded as "${coding}", which cannot be decoded here; ask for another with the header Accept-Encoding: identity.`,
  )
}

export interface DecoderEvents {
  /** The next bytes to be decoded; what comes of them follows before the next. */
  taken?(bytes: Uint8Array, time: number): void
  data(bytes: Uint8Array, time: number): void
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
  /** The coding said it is over; what still comes is no part of it. */
  #spent = false
  #ended = false

  constructor(coding: string, events: DecoderEvents) {
    this.#coding = coding
    this.#events = events
  }

  write(bytes: Uint8Array, time: number): void {
    if (this.#ended || this.#spent || bytes.length === 0) return
    this.#queue.push({ bytes, time })
    this.#waiting += bytes.length
    this.#advance()
  }

  /** No more input: the body ended (`end`), or was cut off. */
  finish(how: 'end' | 'cut'): void {
    this.#finish ??= how
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
    if (!this.#busy && !this.#paused && !this.#ended) this.#next()
    const full = this.#waiting > MAX_BACKLOG
    if (full === this.#full) return
    this.#full = full
    this.#events.backlog(full)
  }

  #next(): void {
    const next = this.#queue.shift()
    if (next === undefined) {
      this.#finishUp()
      return
    }
    this.#waiting -= next.bytes.length
    this.#time = next.time
    this.#busy = true
    if (!next.again) this.#events.taken?.(next.bytes, next.time)
    const stream = this.#open(next.bytes[0] ?? 0)
    this.#given += next.bytes.length
    this.#last = next.bytes
    stream?.write(next.bytes, () => {
      if (stream !== this.#stream) return
      // Bytes it did not take stand after the end of its coding: it is about to say so.
      this.#busy = stream.bytesWritten < this.#given
      this.#advance()
    })
  }

  /** The stream says its coding is over. */
  #over(stream: DecoderStream): void {
    const left = this.#given - stream.bytesWritten
    this.#stream = undefined
    this.#given = 0
    this.#busy = false
    // RFC 8878 section 3.1: frames follow one another; Node's gunzip goes on by itself, its zstd does not.
    if (this.#coding === 'zstd' && left > 0) {
      const bytes = this.#last.subarray(this.#last.length - left)
      this.#queue.unshift({ bytes, time: this.#time, again: true })
      this.#waiting += left
    } else this.#spend()
    this.#advance()
  }

  /** What still comes is no part of the coding. */
  #spend(): void {
    this.#spent = true
    this.#queue = []
    this.#waiting = 0
  }

  #finishUp(): void {
    if (this.#finish === undefined) return
    // Nothing came: an empty body is complete whatever its coding was to be.
    if (this.#finish === 'cut' || this.#stream === undefined) this.#settle()
    else {
      this.#busy = true
      this.#stream.end()
    }
  }

  #open(firstByte: number): DecoderStream | undefined {
    if (this.#stream !== undefined) return this.#stream
    try {
      const stream = createStream(this.#coding, firstByte)
      stream.on('readable', () => this.#drain())
      stream.on('end', () => this.#over(stream))
      stream.on('error', (error) => this.#fail(error))
      this.#stream = stream
      return stream
    } catch (error) {
      this.#fail(error)
      return undefined
    }
  }

  #drain(): void {
    while (!this.#paused && !this.#ended) {
      const bytes: Uint8Array | null = this.#stream?.read() ?? null
      if (bytes === null) return
      this.#events.data(bytes, this.#time)
    }
  }

  #settle(): void {
    if (this.#ended) return
    this.destroy()
    this.#events.end(this.#finish === 'end')
  }

  #fail(error: unknown): void {
    if (this.#ended) return
    this.destroy()
    this.#events.failed(error instanceof Failure ? error : codingFailure(this.#coding, error))
  }
}

function codingFailure(coding: string, error: unknown): Failure {
  const truncated = error instanceof Error && 'code' in error && error.code === 'Z_BUF_ERROR'
  return truncated
    ? new Failure(
        'TRUNCATED',
        `The body ended inside its ${coding} coding; what came before is kept, connect again for the rest.`,
      )
    : new Failure(
        'BAD_ENCODING',
        `The body is not the ${coding} that its Content-Encoding says; ask for it plain with the header Accept-Encoding: identity.`,
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
        failed: events.failed,
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
