/**
 * Decodes messages of a session on demand. A stateless decoder gets only the requested message. For a decoder with state,
 * or to recognize one, the session is read once, in slices behind the capture. After that, decoding any message starts
 * from the nearest copy of the state, so the work is bounded.
 */

import type { DecodedEvent } from '../shared/decoded.ts'
import { mayHoldPackets, typeOf } from '../shared/event-columns.ts'
import type { RequestFigures } from '../shared/exchange.ts'
import { type MappedPacket, type MessageMap, NOTHING_MAPPED } from '../shared/packet-map.ts'
import { Answers } from './answers.ts'
import type { UserChoice } from './connection-record.ts'
import { NO_EVENTS } from './conversation.ts'
import { CurrentMessage } from './current-message.ts'
import type { Decoder } from './decoder.ts'
import { type DecodingSource, type DecodingStart, type EventRow, readMessage } from './decoding-source.ts'
import { Exchanges } from './exchanges.ts'
import type { PairingListener } from './pairing.ts'
import type { ChosenDecoder } from './recognition-cache.ts'
import { ScopeReader } from './scope-reader.ts'
import { type Scope, SessionDecoder } from './session-decoder.ts'
import { Slices } from './slices.ts'

export interface OnDemandDecoderOptions {
  readonly decoders?: readonly Decoder[]
  /** What the user chose for a connection. After it changes, call `clear`. */
  readonly choiceFor?: (connection: number) => UserChoice | undefined
  /** Called after each slice: more messages may be decoded. */
  readonly onProgress?: () => void
  /** Called when decoded messages have changed, because a later message showed which decoder is right. */
  readonly onChange?: () => void
  /** Messages between two copies of a decoder's state. Default 512. */
  readonly interval?: number
}

/** Events between two checks of the clock. While V8 has not compiled the code yet, each takes some 30 µs. */
const STEP = 16
/** Dropped events after which their requests are forgotten. */
const DROPPED = 16_384
const INTERVAL = 512

export class OnDemandDecoder {
  readonly #source: DecodingSource
  readonly #startOf: (connection: number) => DecodingStart
  readonly #choiceFor: OnDemandDecoderOptions['choiceFor']
  readonly #onProgress: () => void
  readonly #onChange: () => void
  readonly #session: SessionDecoder
  readonly #reader: ScopeReader
  readonly #message = new CurrentMessage()
  readonly #answers = new Answers()
  readonly #exchanges = new Exchanges()
  readonly #known = new Set<number>()
  /** The latest of them: messages often come in runs from one connection. */
  #latest = 0
  /** Connections that reading the whole session can skip. */
  readonly #skipped = new Set<number>()
  readonly #loading = new Set<Decoder>()
  #reached = 0
  /** The requests of events before this number were forgotten. */
  #droppedTo = 0
  readonly #slices: Slices

