/** A response body between the connection and its reader: buffered until it is read, decoded, pausable. */
import { Failure } from '../../shared/failure.ts'
import { type DecoderChain, decoderChain } from './coding/decoder.ts'
import { type BodyEnd, type BodyReader, readBody } from './exchange.ts'
import { ExpansionLimit } from './expansion-limit.ts'

/** Bytes that wait for a reader before the connection is paused. */
const MAX_WAITING = 64 * 1024

/** The connection under the body. */
export interface BodySource {
  pause(): void
  resume(): void
  /** Closes the connection. */
  abort(): void
  /** Called when the body has ended. */
  settled?(): void
  /** The callbacks of the source are part of the work of whatever opened its connection, which may be another transport. */
  readonly isShared?: boolean
}

export class ResponseBody {
  readonly #source: BodySource
  #decoders: DecoderChain | undefined
  /** Set if the body cannot be read at all. */
  #refused: Failure | undefined
  #reader: BodyReader | undefined
  #queue: { readonly bytes: Uint8Array; readonly time: number }[] = []
  #waiting = 0
  #lastTime = 0
  #readerPaused = false
  #decoderFull = false
  #sourcePaused = false
  /** Bytes after the end of each coding. */
  #foreign: Map<string, number> | undefined
  /** How the body ended on the connection. The reader gets it after all bytes before it. */
  #wireEnd: BodyEnd | undefined
  #ended = false
  /** How it ended if nothing has read it yet. */
  #unread: BodyEnd | undefined

  /** `maxExpansion` is the number of bytes that the codings may expand to from very few. */
  constructor(codings: readonly string[], maxExpansion: number, source: BodySource) {
    this.#source = source
    if (codings.length === 0) return
    const expansion = new ExpansionLimit(maxExpansion)
    try {
      this.#decoders = decoderChain(codings, {
        taken: (bytes, time) => expansion.taken(bytes.length, time),
        data: (bytes, time) => this.#deliver(bytes, time, expansion),
        end: (complete) => this.#decoded(complete),
        foreign: (coding, size) => {
          this.#foreign ??= new Map()
          this.#foreign.set(coding, size + (this.#foreign.get(coding) ?? 0))
        },
        failed: (failure) => this.#fail(failure),
        backlog: (full) => {
          this.#decoderFull = full
          this.#control()
        },
      })
    } catch (error) {
      this.#refused = error instanceof Failure ? error : undefined
    }
  }

  /** Takes the next bytes of the connection, which are only lent: what waits is copied. */
  push(bytes: Uint8Array, time: number): void {
    if (this.#ended) return
    this.#lastTime = time
    if (this.#reader !== undefined && !this.#readerPaused && this.#queue.length === 0) {
      this.#pass(this.#decoders === undefined ? bytes : bytes.slice(), time)
      return
    }
    this.#queue.push({ bytes: bytes.slice(), time })
    this.#waiting += bytes.length
    this.#control()
  }

  /** The body has ended on the connection, completely or not. */
  finish(end: BodyEnd): void {
    this.#wireEnd ??= end
    this.#flush()
  }

  /** Ends the body now and drops the bytes that wait. */
  cancel(failure: Failure, time: number): void {
    this.#end({ complete: false, time, failure })
  }

  /** See `HttpResponse.read`. */
  read(reader: BodyReader): void {
    // What a promise calls is part of the reader's own work, and so are its errors.
    if (this.#source.isShared)
      readBody({ read: (shared) => this.#read(shared) }, reader).then((end) => reader.ended(end))
    else this.#read(reader)
  }

  #read(reader: BodyReader): void {
    if (this.#unread !== undefined) {
      reader.ended(this.#unread)
      return
    }
    this.#reader = reader
    if (this.#refused !== undefined) this.#fail(this.#refused)
    this.#flush()
    this.#control()
  }

  pause(): void {
    this.#readerPaused = true
    this.#decoders?.last.pause()
    this.#control()
  }

  resume(): void {
    if (!this.#readerPaused) return
    this.#readerPaused = false
    this.#decoders?.last.resume()
    this.#flush()
    this.#control()
  }

  #pass(bytes: Uint8Array, time: number): void {
    if (this.#decoders === undefined) this.#deliver(bytes, time)
    else this.#decoders.first.write(bytes, time)
  }

  #deliver(bytes: Uint8Array, time: number, expansion?: ExpansionLimit): void {
    if (this.#ended) return
    try {
      expansion?.decoded(bytes.length)
      this.#reader?.data(bytes, time)
    } catch (error) {
      this.#fail(error instanceof Failure ? error : new Failure('INTERNAL', String(error)))
    }
  }

  #flush(): void {
    if (this.#reader === undefined) return
    for (let next = this.#take(); next !== undefined; next = this.#take()) this.#pass(next.bytes, next.time)
    if (this.#ended || this.#readerPaused || this.#queue.length > 0 || this.#wireEnd === undefined) return
    if (this.#decoders === undefined) this.#end(this.#wireEnd)
    else this.#decoders.first.finish(this.#wireEnd.complete ? 'end' : 'cut')
  }

  #take(): { readonly bytes: Uint8Array; readonly time: number } | undefined {
    if (this.#readerPaused || this.#ended) return undefined
    const next = this.#queue.shift()
    this.#waiting -= next?.bytes.length ?? 0
    return next
  }

  #decoded(complete: boolean): void {
    if (this.#wireEnd !== undefined && complete === this.#wireEnd.complete)
      this.#end(this.#withForeign(this.#wireEnd))
  }

  /** The end, with oddities for bytes after the end of codings. */
  #withForeign(end: BodyEnd): BodyEnd {
    if (!end.complete || this.#foreign === undefined) return end
    const phrases = Array.from(
      this.#foreign,
      ([coding, size]) =>
        `${size} ${size === 1 ? 'byte' : 'bytes'} after the end of its ${coding} coding ${size === 1 ? 'was' : 'were'} ignored`,
    )
    return { ...end, oddities: [...(end.oddities ?? []), ...phrases] }
  }

  #fail(failure: Failure): void {
    this.#end({ complete: false, time: this.#wireEnd?.time ?? this.#lastTime, failure })
  }

  #end(end: BodyEnd): void {
    if (this.#ended) return
    this.#ended = true
    this.#queue = []
    // If V8 has moved the body to its old generation, the body would keep the reader until a full collection.
    const reader = this.#reader
    this.#reader = undefined
    this.#decoders?.destroy()
    if (this.#wireEnd === undefined) this.#source.abort()
    this.#source.settled?.()
    if (reader === undefined) this.#unread = end
    else reader.ended(end)
  }

  #control(): void {
    const pause = !this.#ended && (this.#decoderFull || this.#waiting > MAX_WAITING)
    if (pause === this.#sourcePaused) return
    this.#sourcePaused = pause
    if (pause) this.#source.pause()
    else this.#source.resume()
  }
}
