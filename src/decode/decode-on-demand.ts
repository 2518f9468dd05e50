/**
 * Decodes messages of a session on demand. A decoder without state is given just the message asked for. One with
 * state goes through the whole connection once, in slices behind the capture; from then on any message is reached
 * from the nearest copy of the state, in bounded work.
 */
import { isOut, KIND_BIT, typeOf } from '../shared/columns.ts'
import type { DecodedEvent } from '../shared/decoded.ts'
import { NO_EVENTS, type Place, Track } from './connection-decoding.ts'
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

export interface DecodedWindowOptions {
  readonly decoders?: readonly Decoder[]
  /** Called after each slice: messages may be decoded now that were not before. */
  readonly onProgress?: () => void
  /** Messages between two copies of a connection's state. Default 512. */
  readonly interval?: number
}

/** Milliseconds that a slice may hold the thread, and events between two looks at the clock. */
const SLICE = 4
const STEP = 64
const INTERVAL = 512
/** Copies of states that are kept at most, and bytes in them; beyond, every other one goes. */
const MAX_PLACES = 2048
const MAX_BYTES = 64 * 1024 * 1024
/** Messages whose decoded events are kept for being asked for again. */
const MAX_RESULTS = 256

export class DecodedWindow {
  readonly #source: DecodingSource
  readonly #factsOf: (connection: number) => ConnectionFacts
  readonly #decoders: readonly Decoder[]
  readonly #onProgress: () => void
  #interval: number
  /** By connection; null for one that no decoder takes. */
  readonly #tracks = new Map<number, Track | null>()
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
    options: DecodedWindowOptions = {},
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
    return this.#track(connection)?.chosen
  }

  /** Why a connection is decoded no further. */
  problemOf(connection: number): string | undefined {
    return this.#track(connection)?.problem
  }

  /**
   * The packets that end in a message. Undefined if they are not known yet: `onProgress` tells when to ask again. Empty
   * for an event that has none. Throws a `RangeError` for an event that is not kept.
   */
  decode(index: number): readonly DecodedEvent[] | undefined {
    const row = this.#source.row(index)
    const track = typeOf(row.kind) === 'message' ? this.#track(row.connection) : undefined
    if (track === undefined) return NO_EVENTS
    const { decoder } = track.chosen
    if (!this.#isLoaded(decoder, track)) return undefined
    if (decoder.isStateless === true) {
      const message = this.#message(index, row, decoder)
      return message === undefined ? NO_EVENTS : track.decode(message, track.open())
    }
    if (index < this.#reached) return this.#results.get(index) ?? this.#read(track, row.connection, index)
    this.#goOn()
    return undefined
  }

  /** The session was cleared, or the facts of its connections have changed. */
  clear(): void {
    clearImmediate(this.#timer)
    this.#timer = undefined
    this.#tracks.clear()
    this.#readings.clear()
    this.#results.clear()
    this.#reached = 0
  }

  #track(connection: number): Track | undefined {
    let track = this.#tracks.get(connection)
    if (track === undefined) {
      const facts = this.#factsOf(connection)
      const chosen = chooseDecoder(facts, this.#decoders)
      track = chosen === undefined ? null : new Track(chosen, facts)
      this.#tracks.set(connection, track)
    }
    return track ?? undefined
  }

  #isLoaded(decoder: Decoder, track: Track): boolean {
    if (decoder.load === undefined || this.#loaded.has(decoder)) return true
    if (this.#loading.has(decoder)) return false
    this.#loading.add(decoder)
    decoder
      .load()
      .catch((thrown: unknown) => track.giveUp(0, thrown))
      .finally(() => {
        this.#loaded.add(decoder)
        this.#goOn()
        this.#onProgress()
      })
    return false
  }

  /** Decodes the message at `index` after those of its connection from the nearest copy of the state on. */
  #read(track: Track, connection: number, index: number): readonly DecodedEvent[] {
    const last = this.#readings.get(connection)
    const goesOn = last !== undefined && last.next <= index && last.next >= track.nearest(index)
    const place = goesOn ? last : track.placeBefore(index)
    const { firstKept } = this.#source
    let { decoder } = place.next < firstKept ? { decoder: track.open() } : place
    let events = NO_EVENTS
    let next = Math.max(place.next, firstKept)
    for (; next <= index; next++) {
      const row = this.#source.row(next)
      if (row.connection !== connection) continue
      const type = typeOf(row.kind)
      if (type === 'open') decoder = track.open()
      if (type !== 'message') continue
      const message = this.#message(next, row, track.chosen.decoder)
      if (message === undefined) decoder = track.open()
      else events = track.decode(message, decoder)
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

  #goOn(): void {
    this.#timer ??= setImmediate(() => this.#slice())
  }

  #slice(): void {
    this.#timer = undefined
    const until = performance.now() + SLICE
    let isWaiting = false
    while (!isWaiting && this.#reached < this.#source.count && performance.now() < until)
      isWaiting = !this.#step()
    this.#thin()
    if (!isWaiting && this.#reached < this.#source.count) this.#goOn()
    this.#onProgress()
  }

  /** Gives decoders with state some further messages; false if one has to be loaded first. */
  #step(): boolean {
    const source = this.#source
    const from = Math.max(this.#reached, source.firstKept)
    // Messages were dropped before they were decoded.
    if (from > this.#reached) for (const track of this.#tracks.values()) track?.restart()
    const to = Math.min(source.count, from + STEP)
    for (let index = from; index < to; index++) {
      const row = source.row(index)
      const type = typeOf(row.kind)
      if (type === 'message' || type === 'open') {
        const track = this.#track(row.connection)
        const { decoder } = track?.chosen ?? {}
        if (track !== undefined && decoder !== undefined && decoder.isStateless !== true) {
          this.#reached = index
          if (!this.#isLoaded(decoder, track)) return false
          const message = type === 'message' ? this.#message(index, row, decoder) : undefined
          if (message === undefined) track.restart()
          else track.pass(message, this.#interval)
        }
      }
      this.#reached = index + 1
    }
    return true
  }

  /** Keeps memory within its bounds. */
  #thin(): void {
    let [places, bytes] = [0, 0]
    for (const track of this.#tracks.values()) {
      if (track === null) continue
      places += track.kept.places
      bytes += track.kept.bytes
    }
    if (places <= MAX_PLACES && bytes <= MAX_BYTES) return
    this.#interval *= 2
    for (const track of this.#tracks.values()) track?.thin()
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
