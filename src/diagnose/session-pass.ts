/** One pass over the events of a session: each is decoded once, for its figures and for the rules. */
import { decodersWith } from '../decode/decoders.ts'
import { decodeObject, json } from '../decode/json.ts'
import type { PairingListener } from '../decode/pairing.ts'
import { SessionDecoder, type SessionDecoderOptions } from '../decode/session-decoder.ts'
import type { DecodedEvent } from '../shared/decoded.ts'
import type { Dialect } from '../shared/dialect.ts'
import type { MessageEvent, RealtimeEvent } from '../shared/event.ts'
import type { ObjectMessage } from './object-message.ts'

/** What the user chose about decoding, in addition to what is recognized. */
export interface DecodingChoices extends Pick<SessionDecoderOptions, 'choiceFor'> {
  /** The users' own dialects. */
  readonly dialects?: readonly Dialect[] | undefined
}

const NO_PACKETS: readonly DecodedEvent[] = []

export interface EventTaker {
  /** Gets the requests that are paired with answers. */
  readonly listener?: PairingListener
  /** Whether it needs the packets of messages of no known protocol, which say no more than the names in their JSON. Default false. */
  readonly readsPlainJson?: boolean
  /** Takes the next event with the packets that end in it. */
  add(event: RealtimeEvent, packets: readonly DecodedEvent[]): void
  /** Takes the next event, a message of no known protocol that is a JSON object. Absent: it takes all events with `add`. */
  addObject?(message: ObjectMessage): void
}

export class SessionPass {
  readonly #takers: readonly EventTaker[]
  readonly #decoder: SessionDecoder
  readonly #readsPlainJson: boolean
  readonly #allTakeObjects: boolean
  /** Connections on which no protocol will be recognized any more. */
  readonly #plain = new Set<number>()
  /** The one of them that was asked for last. */
  #latestPlain: number | undefined
  #count = 0

  /** One of the takers at most has a listener. */
  constructor(takers: readonly EventTaker[], { dialects, choiceFor }: DecodingChoices = {}) {
    const listener = takers.find((taker) => taker.listener !== undefined)?.listener
    this.#takers = takers
    this.#readsPlainJson = takers.some((taker) => taker.readsPlainJson)
    this.#allTakeObjects = takers.every((taker) => taker.addObject !== undefined)
    this.#decoder = new SessionDecoder({
      decoders: decodersWith(dialects),
      ...(listener !== undefined && { listener }),
      ...(choiceFor !== undefined && { choiceFor }),
    })
  }

  /** Takes the next event. Returns a promise if a decoder has to be loaded before the event after it. */
  add(event: RealtimeEvent): Promise<void> | undefined {
    const isPlain = event.type === 'message' && this.#isPlain(event.connection)
    const packets = isPlain ? this.#plainPackets(event) : this.#decoder.decode(this.#count, event)
    const { wanted } = this.#decoder
    if (packets === undefined && wanted !== undefined)
      return this.#decoder.load(wanted).then(() => this.add(event))
    this.#count++
    for (const taker of this.#takers) taker.add(event, packets ?? NO_PACKETS)
    return undefined
  }

  /** Whether messages of the connection that are JSON objects need not be events: they can be given to `addObject`. */
  takesObjects(connection: number): boolean {
    if (connection === this.#latestPlain) return true
    if (!this.#allTakeObjects || !this.#isPlain(connection)) return false
    this.#latestPlain = connection
    return true
  }

  /** Takes the next event: a message that was read as an object, of a connection whose messages are read so. */
  addObject(message: ObjectMessage): void {
    this.#count++
    for (const taker of this.#takers) taker.addObject?.(message)
  }

  /** Why not all messages of the connection are decoded, as a sentence. Undefined if they are. */
  problemOf(connection: number): string | undefined {
    return this.#decoder.problemOf(connection)
  }

  /** As the decoder of JSON does it, which keeps no state. */
  #plainPackets({ payload, opcode, dropped }: MessageEvent): readonly DecodedEvent[] {
    if (!this.#readsPlainJson || dropped !== undefined) return NO_PACKETS
    return decodeObject({ payload, size: payload.length, binary: opcode === 'binary' })
  }

  #isPlain(connection: number): boolean {
    if (this.#plain.has(connection)) return true
    const decoder = this.#decoder
    if (decoder.chosenFor(connection)?.decoder !== json || !decoder.isSettled(connection)) return false
    // What a poll sends may only repeat the body of its request.
    if (this.#readsPlainJson && decoder.recordOf(connection).isPoll) return false
    this.#plain.add(connection)
    return true
  }
}
