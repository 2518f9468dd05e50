/** A decoder at work on a connection or scope, together with the requests that wait for an answer there. */
import type { DecodedEvent } from '../shared/decoded.ts'
import type { MessageMap } from '../shared/packet-map.ts'
import type { ConnectionDecoder, ConnectionFacts, Decoder, EncodedMessage, Packet } from './decoder.ts'
import { PacketMap } from './packet-map.ts'
import { Pairing } from './pairing.ts'

/**
 * Milliseconds after which a message counts as slow, and the number of slow messages after which a decoder is given up. A
 * busy computer may make a single message slow.
 */
const SLOW = 500
const MAX_SLOW = 3
/** Bytes of incomplete packets that a decoder may hold. */
const MAX_STATE = 64 * 1024 * 1024
/**
 * The first messages are checked, then those of at least `LARGE` bytes and one in `CHECKED` of the others: a check takes as
 * long as decoding a short message.
 */
const FIRST_CHECKED = 64
const LARGE = 4096
const CHECKED = 16
const ENDLESS = 'a packet does not end'

export const NO_EVENTS: readonly DecodedEvent[] = []

/** The decoder takes too long or holds too much, and nothing says which session is to blame. */
export class Overload extends Error {}

/** If a method throws, the decoder is at fault, and the caller gives up the session of the message, or the scope. */
export class Conversation {
  readonly #decoder: Decoder
  readonly #pairing: Pairing
  #state: ConnectionDecoder | undefined
  #messages = 0
  #slow = 0
  /** An attempt to connect has started, so its `open` does not start over. */
  #isConnecting: boolean

  constructor(
    decoder: Decoder,
    pairing = new Pairing(),
    state: ConnectionDecoder | undefined = undefined,
    isConnecting = true,
  ) {
    this.#decoder = decoder
    this.#pairing = pairing
    this.#state = state
    this.#isConnecting = isConnecting
  }

  /** Approximate size in bytes. */
  get stateSize(): number {
    return (this.#state?.stateSize ?? 0) + this.#pairing.stateSize
  }

  /** The packets that end in the message; without their values if `hasValues` is false. */
  decode(message: EncodedMessage, hasValues = true): readonly DecodedEvent[] {
    const packets = this.#packetsOf(message, hasValues)
    if (packets.length === 0) return NO_EVENTS
    const { name } = this.#decoder
    return packets.map((packet) => this.#pairing.pair(packet, message, name, hasValues))
  }

  /** Whether the message, which was decoded last, has only a part of a packet. */
  isPart(message: EncodedMessage): boolean {
    return this.#state?.isInsidePacket?.(message) === true
  }

  /** Where the packets of the message are in its bytes. Updates the state as `decode` does. */
  map(message: EncodedMessage, map = new PacketMap()): MessageMap {
    const packets = this.#open(message.facts).decode(message, map)
    return map.finish(packets.length, message.size)
  }

  /** As `decode`, but only updates the state. Returns the number of packets. */
  follow(message: EncodedMessage): number {
    const packets = this.#packetsOf(message, false)
    let heartbeats = 0
    for (const packet of packets) {
      const asked = this.#pairing.follow(packet, message, this.#decoder.name)
      if (packet.kind === 'heartbeat' || asked?.isHeartbeat === true) heartbeats++
    }
    if (heartbeats > 0 && heartbeats === packets.length) this.#pairing.heartbeat(message)
    return packets.length
  }

  /** An attempt to connect starts. */
  connecting(): void {
    if (this.#decoder.scope === undefined) this.restart()
    this.#isConnecting = true
  }

  /** A connection has opened. */
  opened(facts: ConnectionFacts): void {
    if (this.#decoder.scope !== undefined) this.#open(facts).opened?.(facts)
    else if (!this.#isConnecting) this.restart()
    this.#isConnecting = false
  }

  /** Starts over, because messages are missing and packets cannot be completed. */
  restart(): void {
    this.#state = undefined
    this.#pairing.clear()
  }

  /** The session of the message is given up. Throws an `Overload` if the others hold too much. */
  forget(message: EncodedMessage): void {
    this.#state?.forget?.(message)
    if ((this.#state?.stateSize ?? 0) > MAX_STATE) throw new Overload(ENDLESS)
  }

  /** An independent copy without the listener. */
  copy(): Conversation {
    return new Conversation(this.#decoder, this.#pairing.copy(), this.#state?.copy(), this.#isConnecting)
  }

  #packetsOf(message: EncodedMessage, hasValues: boolean): readonly Packet[] {
    if (!message.isRequest) this.#isConnecting = false
    const state = this.#open(message.facts)
    this.#messages++
    const isChecked =
      this.#messages <= FIRST_CHECKED || message.size >= LARGE || this.#messages % CHECKED === 0
    if (!isChecked) return state.decode(message, undefined, hasValues)
    const started = performance.now()
    const packets = state.decode(message, undefined, hasValues)
    if ((state.stateSize ?? 0) > MAX_STATE) throw new Error(ENDLESS)
    if (performance.now() - started > SLOW && ++this.#slow >= MAX_SLOW)
      throw new Overload('messages take too long')
    return packets
  }

  #open(facts: ConnectionFacts): ConnectionDecoder {
    this.#state ??= this.#decoder.open(facts)
    return this.#state
  }
}
