/** Makes a decoder from a dialect. */

import type { Dialect } from '../../shared/dialect.ts'
import type { Direction } from '../../shared/event.ts'
import { type ByteSpan, elementSpans, separatedSpans } from '../byte-spans.ts'
import type { ConnectionDecoder, Decoder, EncodedMessage, Packet } from '../decoder.ts'
import { headerOf } from '../facts.ts'
import { MAX_PACKETS } from '../packet-bytes.ts'
import type { PacketMap } from '../packet-map.ts'
import { asBuffer, textOf } from '../values.ts'
import { Head, type HeadShape, readHead } from './head.ts'
import { Memory } from './memory.ts'
import { parseText } from './payload.ts'
import {
  compileRecognition,
  type MessageRecognition,
  recognizeFacts,
  recognizeMessage,
} from './recognition.ts'
import { apply, type CompiledRule, compileRule, shapeOf } from './rules.ts'
import { addressOf, type Surroundings, surroundingsOf } from './surroundings.ts'

/** If none of so many first messages fits the dialect, they contradict it. */
const MAX_STRANGE = 4
/** Maximum number of characters of a message that is not JSON but may be text of the protocol. */
const MAX_TEXT = 1000

const NO_PACKETS: readonly Packet[] = []

/** A dialect is compiled when it is needed: most sessions speak one of them, or none. */
export function dialectDecoder(dialect: Dialect): Decoder {
  const { name, recognize, scope } = dialect
  let recognition: readonly MessageRecognition[] | undefined
  let program: Program | undefined
  return {
    name,
    isJson: true,
    recognize: (facts) => recognizeFacts(recognize, facts),
    recognizeMessage(message) {
      recognition ??= compileRecognition(dialect)
      return recognizeMessage(recognition, message, dialect)
    },
    ...(scope !== undefined && {
      scope: ({ connection, url, requestHeaders }) => {
        const { origin, path } = addressOf(url)
        if (scope === 'origin') return url === undefined ? `connection ${connection}` : origin
        const client = scope === 'url' ? '' : headerOf(requestHeaders, scope.header)
        const isShared = url !== undefined && client !== undefined
        return isShared ? `${origin}${path} ${client}` : `connection ${connection}`
      },
    }),
    open() {
      program ??= compile(dialect)
      return new DialectDecoding(program)
    },
  }
}

/** A compiled dialect. */
interface Program {
  readonly dialect: Dialect
  readonly rules: readonly CompiledRule[]
  /** The members that the rules look at. Undefined if messages have to be parsed to apply them. */
  readonly shape: HeadShape | undefined
  /** For messages whose packets need no values. */
  readonly head: Head | undefined
  /** Some rules look at what surrounds a message. */
  readonly usesOutside: boolean
}

function compile(dialect: Dialect): Program {
  const rules = dialect.messages.map(compileRule)
  const shape = dialect.separator === undefined ? shapeOf(rules) : undefined
  const head = shape && new Head(shape)
  return { dialect, rules, shape, head, usesOutside: JSON.stringify(dialect.messages).includes('"@.') }
}

class DialectDecoding implements ConnectionDecoder {
  readonly #program: Program
  readonly #memory: Memory
  /** Number of messages so far, which fit no rule; -1 after one has fitted. */
  #strange: number
  #outside: Surroundings | undefined

  constructor(program: Program, memory = new Memory(), strange = 0) {
    this.#program = program
    this.#memory = memory
    this.#strange = strange
  }

  get stateSize(): number {
    return this.#memory.stateSize
  }

