/** The decoded events of a session: the one decoder that everything in an engine shares, and what the user chose. */
import { isUtf8 } from 'node:buffer'
import { isDeepStrictEqual } from 'node:util'
import type { Log } from '../../capture/recording.ts'
import type { SearchDecoding } from '../../capture/search/search.ts'
import type { UserChoice } from '../../decode/connection-record.ts'
import { OnDemandDecoder } from '../../decode/decode-on-demand.ts'
import type { Decoder } from '../../decode/decoder.ts'
import { decoderNames, requireDecoder } from '../../decode/decoder-choice.ts'
import { decodersWith } from '../../decode/decoders.ts'
import type { EventRow } from '../../decode/decoding-source.ts'
import { json } from '../../decode/json.ts'
import { payloadName } from '../../decode/payload-name.ts'
import type { DecodedEvent } from '../../shared/decoded.ts'
import type { Dialect } from '../../shared/dialect.ts'
import { unpackKind } from '../../shared/event-columns.ts'
import type { RequestFigures } from '../../shared/exchange.ts'
import type { MappedPacket, MessageMap } from '../../shared/packet-map.ts'
import { type ConnectionDecoding, type DecoderOptions, NO_DECODER } from '../../shared/protocol/decoding.ts'
import type { ConnectionStarts } from '../connection-starts.ts'

/** Bytes of a payload that are enough to tell text from binary. */
const SNIFFED = 4096

export interface DecodingListener {
  /** More messages may be decoded. */
  progressed?(): void
  /** Any message may be decoded in another way than before. */
  changed?(): void
}

export class SessionDecoding implements SearchDecoding {
  readonly #log: Log
  readonly #starts: ConnectionStarts
  #decoder: OnDemandDecoder
  readonly #listener: DecodingListener
  #dialects: readonly Dialect[]
  #decoders: readonly Decoder[]
  readonly #choices = new Map<number, UserChoice>()
  #version = 0

  /** `dialects` are the users' own. */
  constructor(
    log: Log,
    starts: ConnectionStarts,
    listener: DecodingListener = {},
    dialects: readonly Dialect[] = [],
  ) {
    this.#dialects = dialects
    this.#decoders = decodersWith(dialects)
    this.#log = log
    this.#starts = starts
    this.#listener = listener
    this.#decoder = this.#newDecoder()
  }

  /** The users' own dialects. */
  get dialects(): readonly Dialect[] {
    return this.#dialects
  }

