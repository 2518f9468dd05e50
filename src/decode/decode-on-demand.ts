/**
 * Decodes messages of a session on demand. A stateless decoder gets only the requested message. A decoder with state
 * reads the whole connection once, in slices behind the capture. After that, decoding any message starts from the
 * nearest copy of the state, so the work is bounded.
 */
import { isOut, KIND_BIT, typeOf } from '../shared/columns.ts'
import type { DecodedEvent } from '../shared/decoded.ts'
import { ConnectionDecoding, NO_EVENTS, type Place } from './connection-decoding.ts'
import type { ConnectionFacts, Decoder, EncodedMessage } from './decoder.ts'
import { type ChosenDecoder, chooseDecoder, DECODERS } from './decoders.ts'

/** The columns of one event. */
interface EventRow {
  readonly time: number
  readonly kind: number
  readonly connection: number
  readonly size: number
  readonly eventName: number
}

/** A session as a decoder reads it: a capture, or a file. */
export interface DecodingSource {
  readonly count: number
  readonly firstKept: number
  readonly eventNames: readonly string[]
  row(index: number): EventRow
  /** The first bytes of a payload; undefined if it is no longer kept. */
  payload(index: number, maxBytes?: number): Uint8Array | undefined
}

export interface OnDemandDecoderOptions {
  readonly decoders?: readonly Decoder[]
  /** Called after each slice, because more messages may be decoded now. */
  readonly onProgress?: () => void
  /** Messages between two copies of a connection's state. Default 512. */
  readonly interval?: number
}

/** Milliseconds that a slice may block the thread, and events between two checks of the clock. */
const SLICE = 4
const STEP = 64
const INTERVAL = 512
/** Maximum number of kept copies of states, and of bytes in them. Beyond it, every other copy is dropped. */
const MAX_PLACES = 2048
const MAX_BYTES = 64 * 1024 * 1024
/** Number of messages whose decoded events are cached. */
const MAX_RESULTS = 256

export class OnDemandDecoder {
  readonly #source: DecodingSource
  readonly #factsOf: (connection: number) => ConnectionFacts
  readonly #decoders: readonly Decoder[]
  readonly #onProgress: () => void
  #interval: number
  /** By connection; null if no decoder accepts it. */
  readonly #decodings = new Map<number, ConnectionDecoding | null>()
  readonly #loaded = new Set<Decoder>()
  readonly #loading = new Set<Decoder>()
  /** Where the last reading of a connection's messages ended. */
  readonly #readings = new Map<number, Place>()
  readonly #results = new Map<number, readonly DecodedEvent[]>()
  #reached = 0
  #timer: NodeJS.Immediate | undefined

  /** `factsOf` is called when the first message of a connection is to be decoded. */
  constructor(
    source: DecodingSource,
    factsOf: (connection: number) => ConnectionFacts,
    options: OnDemandDecoderOptions = {},
  ) {
    const { decoders = DECODERS, onProgress = () => {}, interval = INTERVAL } = options
    this.#source = source
    this.#factsOf = factsOf
    this.#decoders = decoders
    this.#onProgress = onProgress
    this.#interval = interval
  }

  /** Number of the first event that decoders with state have not been given yet. */
  get reached(): number {
    return this.#reached
  }

  /** The decoder of a connection, and why it was chosen. */
  chosenFor(connection: number): ChosenDecoder | undefined {
    return this.#decodingOf(connection)?.chosen
  }

  /** Why a connection is decoded no further. */
  problemOf(connection: number): string | undefined {
    return this.#decodingOf(connection)?.problem
  }

