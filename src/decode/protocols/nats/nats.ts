/** NATS over WebSocket: what its operations mean. */

import type { Direction } from '../../../shared/event.ts'
import { forgetOldest } from '../../../shared/maps.ts'
import { type ByDirection, copied } from '../../by-direction.ts'
import type { ConnectionDecoder, Decoder, EncodedMessage, Packet } from '../../decoder.ts'
import type { PacketMap } from '../../packet-map.ts'
import { contentOf, jsonOrText, textOf } from '../../values.ts'
import { Pings } from '../pings.ts'
import { type Operation, Operations } from './operations.ts'

/** Subscriptions, and subjects for replies, that are remembered. Beyond it, the oldest are forgotten. */
const MAX_REMEMBERED = 10_000
const INBOX = '_INBOX.'

export const nats: Decoder = {
  name: 'nats',
  recognize: () => undefined,
  recognizeMessage: ({ payload, direction }) =>
    direction === 'in' && /^INFO\s+\{.*"server_id"/.test(textOf(payload.subarray(0, 4096)))
      ? 'an INFO message of NATS'
      : undefined,
  open: () => new NatsDecoding(),
}

/** The arguments of PUB, HPUB, MSG and HMSG. */
interface Delivery {
  readonly subject: string
  readonly sid?: string
  readonly replyTo?: string
}

class NatsDecoding implements ConnectionDecoder {
  readonly #operations: ByDirection<Operations>
  /** The subject of each subscription. */
  readonly #subscriptions: Map<string, string>
  /** Subjects on which replies are expected. */
  readonly #replySubjects: Set<string>
  readonly #pings: Pings

  constructor(
    operations: ByDirection<Operations> = { in: new Operations(), out: new Operations() },
    subscriptions: ReadonlyMap<string, string> = new Map(),
    replySubjects: ReadonlySet<string> = new Set(),
    pings = new Pings(),
  ) {
    this.#operations = operations
    this.#subscriptions = new Map(subscriptions)
    this.#replySubjects = new Set(replySubjects)
    this.#pings = pings
  }

  get stateSize(): number {
    const { in: incoming, out: outgoing } = this.#operations
    return (
      incoming.stateSize + outgoing.stateSize + 128 * (this.#subscriptions.size + this.#replySubjects.size)
    )
  }

  isInsidePacket({ direction }: EncodedMessage): boolean {
    return this.#operations[direction].isInsidePacket
  }

  copy(): NatsDecoding {
    const operations = copied(this.#operations)
    return new NatsDecoding(operations, this.#subscriptions, this.#replySubjects, this.#pings.copy())
  }

  decode({ payload, direction }: EncodedMessage, map?: PacketMap): readonly Packet[] {
    return this.#operations[direction].read(payload, (operation) => this.#packet(operation, direction), map)
  }

  #packet(operation: Operation, direction: Direction): Packet {
    const { op, args } = operation
    const words = args.split(/\s+/)
    switch (op) {
      case 'INFO':
      case 'CONNECT':
        return { kind: 'handshake', name: op, value: { op, options: jsonOrText(args) } }
      case 'PING':
        return { kind: 'heartbeat', name: op, value: { op }, asks: this.#pings.ping(direction) }
      case 'PONG':
        return { kind: 'heartbeat', name: op, value: { op }, answersTo: this.#pings.pong(direction) }
      case '+OK':
        return { kind: 'ack', name: op, value: { op } }
      case '-ERR':
        return { kind: 'error', name: op, value: { op, message: args.replace(/^'(.*)'$/, '$1') } }
      case 'SUB': {
        const [subject = '', second = '', third] = words
        const [queueGroup, sid] = third === undefined ? [undefined, second] : [second, third]
        this.#subscriptions.set(sid, subject)
        forgetOldest(this.#subscriptions, MAX_REMEMBERED)
        const value = { op, subject, ...(queueGroup !== undefined && { queueGroup }), sid }
        return { kind: 'subscribe', name: subject, channel: subject, id: sid, value }
      }
      case 'UNSUB': {
        const [sid = '', max] = words
        const subject = this.#subscriptions.get(sid)
        const value = { op, sid, ...(max !== undefined && { maxMessages: Number(max) }) }
        return {
          kind: 'unsubscribe',
          ...(subject !== undefined && { name: subject, channel: subject }),
          id: sid,
          value,
        }
      }
      case 'PUB':
      case 'HPUB': {
        const isLong = words.length > (op === 'PUB' ? 2 : 3)
        return this.#delivery(operation, {
          subject: words[0] ?? '',
          ...(isLong && { replyTo: words[1] ?? '' }),
        })
      }
      default: {
        const isLong = words.length > (op === 'MSG' ? 3 : 4)
        const [subject = '', sid = '', replyTo = ''] = words
        return this.#delivery(operation, { subject, sid, ...(isLong && { replyTo }) })
      }
    }
  }

  /** A message in either direction. One with a subject for replies asks; one on such a subject answers. */
  #delivery({ op, headers, headerSize, payload, size }: Operation, delivery: Delivery): Packet {
    const { subject, sid = '', replyTo } = delivery
    const { status, ...head } = headers === undefined ? {} : headersOf(headers)
    const isReply = this.#replySubjects.has(subject) || subject.startsWith(INBOX)
    if (replyTo !== undefined) {
      this.#replySubjects.add(replyTo)
      forgetOldest(this.#replySubjects, MAX_REMEMBERED)
    }
    const failed = status !== undefined && status >= 400
    const kind = failed ? 'error' : isReply ? 'response' : replyTo === undefined ? 'event' : 'request'
    const lazyValue = () => ({
      op,
      ...delivery,
      ...(headers !== undefined && { headerSize }),
      size,
      ...(status !== undefined && { status }),
      ...head,
      payload: contentOf(payload),
    })
    // A reply is named by its request.
    const named = isReply ? {} : { name: subject, channel: this.#subscriptions.get(sid) ?? subject }
    const asks = replyTo === undefined ? {} : { id: replyTo, asks: `reply ${replyTo}` }
    return {
      kind,
      ...named,
      ...(isReply && { id: subject, answersTo: `reply ${subject}` }),
      ...asks,
      lazyValue,
    }
  }
}

/** The first line, such as `NATS/1.0 503`, and the headers. A name may come several times. */
function headersOf(text: string): { status?: number; description?: string; headers: unknown } {
  const [first = '', ...lines] = text.split('\r\n')
  const [, status, description] = /^NATS\/1\.0 +(\d{3}) *(.*)$/.exec(first) ?? []
  const headers = new Map<string, string | string[]>()
  for (const line of lines) {
    const colon = line.indexOf(':')
    if (colon < 0) continue
    const [name, value] = [line.slice(0, colon), line.slice(colon + 1).trim()]
    const before = headers.get(name)
    if (Array.isArray(before)) before.push(value)
    else headers.set(name, before === undefined ? value : [before, value])
  }
  return {
    ...(status !== undefined && { status: Number(status) }),
    ...(description && { description }),
    headers: Object.fromEntries(headers),
  }
}
