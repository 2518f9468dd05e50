/** Pairs requests with their answers, within one connection or scope. */

import type { DecodedEvent, DecodedKind } from '../shared/decoded.ts'
import type { Direction } from '../shared/event.ts'
import { toMicroseconds } from '../shared/numbers.ts'
import { ClientRequests, type PairedRequest, type Waiting } from './client-requests.ts'
import type { EncodedMessage, Packet, PairingKey } from './decoder.ts'

const NO_KEYS: readonly PairingKey[] = []

/** A packet that answers. */
export interface PairedAnswer {
  readonly time: number
  readonly kind: DecodedKind
  /** No more answers follow. */
  readonly isLast: boolean
}

/** Learns of requests and their answers. */
export interface PairingListener {
  asked(request: PairedRequest): void
  /** Called for the first answer, in event `by`, counted from 0. `latency` is in ms. */
  answered(request: PairedRequest, by: number, latency: number): void
  /** Called for each answer, including the first. */
  continued?(request: PairedRequest, by: number, answer: PairedAnswer): void
  /** Called if no more answers will come, because the connection opened again. */
  abandoned?(request: PairedRequest): void
  /** Called for a message that has only heartbeats. */
  heartbeat?(connection: number, time: number): void
}

/** By the direction of the request. */
type Waitings = Readonly<Record<Direction, ClientRequests>>

export class Pairing {
  readonly #waiting: Waitings
  readonly #listener: PairingListener | undefined

  constructor(
    listener?: PairingListener,
    waiting: Waitings = { in: new ClientRequests(), out: new ClientRequests() },
  ) {
    this.#listener = listener
    this.#waiting = waiting
  }

  /** Approximate size in bytes of a copy, which shares the requests with others. */
  get stateSize(): number {
    return (this.#waiting.in.size + this.#waiting.out.size) * 64
  }

  /** An independent copy without the listener. */
  copy(): Pairing {
    return new Pairing(undefined, { in: this.#waiting.in.copy(), out: this.#waiting.out.copy() })
  }

  /** The connection opened again: answers to requests before that will not come. */
  clear(): void {
    for (const waiting of [this.#waiting.in, this.#waiting.out])
      waiting.each((request) => this.#listener?.abandoned?.(request))
    this.#waiting.in.clear()
    this.#waiting.out.clear()
  }

  /**
   * The decoded event of a packet that ends in `message`. An answer gets the time since its request, and the request's name
   * and channel if it has none. A response to a heartbeat is a heartbeat too. Without `hasValue`, the event has no value.
   */
  pair(packet: Packet, message: EncodedMessage, protocol: string, hasValue = true): DecodedEvent {
    const asked = this.follow(packet, message, protocol)
    const { kind, name = asked?.name, channel = asked?.channel, id, parts } = packet
    const value = hasValue ? (packet.value ?? packet.lazyValue?.()) : undefined
    // Plain assignments, because spreading objects takes longer than all the rest.
    const event: { -readonly [Field in keyof DecodedEvent]: DecodedEvent[Field] } = {
      protocol: packet.protocol ?? protocol,
      kind: asked?.isHeartbeat === true && kind === 'response' ? 'heartbeat' : kind,
    }
    if (name !== undefined) event.name = name
    if (channel !== undefined) event.channel = channel
    if (id !== undefined) event.id = String(id)
    if (value !== undefined) event.value = value
    if (parts !== undefined) event.parts = parts
    if (asked !== undefined) {
      event.answers = asked.number + 1
      event.latency = latencyOf(asked, message)
    }
    return event
  }

  /** Pairs a packet without making an event of it. Returns the request that it answers. */
  follow(packet: Packet, message: EncodedMessage, decoder: string): Waiting | undefined {
    const { asks, answersTo, protocol = decoder } = packet
    const asked = answersTo === undefined ? undefined : this.#answer(message, answersTo, packet)
    if (asks !== undefined) {
      const { kind, name = asked?.name, channel = asked?.channel } = packet
      const { number, time, facts, direction } = message
      const isHeartbeat = kind === 'heartbeat'
      const { connection, transport } = facts
      const isSocket = transport === 'websocket'
      const request = {
        number,
        time,
        connection,
        protocol,
        direction,
        kind,
        name,
        channel,
        isHeartbeat,
        isSocket,
        isAnswered: false,
      }
      const waiting = this.#waiting[direction]
      if (typeof asks !== 'object') waiting.add(asks, request)
      else for (const key of asks) waiting.add(key, { ...request, keys: asks })
      this.#listener?.asked(request)
    }
    return asked
  }

  /** All packets of the message are heartbeats. */
  heartbeat({ facts, time }: EncodedMessage): void {
    this.#listener?.heartbeat?.(facts.connection, time)
  }

  #answer(
    message: EncodedMessage,
    key: PairingKey,
    { kind, continues = false }: Packet,
  ): Waiting | undefined {
    const { direction, number, facts, time } = message
    const waiting = this.#waiting[direction === 'in' ? 'out' : 'in']
    const asked = waiting.find(key, facts.connection, facts.transport === 'websocket')
    if (asked === undefined) return undefined
    if (!asked.isAnswered) this.#listener?.answered(asked, number, latencyOf(asked, message))
    const others = asked.keys === undefined ? NO_KEYS : otherKeys(waiting, key, asked)
    for (const other of others) waiting.keep(other, asked)
    this.#listener?.continued?.(asked, number, { time, kind, isLast: !continues && others.length === 0 })
    if (continues) waiting.keep(key, asked)
    else waiting.remove(key, asked)
    return asked
  }
}

/** The other keys of a request under which answers are still to come. */
function otherKeys(waiting: ClientRequests, key: PairingKey, asked: Waiting): PairingKey[] {
  const { keys = [], connection, isSocket, number } = asked
  return keys.filter((each) => each !== key && waiting.find(each, connection, isSocket)?.number === number)
}

/** Milliseconds from a request to its answer, to the microsecond. */
function latencyOf(asked: PairedRequest, answer: EncodedMessage): number {
  return toMicroseconds(answer.time - asked.time)
}