  /** The users' own dialects have changed. Messages are decoded again if necessary. */
  setDialects(dialects: readonly Dialect[]): void {
    if (isDeepStrictEqual(dialects, this.#dialects)) return
    this.#dialects = dialects
    this.#decoders = decodersWith(dialects)
    this.#decoder.clear()
    this.#decoder = this.#newDecoder()
    this.#version++
    this.#listener.changed?.()
  }

  /** The names that `choose` takes. */
  get names(): readonly string[] {
    return decoderNames(this.#decoders)
  }

  /** The packets that end in a message; undefined if they are not known yet. */
  at(index: number): readonly DecodedEvent[] | undefined {
    return this.#decoder.decode(index)
  }

  /** Whether a message has only a part of a packet; false if that is not known yet. */
  isPart(index: number): boolean {
    return this.#decoder.isPart(index)
  }

  /** Where the packets of a message are in its bytes; undefined if that is not known yet. */
  map(index: number): MessageMap | undefined {
    return this.#decoder.map(index)
  }

  /** The packet that ends first in the last of some messages of a connection, in their bytes in a row, if that is known. */
  mapTogether(messages: readonly number[]): MappedPacket | undefined {
    return this.#decoder.mapTogether(messages)
  }

  /** Changes if any message may be decoded in another way because the user said so, or was cleared. */
  get version(): number {
    return this.#version
  }

  /** Number of the first event before number `end` whose decoder is not known for sure yet; `end` if there is none. */
  readTo(end: number): number {
    if (end > 0) this.#decoder.isUnanswered(end - 1)
    return Math.min(end, this.#decoder.reached)
  }

  /** The packets that end in a message, once they do not change anymore. */
  packets(index: number, hasValues = true): readonly DecodedEvent[] | undefined {
    const events = this.#decoder.decode(index, hasValues)
    return this.#decoder.isKnown(index) ? events : undefined
  }

  /** Whether the packets of an event are known. `row` has columns of the event. */
  isKnown(index: number, row?: Pick<EventRow, 'kind' | 'connection'>): boolean {
    return this.#decoder.isKnown(index, row)
  }

  /** Whether everything is known of an event. */
  isFinal(index: number): boolean {
    return this.#decoder.isFinal(index)
  }

  /** Whether an event asks for an answer that has not come; undefined if it is not known yet. */
  isUnanswered(index: number): boolean | undefined {
    return this.#decoder.isUnanswered(index)
  }

  /** The first event that answers an event. */
  answerTo(index: number): number | undefined {
    return this.#decoder.answerTo(index)
  }

  /** How many requests were answered so far. */
  get answered(): number {
    return this.#decoder.answered
  }

  /** Of requests like the one in an event; undefined if it does not ask. */
  figuresLike(index: number): RequestFigures | undefined {
    return this.#decoder.figuresLike(index)
  }

  /** What was asked and answered on each connection, as far as it has been read. */
  get exchanges(): OnDemandDecoder['exchanges'] {
    return this.#decoder.exchanges
  }

  /** Whether every event has been read. */
  get isCurrent(): boolean {
    return this.#decoder.reached >= this.#log.count
  }

  /** The name of a message: what its first decoded event is called, else `text` or `binary`. */
  nameOf(index: number): string {
    const events = this.#decoder.decode(index) ?? []
    const name = payloadName(events, false)
    return name === 'text' && this.#isBinary(index) ? payloadName(events, true) : name
  }

  speaks(connection: number): boolean {
    const { decoder } = this.#decoder.chosenFor(connection) ?? {}
    return decoder !== undefined && decoder.isJson !== true
  }

  /** Whether a connection speaks no known protocol, as far as that is known. */
  isPlain(connection: number): boolean {
    return this.#decoder.chosenFor(connection)?.decoder === json
  }

  get isSpoken(): boolean {
    for (const connection of this.#starts.connections()) if (this.speaks(connection)) return true
    return false
  }

  /** Reads what has not been read yet. */
  start(): void {
    this.#decoder.start()
  }

  /** How a connection is decoded. Undefined if it is not, because nothing is known of it. */
  of(connection: number): ConnectionDecoding | undefined {
    const { decoder: wanted } = this.#choices.get(connection) ?? {}
    const isChosen = wanted !== undefined
    const { decoder, reason } = this.#decoder.chosenFor(connection) ?? {}
    if (decoder === undefined || reason === undefined)
      return wanted === NO_DECODER ? { decoder: NO_DECODER, reason: 'switched off', isChosen } : undefined
    const problem = this.#decoder.problemOf(connection)
    return { decoder: decoder.name, reason, isChosen, ...(problem !== undefined && { problem }) }
  }

  /** Decodes a connection as the user says; null for the decoder that is recognized. Throws UNKNOWN_DECODER. */
  choose(connection: number, decoder: string | null, options?: DecoderOptions): void {
    if (decoder !== null) requireDecoder(decoder, this.#decoders)
    if (decoder === null) this.#choices.delete(connection)
    else this.#choices.set(connection, { decoder, ...(options && { decoderOptions: options }) })
    this.#version++
    this.#decoder.clear()
    this.#listener.changed?.()
  }

  /** What the user chose for a connection. */
  choiceFor(connection: number): UserChoice | undefined {
    return this.#choices.get(connection)
  }

  /** Every event was cleared. */
  clear(): void {
    this.#version++
    this.#decoder.clear()
  }

  #newDecoder(): OnDemandDecoder {
    const listener = this.#listener
    return new OnDemandDecoder(this.#log, (connection) => this.#starts.of(connection), {
      decoders: this.#decoders,
      choiceFor: (connection) => this.#choices.get(connection),
      onProgress: () => listener.progressed?.(),
      onChange: () => listener.changed?.(),
    })
  }

  #isBinary(index: number): boolean {
    if (unpackKind(this.#log.row(index).kind).binary) return true
    const beginning = this.#log.payload(index, SNIFFED)
    return beginning !== undefined && !isText(beginning)
  }
}

/** Whether the bytes are UTF-8, except for a last character that may be cut. */
function isText(beginning: Uint8Array): boolean {
  if (beginning.length < SNIFFED) return isUtf8(beginning)
  return [0, 1, 2, 3].some((cut) => isUtf8(beginning.subarray(0, beginning.length - cut)))
}