  /**
   * The packets that end in a message. Undefined if they are not known yet: `onProgress` tells when to ask again. Empty
   * for an event that has none. Throws a `RangeError` for an event that is not kept.
   */
  decode(index: number): readonly DecodedEvent[] | undefined {
    const row = this.#source.row(index)
    const decoding = typeOf(row.kind) === 'message' ? this.#decodingOf(row.connection) : undefined
    if (decoding === undefined) return NO_EVENTS
    const { decoder } = decoding.chosen
    if (!this.#isLoaded(decoder, decoding)) return undefined
    if (decoder.isStateless === true) {
      const message = this.#message(index, row, decoder)
      return message === undefined ? NO_EVENTS : decoding.decode(message, decoding.open())
    }
    if (index < this.#reached) return this.#results.get(index) ?? this.#read(decoding, row.connection, index)
    this.#continue()
    return undefined
  }

  /** The session was cleared, or the facts of its connections have changed. */
  clear(): void {
    clearImmediate(this.#timer)
    this.#timer = undefined
    this.#decodings.clear()
    this.#readings.clear()
    this.#results.clear()
    this.#reached = 0
  }

  #decodingOf(connection: number): ConnectionDecoding | undefined {
    let decoding = this.#decodings.get(connection)
    if (decoding === undefined) {
      const facts = this.#factsOf(connection)
      const chosen = chooseDecoder(facts, this.#decoders)
      decoding = chosen === undefined ? null : new ConnectionDecoding(chosen, facts)
      this.#decodings.set(connection, decoding)
    }
    return decoding ?? undefined
  }

  #isLoaded(decoder: Decoder, decoding: ConnectionDecoding): boolean {
    if (decoder.load === undefined || this.#loaded.has(decoder)) return true
    if (this.#loading.has(decoder)) return false
    this.#loading.add(decoder)
    decoder
      .load()
      .catch((thrown: unknown) => decoding.giveUp(0, thrown))
      .finally(() => {
        this.#loaded.add(decoder)
        this.#continue()
        this.#onProgress()
      })
    return false
  }

  /** Decodes the messages of the connection from the nearest copy of the state up to `index`. */
  #read(decoding: ConnectionDecoding, connection: number, index: number): readonly DecodedEvent[] {
    const last = this.#readings.get(connection)
    const continues = last !== undefined && last.next <= index && last.next >= decoding.nearest(index)
    const place = continues ? last : decoding.placeBefore(index)
    const { firstKept } = this.#source
    let { decoder } = place.next < firstKept ? { decoder: decoding.open() } : place
    let events = NO_EVENTS
    let next = Math.max(place.next, firstKept)
    for (; next <= index; next++) {
      const row = this.#source.row(next)
      if (row.connection !== connection) continue
      const type = typeOf(row.kind)
      if (type === 'open') decoder = decoding.open()
      if (type !== 'message') continue
      const message = this.#message(next, row, decoding.chosen.decoder)
      if (message === undefined) decoder = decoding.open()
      else events = decoding.decode(message, decoder)
      this.#remember(next, events)
    }
    this.#readings.set(connection, { next, decoder })
    return events
  }

  #remember(index: number, events: readonly DecodedEvent[]): void {
    const [oldest] = this.#results.keys()
    if (this.#results.size >= MAX_RESULTS && oldest !== undefined) this.#results.delete(oldest)
    this.#results.set(index, events)
  }

  #continue(): void {
    this.#timer ??= setImmediate(() => this.#slice())
  }

  #slice(): void {
    this.#timer = undefined
    const until = performance.now() + SLICE
    let isWaiting = false
    while (!isWaiting && this.#reached < this.#source.count && performance.now() < until)
      isWaiting = !this.#step()
    this.#thin()
    if (!isWaiting && this.#reached < this.#source.count) this.#continue()
    this.#onProgress()
  }

  /** Gives decoders with state some further messages; false if one has to be loaded first. */
  #step(): boolean {
    const source = this.#source
    const from = Math.max(this.#reached, source.firstKept)
    // Messages were dropped before they were decoded.
    if (from > this.#reached) for (const decoding of this.#decodings.values()) decoding?.restart()
    const to = Math.min(source.count, from + STEP)
    for (let index = from; index < to; index++) {
      const row = source.row(index)
      const type = typeOf(row.kind)
      if (type === 'message' || type === 'open') {
        const decoding = this.#decodingOf(row.connection)
        const { decoder } = decoding?.chosen ?? {}
        if (decoding !== undefined && decoder !== undefined && decoder.isStateless !== true) {
          this.#reached = index
          if (!this.#isLoaded(decoder, decoding)) return false
          const message = type === 'message' ? this.#message(index, row, decoder) : undefined
          if (message === undefined) decoding.restart()
          else decoding.pass(message, this.#interval)
        }
      }
      this.#reached = index + 1
    }
    return true
  }

  /** Keeps memory within its bounds. */
  #thin(): void {
    let [places, bytes] = [0, 0]
    for (const decoding of this.#decodings.values()) {
      if (decoding === null) continue
      places += decoding.kept.places
      bytes += decoding.kept.bytes
    }
    if (places <= MAX_PLACES && bytes <= MAX_BYTES) return
    this.#interval *= 2
    for (const decoding of this.#decodings.values()) decoding?.thin()
  }

  #message(index: number, row: EventRow, { reads }: Decoder): EncodedMessage | undefined {
    const { time, kind, size, eventName } = row
    const payload = this.#source.payload(index, reads)
    if (payload === undefined) return undefined
    return {
      number: index,
      time,
      direction: isOut(kind) ? 'out' : 'in',
      binary: (kind & KIND_BIT.binary) !== 0,
      eventName: this.#source.eventNames[eventName] ?? '',
      payload,
      size,
    }
  }
}