  /** `startOf` is called when the first message of a connection is to be decoded. */
  constructor(
    source: DecodingSource,
    startOf: (connection: number) => DecodingStart,
    options: OnDemandDecoderOptions = {},
  ) {
    const { onProgress = () => {}, onChange = () => {}, interval = INTERVAL, ...choices } = options
    this.#source = source
    this.#startOf = startOf
    this.#choiceFor = choices.choiceFor
    this.#onProgress = onProgress
    this.#onChange = onChange
    this.#slices = new Slices(
      (until) => this.#readOn(until),
      () => source.count,
    )
    this.#session = new SessionDecoder({
      ...choices,
      onlyState: true,
      listener: this.#listener(),
      onJoin: (scope, from) => this.#joined(scope, from),
    })
    this.#reader = new ScopeReader(source, this.#session, interval)
  }

  /** Number of the first event that has not been read yet. */
  get reached(): number {
    return this.#reached
  }

  /** The decoder of a connection, and why it was chosen. Undefined if it is not decoded. */
  chosenFor(connection: number): ChosenDecoder | undefined {
    this.#know(connection)
    return this.#session.chosenFor(connection)
  }

  /** Why decoding of a connection stopped, or why it is not done by the decoder that seemed to fit. */
  problemOf(connection: number): string | undefined {
    this.#know(connection)
    return this.#session.problemOf(connection)
  }

  /** Whether everything about an event is known: its packets, and the answer to a request in it. */
  isFinal(index: number): boolean {
    return this.isKnown(index) && !this.#answers.isWaiting(index)
  }

  /**
   * Whether the packets of an event are known. Only a later message that shows another protocol can change them. A caller that
   * has columns of the event saves the time to read its row.
   */
  isKnown(index: number, row: Pick<EventRow, 'kind' | 'connection'> = this.#source.row(index)): boolean {
    if (!mayHoldPackets(row.kind) || this.#reached >= this.#source.count) return true
    const { connection } = row
    const decoder = this.chosenFor(connection)?.decoder
    if (!this.#session.isSettled(connection)) return false
    return decoder === undefined || decoder.isStateless === true || index < this.#reached
  }

  /** How many requests have been answered so far. */
  get answered(): number {
    return this.#answers.count
  }

  /** The first event that answers event `index`. Undefined if there is none, or it is not known yet. */
  answerTo(index: number): number | undefined {
    return this.#answers.answerTo(index)
  }

  /** Of requests like the one in event `index`, as far as they have been read; undefined if it does not ask. */
  figuresLike(index: number): RequestFigures | undefined {
    const { connection } = this.#source.row(index)
    const connections = this.#session.scopeOf(connection)?.connections ?? [connection]
    const now = this.#source.row(this.#source.count - 1).time
    return this.#exchanges.figuresLike({ connection, number: index }, connections, now)
  }

  /** The requests and answers of each connection, as far as they have been read. */
  get exchanges(): Omit<Exchanges, keyof PairingListener> {
    return this.#exchanges
  }

  /** Whether event `index` asks for an answer that has not come. Undefined if it is not known yet. */
  isUnanswered(index: number): boolean | undefined {
    if (index < this.#reached) return this.#answers.isWaiting(index)
    this.#slices.start()
    return undefined
  }

  /**
   * The packets that end in a message, or in the body of a request. Empty for an event without packets. Undefined if they
   * are not known yet: ask again after `onProgress`. Throws a `RangeError` for an event that is not kept. If `hasValues` is
   * false, they may have no values, which takes less time.
   */
  decode(index: number, hasValues = true): readonly DecodedEvent[] | undefined {
    const row = this.#source.row(index)
    if (!mayHoldPackets(row.kind)) return NO_EVENTS
    const { connection } = row
    const decoder = this.chosenFor(connection)?.decoder
    if (decoder === undefined) return NO_EVENTS
    if (!this.#session.isSettled(connection) && this.#reached < this.#source.count) this.#slices.start()
    if (!this.#isLoaded(decoder)) return undefined
    if (decoder.isStateless === true) {
      const scope = this.#session.join(connection, index)
      return scope === undefined ? NO_EVENTS : this.#reader.readAlone(scope, index, row, hasValues)
    }
    if (index < this.#reached) {
      const scope = this.#session.scopeOf(connection)
      return scope === undefined ? NO_EVENTS : this.#reader.read(scope, index, hasValues)
    }
    this.#slices.start()
    return undefined
  }

  /** Whether a message has only a part of a packet. False if that is not known yet, as `decode` says. */
  isPart(index: number): boolean {
    return this.decode(index)?.length === 0 && this.#reader.isPart(index)
  }

  /** Where the packets of a message are in its bytes. Undefined if they are not known yet, as `decode` says. */
  map(index: number): MessageMap | undefined {
    const row = this.#source.row(index)
    if (this.decode(index) === undefined) return undefined
    const scope = this.#session.scopeOf(row.connection)
    if (typeOf(row.kind) !== 'message' || scope === undefined) return NOTHING_MAPPED
    return this.#reader.map(scope, index)
  }

  /** The packet that ends first in the last of some messages of a connection, in their bytes in a row, if that is known. */
  mapTogether(messages: readonly number[]): MappedPacket | undefined {
    const last = messages.at(-1)
    const scope = last === undefined ? undefined : this.#session.scopeOf(this.#source.row(last).connection)
    return scope && this.#reader.mapTogether(scope, messages)
  }

  /** Reads what has not been read yet. */
  start(): void {
    if (this.#reached < this.#source.count) this.#slices.start()
  }

  /** The session was cleared, or the choice of the user has changed. */
  clear(): void {
    this.#slices.stop()
    this.#session.clear()
    this.#answers.clear()
    this.#exchanges.clear()
    this.#droppedTo = 0
    this.#reader.clear()
    this.#known.clear()
    this.#latest = 0
    this.#skipped.clear()
    this.#reached = 0
  }

  #listener(): PairingListener {
    return {
      asked: (request) => {
        this.#answers.asked(request)
        this.#exchanges.asked(request)
      },
      answered: (request, by) => this.#answers.answered(request, by),
      continued: (request, by, answer) => this.#exchanges.answered(request, by, answer),
      abandoned: (request) => this.#exchanges.abandoned(request),
      heartbeat: (connection, time) => this.#exchanges.heartbeat(connection, time),
    }
  }

  /** Tells the session decoder how the connection started, even if those events were dropped. */
  #know(connection: number): void {
    if (this.#latest === connection) return
    this.#latest = connection
    if (this.#known.has(connection)) return
    this.#known.add(connection)
    const { connect, open } = this.#startOf(connection)
    const record = this.#session.recordOf(connection)
    if (connect !== undefined) record.connected(connect, this.#choiceFor?.(connection))
    if (open !== undefined) record.opened(open)
  }

  #isLoaded(decoder: Decoder): boolean {
    if (this.#session.isLoaded(decoder)) return true
    if (this.#loading.has(decoder)) return false
    this.#loading.add(decoder)
    void this.#session.load(decoder).then(() => {
      this.#slices.start()
      this.#onProgress()
    })
    return false
  }

  #joined(scope: Scope, from: number): void {
    this.#reader.joined(scope, from)
    if (from < this.#reached) this.#onChange()
  }

  /** Reads further events until a time. Returns whether there are more. */
  #readOn(until: number): boolean {
    let isWaiting = false
    while (!isWaiting && this.#reached < this.#source.count && performance.now() < until)
      isWaiting = !this.#pass()
    this.#onProgress()
    return !isWaiting && this.#reached < this.#source.count
  }

  /** Reads some further events. Returns false if a decoder has to be loaded first. */
  #pass(): boolean {
    const { firstKept, count } = this.#source
    const from = Math.max(this.#reached, firstKept)
    if (from > this.#reached) {
      // Messages were dropped before they were decoded.
      this.#session.lose()
      this.#answers.drop(firstKept)
    }
    if (firstKept >= this.#droppedTo + DROPPED) {
      this.#droppedTo = firstKept
      this.#exchanges.drop(firstKept)
    }
    const to = Math.min(count, from + STEP)
    for (this.#reached = from; this.#reached < to; this.#reached++) {
      if (this.#isSkipped(this.#reached)) continue
      if (!this.#decodeNext(this.#reached, this.#source.row(this.#reached))) return false
    }
    return true
  }

  /** Whether an event is of a connection that can be skipped. Most are, so that a row is not made for each. */
  #isSkipped(index: number): boolean {
    if (this.#skipped.size === 0) return false
    const columns = this.#source.columnsAround?.(index)
    const connection = columns?.connection[index - columns.first] ?? this.#source.row(index).connection
    return this.#skipped.has(connection)
  }

  /** Gives the session decoder the next event. Returns false if a decoder has to be loaded first. */
  #decodeNext(index: number, row: EventRow): boolean {
    const type = typeOf(row.kind)
    if (type !== 'open' && !mayHoldPackets(row.kind)) return true
    const { connection } = row
    const session = this.#session
    const { decoder } = this.chosenFor(connection) ?? {}
    const isSettled = session.isSettled(connection)
    if (isSettled && (decoder === undefined || decoder.isStateless === true)) {
      this.#skipped.add(connection)
      return true
    }
    if (type !== 'message') {
      if (session.decode(index, this.#source.peek(index)) === undefined) return this.#load()
      return true
    }
    const message = this.#message
    const reads = isSettled ? decoder?.reads : undefined
    if (!readMessage(this.#source, index, row, reads, message)) session.lose(connection)
    else if (session.decodeMessage(connection, message) === undefined) return this.#load()
    const scope = session.scopeOf(connection)
    if (scope !== undefined && scope.stops.at(index) === undefined) this.#reader.passed(scope, index)
    return true
  }

  #load(): false {
    const { wanted } = this.#session
    if (wanted !== undefined) this.#isLoaded(wanted)
    return false
  }
}
