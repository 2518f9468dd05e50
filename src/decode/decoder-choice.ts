/** Chooses the decoder of one connection: the user's choice, or by the connection's facts, or by its first messages. */
import { Failure } from '../shared/failure.ts'
import { NO_DECODER } from '../shared/protocol/decoding.ts'
import type { ConnectionFacts, Decoder, EncodedMessage } from './decoder.ts'
import { copyOfFirst } from './first-copies.ts'
import { type AlikeConnections, type ChosenDecoder, recognizeOnce } from './recognition-cache.ts'

/** How many first messages can show which decoder is right, or that the chosen one is wrong. */
export const FIRST_MESSAGES = 8
/** Maximum size of a message that is kept for a decoder that is chosen later. */
const MAX_KEPT = 64 * 1024

/** The names that a user can choose from. */
export function decoderNames(decoders: readonly Decoder[]): readonly string[] {
  return [...decoders.map(({ name }) => name), NO_DECODER]
}

/** Throws a `Failure` `UNKNOWN_DECODER` unless a user can choose the name. */
export function requireDecoder(name: string, decoders: readonly Decoder[]): void {
  const names = decoderNames(decoders)
  if (!names.includes(name))
    throw new Failure('UNKNOWN_DECODER', `Unknown decoder ${name}. Use one of ${names.join(', ')}.`)
}

export class DecoderChoice {
  readonly #decoders: readonly Decoder[]
  #rejected: readonly Decoder[] = []
  #chosen: ChosenDecoder | undefined
  /** What is known of connections with the facts by which the decoder was chosen. */
  #alike: AlikeConnections | undefined
  #isSettled = false
  /** Number of messages seen. */
  #seen = 0
  #last = -1
  /** The first messages, for a decoder that is chosen later. Empty after them. */
  #first: EncodedMessage[] = []

  /** The last of `decoders` is chosen as long as no other recognizes the connection. */
  constructor(decoders: readonly Decoder[], facts: ConnectionFacts) {
    this.#decoders = decoders
    this.#decide(facts)
  }

  /** Undefined if the connection is not decoded. */
  get chosen(): ChosenDecoder | undefined {
    return this.#chosen
  }

  /** Further messages do not change the choice. */
  get isSettled(): boolean {
    return this.#isSettled
  }

  /** The first messages so far. */
  get first(): readonly EncodedMessage[] {
    return this.#first
  }

  /** More is known about the connection. A decoder that recognized it before is kept. */
  update(facts: ConnectionFacts): void {
    const isRecognized = this.#chosen !== undefined && this.#chosen.decoder !== this.#decoders.at(-1)
    if (!isRecognized || facts.decoder !== undefined) this.#decide(facts)
  }

  /** Looks at the next message. Does nothing if it has seen it before. */
  see(message: EncodedMessage): void {
    if (message.number <= this.#last) return
    this.#last = message.number
    if (this.#seen >= FIRST_MESSAGES) return
    this.#seen++
    const unrecognized = this.#isSettled ? undefined : this.#alike?.unrecognized
    const known = unrecognized?.find(message)
    const isKept = message.payload.length <= MAX_KEPT
    const copy = isKept ? { ...message, payload: known ?? copyOfFirst(message.payload) } : message
    if (isKept) this.#first.push(copy)
    if (!this.#isSettled && known === undefined && !this.#look(message) && isKept) unrecognized?.add(copy)
    if (this.#seen < FIRST_MESSAGES) return
    this.#isSettled = true
    this.#first = []
  }

  /**
   * The bytes contradict the chosen decoder. Chooses the next one that recognizes the connection, or the last one if
   * `orLast`. False if there is none, or if the user chose the decoder.
   */
  reject(facts: ConnectionFacts, orLast: boolean): boolean {
    const last = this.#decoders.at(-1)
    const rejected = this.#chosen?.decoder
    if (rejected === undefined || rejected === last || rejected === this.#wanted(facts)) return false
    this.#rejected = [...this.#rejected, rejected]
    const before = this.#chosen
    this.#decide(facts)
    if (this.#chosen?.decoder === last) for (const message of this.#first) this.#look(message)
    if (this.#chosen?.decoder !== last || orLast) return true
    this.#chosen = before
    this.#isSettled = true
    return false
  }

  #wanted({ decoder }: ConnectionFacts): Decoder | undefined {
    return this.#decoders.find(({ name }) => name === decoder)
  }

  #decide(facts: ConnectionFacts): void {
    const wanted = this.#wanted(facts)
    this.#chosen =
      wanted === undefined
        ? this.#recognize(facts)
        : { decoder: wanted, reason: 'chosen for this connection' }
    this.#isSettled = true
    if (facts.decoder === NO_DECODER) this.#chosen = undefined
    else if (wanted === undefined && this.#seen < FIRST_MESSAGES)
      this.#isSettled = this.#chosen?.decoder !== this.#decoders.at(-1) && this.#chosen !== undefined
  }

  #recognize(facts: ConnectionFacts): ChosenDecoder | undefined {
    this.#alike = undefined
    if (this.#rejected.length > 0) return this.#askDecoders(facts)
    this.#alike = recognizeOnce(this.#decoders, facts, () => this.#askDecoders(facts))
    return this.#alike.chosen
  }

  #askDecoders(facts: ConnectionFacts): ChosenDecoder | undefined {
    for (const decoder of this.#decoders) {
      if (this.#rejected.includes(decoder)) continue
      const reason = attempt(recognizeFacts, decoder, facts)
      if (reason !== undefined) return { decoder, reason }
    }
    return undefined
  }

  /** Chooses the decoder that recognizes the message. Returns false if there is none. */
  #look(message: EncodedMessage): boolean {
    for (const decoder of this.#decoders) {
      if (this.#rejected.includes(decoder)) continue
      const reason = attempt(recognizeMessage, decoder, message)
      if (reason === undefined) continue
      this.#chosen = { decoder, reason }
      this.#isSettled = true
      return true
    }
    return false
  }
}

const recognizeFacts = (decoder: Decoder, facts: ConnectionFacts) => decoder.recognize(facts)
const recognizeMessage = (decoder: Decoder, message: EncodedMessage) => decoder.recognizeMessage?.(message)

/** Undefined if the decoder throws: then it does not recognize the connection. */
function attempt<T>(
  recognize: (decoder: Decoder, from: T) => string | undefined,
  decoder: Decoder,
  from: T,
): string | undefined {
  try {
    return recognize(decoder, from)
  } catch {
    return undefined
  }
}
