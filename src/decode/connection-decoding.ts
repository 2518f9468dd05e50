/**
 * Decodes one connection. Keeps a copy of the decoder's state at intervals, so that any earlier message can be decoded
 * again together with only a few others.
 */
import type { DecodedEvent } from '../shared/decoded.ts'
import { sentenceOf } from '../shared/failure.ts'
import type { ConnectionDecoder, ConnectionFacts, EncodedMessage } from './decoder.ts'
import type { ChosenDecoder } from './decoders.ts'

/** Milliseconds that one message may take. If it takes longer, the decoder is given up. */
const MAX_TIME = 500
/** Bytes of incomplete packets that a decoder may hold. */
const MAX_STATE = 64 * 1024 * 1024

/** A decoder that has been given every message of its connection before event `next`. */
export interface Place {
  readonly next: number
  readonly decoder: ConnectionDecoder
}

export const NO_EVENTS: readonly DecodedEvent[] = []

/** Takes the place of a decoder that cannot be opened or copied. */
const SILENT: ConnectionDecoder = { decode: () => NO_EVENTS, copy: () => SILENT }

export class ConnectionDecoding {
  readonly chosen: ChosenDecoder
  readonly #facts: ConnectionFacts
  #decoder: ConnectionDecoder | undefined
  /** In ascending order. */
  #places: Place[] = []
  /** Messages since the last place. */
  #passed = 0
  /** Where the decoder was given up. */
  #end = Number.POSITIVE_INFINITY
  #problem: string | undefined

  constructor(chosen: ChosenDecoder, facts: ConnectionFacts) {
    this.chosen = chosen
    this.#facts = facts
  }

  /** Why decoding of the connection stopped; undefined if it did not. */
  get problem(): string | undefined {
    return this.#problem
  }

  /** Number of kept copies of the state, and of bytes in them. */
  get kept(): { readonly places: number; readonly bytes: number } {
    const bytes = this.#places.reduce((sum, { decoder }) => sum + (decoder.stateSize ?? 0), 0)
    return { places: this.#places.length, bytes }
  }

  /** A decoder at the start of the connection. */
  open(): ConnectionDecoder {
    return this.#contain(() => this.chosen.decoder.open(this.#facts))
  }

  /** Passes the next message. Keeps a copy of the state once `interval` messages have been passed. */
  pass(message: EncodedMessage, interval: number): void {
    if (message.number >= this.#end) return
    const started = performance.now()
    try {
      this.#decoder ??= this.open()
      this.#decoder.decode(message)
      if ((this.#decoder.stateSize ?? 0) > MAX_STATE) throw new Error('a packet does not end')
      if (performance.now() - started > MAX_TIME) throw new Error('a message takes too long')
      if (++this.#passed >= interval) this.#keep(message.number + 1, this.#decoder)
    } catch (thrown) {
      this.giveUp(message.number, thrown)
    }
  }

  /** Starts over: the connection opened again, or a message is not kept, so that its packet cannot be completed. */
  restart(): void {
    this.#decoder = undefined
  }

  /** Decodes a message alone, or with a decoder at its place. Empty if the decoder was given up before. */
  decode(message: EncodedMessage, decoder: ConnectionDecoder): readonly DecodedEvent[] {
    if (message.number >= this.#end) return NO_EVENTS
    try {
      return decoder.decode(message)
    } catch (thrown) {
      this.giveUp(message.number, thrown)
      return NO_EVENTS
    }
  }

  /** The event at which the nearest copy before event `index` continues; 0 if there is none. */
  nearest(index: number): number {
    return this.#before(index)?.next ?? 0
  }

  /** The nearest copy before event `index`, or a new decoder at the beginning. */
  placeBefore(index: number): Place {
    const place = this.#before(index)
    return place === undefined
      ? { next: 0, decoder: this.open() }
      : { next: place.next, decoder: this.#contain(() => place.decoder.copy()) }
  }

  /** Forgets every other place. */
  thin(): void {
    this.#places = this.#places.filter((_, at) => at % 2 === 1)
  }

  /** Decodes no further than event `number`. */
  giveUp(number: number, thrown: unknown): void {
    if (number >= this.#end) return
    this.#end = number
    this.#decoder = undefined
    this.#problem = `Event ${number + 1} could not be decoded as ${this.chosen.decoder.name} (${sentenceOf(thrown)}); from there on, the connection is shown as it is.`
  }

  #contain(make: () => ConnectionDecoder): ConnectionDecoder {
    try {
      return make()
    } catch (thrown) {
      this.giveUp(0, thrown)
      return SILENT
    }
  }

  #before(index: number): Place | undefined {
    return this.#places.findLast(({ next }) => next <= index)
  }

  #keep(next: number, decoder: ConnectionDecoder): void {
    this.#passed = 0
    this.#places.push({ next, decoder: decoder.copy() })
  }
}
