/** Reads the messages of a scope in order, from the nearest copy of its state up to the one that is asked for. */

import type { DecodedEvent } from '../shared/decoded.ts'
import { mayHoldPackets, typeOf } from '../shared/event-columns.ts'
import { forgetOldest, getOrMake } from '../shared/maps.ts'
import { type MappedPacket, type MessageMap, NOTHING_MAPPED } from '../shared/packet-map.ts'
import { Conversation, NO_EVENTS } from './conversation.ts'
import { CurrentMessage } from './current-message.ts'
import type { EncodedMessage } from './decoder.ts'
import { type DecodingSource, type EventRow, readMessage } from './decoding-source.ts'
import { KeptStates } from './kept-states.ts'
import { PacketMap } from './packet-map.ts'
import type { Scope, SessionDecoder } from './session-decoder.ts'

/** Number of messages whose decoded events are cached, and of scopes whose last reading can be continued. */
const MAX_RESULTS = 256
const MAX_READINGS = 64
/**
 * Messages before the requested one whose packets are decoded too, because rows in view may be asked for upwards. Messages
 * of more bytes than `SHORT` are decoded only when they are asked for.
 */
const NEAR = 64
const SHORT = 4096

/** A reading in progress: its decoder has seen every message of the scope before event `next`. */
interface Reading {
  next: number
  readonly conversation: Conversation
  /** The latest URL of each connection whose requests differ. */
  readonly urls: Map<number, string>
}

/** What is known of a message. */
interface Result {
  readonly events: readonly DecodedEvent[]
  /** It has only a part of a packet. */
  readonly isPart: boolean
}

const NOTHING: Result = { events: NO_EVENTS, isPart: false }
const PART: Result = { events: NO_EVENTS, isPart: true }

export class ScopeReader {
  readonly #source: DecodingSource
  readonly #session: SessionDecoder
  readonly #kept: KeptStates
  /** The last reading of each scope. */
  readonly #readings = new Map<Scope, Reading>()
  readonly #message = new CurrentMessage()
  /** For decoders without state. */
  readonly #stateless = new WeakMap<Scope, Conversation>()
  readonly #results = new Map<number, Result>()
  /** The latest map: the page asks for it again whenever more is decoded. */
  #mapped: { readonly index: number; readonly map: MessageMap } | undefined
  /** As `#mapped`, of the last of several messages. */
  #together: { readonly last: number; readonly packet: MappedPacket | undefined } | undefined
  /** The last event that was decoded without values: a search may ask for it twice. */
  #head: { readonly index: number; readonly events: readonly DecodedEvent[] } | undefined

  /** `interval` is the number of messages between two copies of a state. */
  constructor(source: DecodingSource, session: SessionDecoder, interval: number) {
    this.#source = source
    this.#session = session
    this.#kept = new KeptStates(interval)
  }