  copy(): DialectDecoding {
    return new DialectDecoding(this.#program, this.#memory.copy(), this.#strange)
  }

  decode(message: EncodedMessage, map?: PacketMap, hasValues = true): readonly Packet[] {
    const { usesOutside, dialect } = this.#program
    const { direction, binary, size } = message
    if (size === 0 && isMeaningless(message)) return NO_PACKETS
    if (dialect.scope !== undefined) this.#memory.hear(message.facts)
    if (usesOutside) this.#outside = surroundingsOf(message)
    const packets = this.#unparsed(message, hasValues) ?? this.#parsed(message.payload, direction, map)
    if (this.#strange >= 0 && size > 0) this.#check(packets.length > 0, binary)
    return packets
  }

  /** The packet of a message whose head says what it is. Undefined if the message has to be parsed. */
  #unparsed(message: EncodedMessage, hasValue: boolean): readonly Packet[] | undefined {
    const { shape, rules, head: reused } = this.#program
    if (shape === undefined) return undefined
    const { direction, bytes = asBuffer(message.payload), from = 0, to = bytes.length } = message
    // A head whose value may be asked for later is not used again.
    const head = readHead(bytes, from, to, shape, hasValue ? new Head(shape) : reused)
    if (head === undefined) return undefined
    const packet = apply(rules, head, this.#outside, direction, this.#memory, hasValue, message)
    return packet === undefined ? NO_PACKETS : [packet]
  }

  #parsed(payload: Uint8Array, direction: Direction, map: PacketMap | undefined): readonly Packet[] {
    const { separator } = this.#program.dialect
    const text = textOf(payload)
    const place = map && { map, bytes: asBuffer(payload), span: [0, payload.length] as const }
    return separator === undefined
      ? this.#one(text, direction, place)
      : this.#records(text, separator, direction, place)
  }

  /** Throws if none of the first messages is one of this dialect. */
  #check(fits: boolean, binary: boolean): void {
    if (fits) this.#strange = -1
    else if (!binary && ++this.#strange >= MAX_STRANGE)
      throw new Error(`None of the first ${MAX_STRANGE} messages is one of ${this.#program.dialect.name}.`)
  }

  #records(text: string, separator: string, direction: Direction, place?: Place): readonly Packet[] {
    const packets: Packet[] = []
    const records = text.split(separator, MAX_PACKETS + 1)
    checkCount(records.length)
    const spans = place && separatedSpans(place.bytes, separator)
    for (const record of records) {
      const span = spans?.next().value
      if (record === '') continue
      for (const packet of this.#one(record, direction, place && span && { ...place, span }))
        packets.push(packet)
    }
    return packets
  }

  #one(text: string, direction: Direction, place: Place | undefined): readonly Packet[] {
    const { batch = false, text: takesText = false } = this.#program.dialect
    let root = parseText(text)
    if (root === undefined) {
      if (!takesText || text.length > MAX_TEXT) return NO_PACKETS
      root = text
    }
    if (batch && Array.isArray(root)) return this.#batch(root, direction, place)
    const packet = apply(this.#program.rules, root, this.#outside, direction, this.#memory, true)
    if (packet === undefined) return NO_PACKETS
    if (place !== undefined) note(place)
    return [packet]
  }

  #batch(items: readonly unknown[], direction: Direction, place: Place | undefined): readonly Packet[] {
    checkCount(items.length)
    const packets: Packet[] = []
    const spans = place && elementSpans(place.bytes, place.span[0])
    for (const item of items) {
      const span = spans?.next().value
      const packet = apply(this.#program.rules, item, this.#outside, direction, this.#memory, true)
      if (packet === undefined) continue
      packets.push(packet)
      if (place && span) note({ ...place, span })
    }
    return packets
  }
}

/** An empty message only keeps a stream alive, or gives it an ID, but the method of an empty request may say something. */
function isMeaningless({ isRequest, eventName }: EncodedMessage): boolean {
  return !isRequest && (eventName === '' || eventName === 'message')
}

/** Bytes of a message whose packets are mapped. */
interface Place {
  readonly map: PacketMap
  readonly bytes: Buffer
  readonly span: ByteSpan
}

function note({ map, span: [from, to] }: Place): void {
  map.packet(from, to)
}

function checkCount(count: number): void {
  if (count > MAX_PACKETS) throw new Error(`A message has more than ${MAX_PACKETS} packets.`)
}
