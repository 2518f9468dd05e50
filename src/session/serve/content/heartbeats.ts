/**
 * Heartbeats of a recorded peer, which are sent live: a client that gets none gives up the connection, and recorded ones come
 * at the wrong times. To add a protocol, add a row; without one, the recorded heartbeats are repeated.
 */
import type { WholePacket } from '../../../decode/ids/ids.ts'
import { type Fields, fieldsOf } from '../../../shared/fields.ts'
import { decodeUtf8 } from '../../../shared/text/decode.ts'
import { tryParseJson } from '../../../shared/text/json-text.ts'
import type { RecordedPacket } from '../../packets/recorded-packets.ts'
import type { RecordedTalk } from './recorded-talk.ts'

/** A text or binary packet. */
type Written = string | Uint8Array

interface Heartbeats {
  /** Milliseconds between heartbeats of the peer, from one of its first packets. */
  interval?(packet: string): number | undefined
  /** Its heartbeat. */
  beat?(): Written
  /** Heartbeats of the client that get no answer. */
  readonly unanswered?: RegExp
  /** Its answer to a heartbeat of the client. */
  reply?(packet: WholePacket, text: string): Written | undefined
}

const engineIo: Heartbeats = {
  // Version 4: the server pings. In version 3, the client does.
  interval: (text) => (text.startsWith('0{') ? numberAt(text.slice(1), 'pingInterval') : undefined),
  beat: () => '2',
  unanswered: /^3/,
  reply: (_, text) => (text === '2' ? '3' : text === '2probe' ? '3probe' : undefined),
}

const rpc: Heartbeats = {
  reply(_, text) {
    const { method, id } = fieldsIn(text)
    return method === 'ping' && id !== undefined
      ? JSON.stringify({ jsonrpc: '2.0', id, result: {} })
      : undefined
  },
}

const MQTT_PINGREQ = 0xc0
const MQTT_PINGRESP = Uint8Array.of(0xd0, 0)

const ROWS: Readonly<Record<string, Heartbeats>> = {
  'socket.io': engineIo,
  'engine.io': engineIo,
  mqtt: { reply: ({ bytes }) => (bytes[0] === MQTT_PINGREQ ? MQTT_PINGRESP : undefined) },
  stomp: {
    interval: (text) => positive(Number(/^CONNECTED\r?\n(?:.*\n)*?heart-beat:(\d{1,9}),/.exec(text)?.[1])),
    beat: () => '\n',
    unanswered: /^\r?\n$/,
  },
  'graphql-transport-ws': {
    reply: (_, text) => (fieldsIn(text).type === 'ping' ? '{"type":"pong"}' : undefined),
  },
  'action-cable': {
    interval: (text) => (fieldsIn(text).type === 'welcome' ? 3000 : undefined),
    beat: () => JSON.stringify({ type: 'ping', message: Math.floor(Date.now() / 1000) }),
  },
  sockjs: { interval: (text) => (text === 'o' ? 25_000 : undefined), beat: () => 'h' },
  signalr: {
    interval: (text) => (text.startsWith('{}') ? 15_000 : undefined),
    beat: () => '{"type":6}\u001e',
    unanswered: /^\{"type":6\}/,
  },
  phoenix: {
    reply(_, text) {
      const value = tryParseJson(text)
      const ok = { status: 'ok', response: {} }
      if (Array.isArray(value))
        return value[3] === 'heartbeat'
          ? JSON.stringify([value[0], value[1], 'phoenix', 'phx_reply', ok])
          : undefined
      const { event, ref } = fieldsIn(text)
      return event === 'heartbeat'
        ? JSON.stringify({ topic: 'phoenix', event: 'phx_reply', payload: ok, ref })
        : undefined
    },
  },
  nes: {
    interval: (text) => {
      const { type, heartbeat } = fieldsIn(text)
      return type === 'hello' ? numberAt(JSON.stringify(heartbeat) ?? '', 'interval') : undefined
    },
    beat: () => '{"type":"ping"}',
  },
  primus: {
    beat: () => JSON.stringify(`primus::ping::${Date.now()}`),
    unanswered: /^"primus::pong/,
  },
  pusher: {
    reply: (_, text) =>
      fieldsIn(text).event === 'pusher:ping' ? '{"event":"pusher:pong","data":{}}' : undefined,
  },
  'json-rpc': rpc,
  mcp: rpc,
}

/** Packets of the peer that may say how often it sends heartbeats. */
const FIRST_PACKETS = 20

export class PeerHeartbeats {
  readonly #talk: RecordedTalk
  readonly #row: Heartbeats
  /** Milliseconds between two; undefined if the peer sends none by itself. */
  readonly interval: number | undefined

  constructor(talk: RecordedTalk) {
    this.#talk = talk
    this.#row = ROWS[talk.recorded.protocol.name] ?? {}
    this.interval = this.#agreed() ?? usualGap(talk.heartbeats)
  }

  /** The next heartbeat. Undefined if it is not known. */
  beat(): WholePacket | undefined {
    const written = this.#row.beat?.()
    return written === undefined ? this.#talk.heartbeats[0]?.packet : this.#packet(written)
  }

  /** Whether a packet of the client is a heartbeat that gets no answer. */
  isBeat(packet: WholePacket): boolean {
    return this.#row.unanswered?.test(textOf(packet)) === true
  }

  /** The answer to a heartbeat of the client that was not recorded. */
  reply(packet: WholePacket): WholePacket | undefined {
    const written = this.#row.reply?.(packet, textOf(packet))
    return written === undefined ? undefined : this.#packet(written)
  }

  #agreed(): number | undefined {
    const { interval } = this.#row
    if (interval === undefined) return undefined
    for (const { packet } of this.#talk.recorded.packets.slice(0, FIRST_PACKETS)) {
      const found = packet.direction === 'in' ? interval(textOf(packet)) : undefined
      // In version 3 of Engine.IO, the server agrees on an interval, but sends nothing.
      if (found !== undefined) return isEngineIo3(this.#talk) ? undefined : found
    }
    return undefined
  }

  #packet(written: Written): WholePacket {
    const { protocol } = this.#talk.recorded
    const binary = typeof written !== 'string'
    const bytes = binary ? written : Buffer.from(written)
    return { protocol, direction: 'in', bytes, binary, eventName: '', attachments: [], parts: 1 }
  }
}

function isEngineIo3({ recorded: { facts } }: RecordedTalk): boolean {
  return facts.url !== undefined && /[?&]EIO=3(?:&|$)/.test(facts.url)
}

/** The median of the times between heartbeats. */
function usualGap(heartbeats: readonly RecordedPacket[]): number | undefined {
  const gaps: number[] = []
  for (const [at, { time, attempt }] of heartbeats.entries()) {
    const before = heartbeats[at - 1]
    if (before?.attempt === attempt) gaps.push(time - before.time)
  }
  return positive(gaps.toSorted((a, b) => a - b)[gaps.length >> 1] ?? 0)
}

function textOf({ bytes, binary }: WholePacket): string {
  return binary ? '' : (decodeUtf8(bytes) ?? '')
}

function fieldsIn(text: string): Fields {
  return fieldsOf(tryParseJson(text))
}

function numberAt(json: string, name: string): number | undefined {
  return positive(Number(fieldsIn(json)[name]))
}

function positive(value: number): number | undefined {
  return Number.isFinite(value) && value > 0 ? value : undefined
}