  /** Decodes a message with a decoder that has no state. */
  readAlone(scope: Scope, index: number, row: EventRow, hasValues: boolean): readonly DecodedEvent[] {
    const conversation = getOrMake(this.#stateless, scope, () => new Conversation(scope.decoder))
    return this.#decode(scope, { next: index, conversation, urls: new Map() }, row, hasValues).events
  }

  /**
   * Decodes the messages of the scope up to `index`. Continues the last reading, so that reading in order is fast. The
   * packets may have no values if `hasValues` is false.
   */
  read(scope: Scope, index: number, hasValues: boolean): readonly DecodedEvent[] {
    const known = this.#results.get(index)
    if (known !== undefined) return known.events
    // No copies of the state are kept after decoding has stopped.
    if (scope.stops.at(index) !== undefined) return NO_EVENTS
    if (!hasValues && this.#head?.index === index) return this.#head.events
    const events = this.#advance(scope, this.#readingBefore(scope, index), index + 1, hasValues)
    if (!hasValues) this.#head = { index, events }
    return events
  }

  /** Whether a message that was read just now has only a part of a packet. */
  isPart(index: number): boolean {
    return this.#results.get(index)?.isPart === true
  }

  /** Reads the messages of the scope before event `end`, and decodes the last ones. Returns the packets of the last one. */
  #advance(scope: Scope, reading: Reading, end: number, hasValues: boolean): readonly DecodedEvent[] {
    const { firstKept } = this.#source
    let events = NO_EVENTS
    if (reading.next < firstKept) {
      reading.conversation.restart()
      reading.next = firstKept
    }
    for (; reading.next < end; reading.next++) {
      const row = this.#source.row(reading.next)
      if (!scope.connections.has(row.connection)) continue
      const isWanted = reading.next >= end - (row.size > SHORT ? 1 : NEAR)
      if (!isWanted) this.#follow(scope, reading, row)
      else {
        const result = this.#decode(scope, reading, row, hasValues)
        events = result.events
        if (hasValues && mayHoldPackets(row.kind)) this.#remember(reading.next, result)
      }
    }
    return events
  }

  /**
   * Where the packets of a message are in its bytes. Reads from the nearest copy of the state, and leaves the last reading
   * where it is.
   */
  map(scope: Scope, index: number): MessageMap {
    if (this.#mapped?.index !== index) this.#mapped = { index, map: this.#newMap(scope, index) }
    return this.#mapped.map
  }

  #newMap(scope: Scope, index: number): MessageMap {
    const isAlone = scope.decoder.isStateless === true
    const reading = isAlone ? newReading(scope, index) : this.#startBefore(scope, index)
    this.#advance(scope, reading, index, false)
    const row = this.#source.row(index)
    return this.#step(scope, reading, row, (message) => reading.conversation.map(message)) ?? NOTHING_MAPPED
  }

  /**
   * The packet that ends first in the last of some messages, in their bytes in a row. Undefined if that is not known. Reads
   * as `map` does.
   */
  mapTogether(scope: Scope, messages: readonly number[]): MappedPacket | undefined {
    const last = messages.at(-1) ?? 0
    if (this.#together?.last !== last) this.#together = { last, packet: this.#newTogether(scope, messages) }
    return this.#together.packet
  }

  #newTogether(scope: Scope, messages: readonly number[]): MappedPacket | undefined {
    const reading = this.#startBefore(scope, messages[0] ?? 0)
    const map = new PacketMap()
    let packet: MappedPacket | undefined
    for (const index of messages) {
      this.#advance(scope, reading, index, false)
      const row = this.#source.row(index)
      const found = this.#step(scope, reading, row, (message) => reading.conversation.map(message, map))
      if (found === undefined) return undefined
      packet = found.packets?.[0]
      map.nextMessage(row.size)
      reading.next = index + 1
    }
    return packet
  }

  /** The session has decoded event `index` of the scope: its state is copied at intervals. */
  passed(scope: Scope, index: number): void {
    if (scope.decoder.isStateless === true || !this.#kept.isDue(scope)) return
    try {
      this.#kept.keep(scope, index + 1, this.#urlsOf(scope))
    } catch (thrown) {
      this.#session.giveUp(scope, index, thrown)
    }
  }

  /** A connection joined the scope; its first message is event `from`. */
  joined(scope: Scope, from: number): void {
    this.#kept.forget(scope, from)
    this.#readings.delete(scope)
    this.#results.clear()
    this.#mapped = undefined
    this.#together = undefined
    this.#head = undefined
  }

  clear(): void {
    this.#kept.clear()
    this.#readings.clear()
    this.#results.clear()
    this.#mapped = undefined
    this.#together = undefined
    this.#head = undefined
  }

  #readingBefore(scope: Scope, index: number): Reading {
    const kept = this.#kept.before(scope, index)
    const last = this.#readings.get(scope)
    if (last !== undefined && last.next <= index && last.next >= (kept?.next ?? 0)) return last
    const reading = this.#startBefore(scope, index, kept)
    this.#readings.delete(scope)
    this.#readings.set(scope, reading)
    forgetOldest(this.#readings, MAX_READINGS)
    return reading
  }

  #startBefore(scope: Scope, index: number, kept = this.#kept.before(scope, index)): Reading {
    try {
      if (kept !== undefined)
        return { next: kept.next, conversation: kept.conversation.copy(), urls: new Map(kept.urls) }
    } catch (thrown) {
      this.#session.giveUp(scope, 0, thrown)
    }
    return newReading(scope, scope.from)
  }

  /** Decodes the next event of the scope with a copy of its decoder. */
  #decode(scope: Scope, reading: Reading, row: EventRow, hasValues: boolean): Result {
    const { conversation } = reading
    const decode = (message: EncodedMessage) => {
      const events = conversation.decode(message, hasValues)
      if (events.length > 0) return { events, isPart: false }
      return conversation.isPart(message) ? PART : NOTHING
    }
    return this.#step(scope, reading, row, decode) ?? NOTHING
  }

  /** As `#decode`, but only updates the state. */
  #follow(scope: Scope, reading: Reading, row: EventRow): void {
    this.#step(scope, reading, row, (message) => reading.conversation.follow(message))
  }

  /** Calls `read` with the message in the next event of the scope. Undefined if it is not decoded. */
  #step<T>(
    scope: Scope,
    reading: Reading,
    row: EventRow,
    read: (message: EncodedMessage) => T,
  ): T | undefined {
    const index = reading.next
    if (scope.stops.at(index) !== undefined) return undefined
    let message: EncodedMessage | undefined
    try {
      message = this.#next(scope, reading, row)
      if (message === undefined || scope.stops.at(index, message) !== undefined) return undefined
      return read(message)
    } catch (thrown) {
      this.#session.giveUp(scope, index, thrown, message)
      return undefined
    }
  }

  /** The message, or the body of a request, in the next event; undefined if it has none. */
  #next(
    { decoder }: Scope,
    { next: index, conversation, urls }: Reading,
    row: EventRow,
  ): EncodedMessage | undefined {
    const { connection, time } = row
    const record = this.#session.recordOf(connection)
    const type = typeOf(row.kind)
    if (type === 'open') conversation.opened(record.facts)
    if (type === 'message') {
      const message = this.#message
      const isKept = readMessage(this.#source, index, row, decoder.reads, message)
      if (!isKept) conversation.restart()
      return !isKept || record.repeats(message) ? undefined : record.encode(message, urls.get(connection))
    }
    if (type !== 'connect' && type !== 'request') return undefined
    const event = this.#source.peek(index)
    let body = record.connectBody
    if (event.type === 'connect') {
      conversation.connecting()
      urls.delete(connection)
    } else if (event.type === 'request') {
      if (event.url !== undefined) urls.set(connection, event.url)
      body = record.requestBody(index, event)
    }
    return body && record.encodeBody(index, time, body, urls.get(connection))
  }

  #remember(index: number, result: Result): void {
    this.#results.set(index, result)
    forgetOldest(this.#results, MAX_RESULTS)
  }

  #urlsOf({ connections }: Scope): Map<number, string> {
    const urls = new Map<number, string>()
    for (const connection of connections) {
      const { url } = this.#session.recordOf(connection)
      if (url !== undefined) urls.set(connection, url)
    }
    return urls
  }
}

function newReading({ decoder }: Scope, next: number): Reading {
  return { next, conversation: new Conversation(decoder), urls: new Map() }
}
