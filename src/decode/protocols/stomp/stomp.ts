/** STOMP 1.0 to 1.2: what its frames mean. */
import { forgetOldest } from '../../../shared/maps.ts'
import { type ByDirection, copied } from '../../by-direction.ts'
import type { ConnectionDecoder, Decoder, EncodedMessage, Packet } from '../../decoder.ts'
import type { PacketMap } from '../../packet-map.ts'
import { base64, plainTextOf, textOf } from '../../values.ts'
import { COMMANDS, HEARTBEAT, type StompFrame, StompFrames } from './frames.ts'

/** Subscriptions whose destinations are remembered. Beyond it, the oldest are forgotten. */
const MAX_SUBSCRIPTIONS = 1000
const FIRST_LINE = /^\n*(?:CONNECT|STOMP|CONNECTED)\r?\n/

export const stomp: Decoder = {
  name: 'stomp',
  recognize: ({ subprotocol = '' }) =>
    /^v1\d\.stomp$/.test(subprotocol) ? `subprotocol ${subprotocol}` : undefined,
  recognizeMessage({ payload }) {
    const command = FIRST_LINE.exec(textOf(payload.subarray(0, 16)))?.[0].trim()
    return command !== undefined && COMMANDS.has(command) ? `a ${command} frame of STOMP` : undefined
  },
  open: () => new StompDecoding(),
}

class StompDecoding implements ConnectionDecoder {
  readonly #frames: ByDirection<StompFrames>
  /** The destination of each subscription. */
  readonly #subscriptions: Map<string, string>
  /** STOMP 1.0 does not escape headers. */
  #isEscaped: boolean

  constructor(
    frames: ByDirection<StompFrames> = { in: new StompFrames(), out: new StompFrames() },
    subscriptions: ReadonlyMap<string, string> = new Map(),
    isEscaped = true,
  ) {
    this.#frames = frames
    this.#subscriptions = new Map(subscriptions)
    this.#isEscaped = isEscaped
  }

  get stateSize(): number {
    return this.#frames.in.stateSize + this.#frames.out.stateSize + this.#subscriptions.size * 256
  }

  isInsidePacket({ direction }: EncodedMessage): boolean {
    return this.#frames[direction].isInsidePacket
  }

  copy(): StompDecoding {
    return new StompDecoding(copied(this.#frames), this.#subscriptions, this.#isEscaped)
  }

  decode({ payload, direction }: EncodedMessage, map?: PacketMap): readonly Packet[] {
    const packetOf = (frame: StompFrame | typeof HEARTBEAT): Packet =>
      frame === HEARTBEAT ? { kind: 'heartbeat' } : this.#packet(frame)
    return this.#frames[direction].read(payload, packetOf, map)
  }

  #packet(frame: StompFrame): Packet {
    const { command, body } = frame
    if (command === 'CONNECTED') this.#isEscaped = (frame.headers.get('version') ?? '1.0') !== '1.0'
    const headers = this.#unescaped(frame)
    const value = { command, headers: Object.fromEntries(headers), body: plainTextOf(body) ?? base64(body) }
    return { ...this.#meaning(command, headers), value }
  }

  #unescaped({ command, headers }: StompFrame): ReadonlyMap<string, string> {
    if (!this.#isEscaped || command === 'CONNECT' || command === 'CONNECTED') return headers
    return new Map([...headers].map(([name, value]) => [unescaped(name), unescaped(value)]))
  }

  #meaning(command: string, headers: ReadonlyMap<string, string>): Packet {
    const destination = headers.get('destination')
    const receipt = headers.get('receipt')
    const name = destination ?? command
    // A MESSAGE frame repeats the headers of its SEND frame.
    const asks = receipt === undefined ? {} : { id: receipt, asks: `receipt ${receipt}` }
    switch (command) {
      case 'CONNECT':
      case 'STOMP':
        return { kind: 'handshake', name, asks: 'connect' }
      case 'CONNECTED':
        return { kind: 'handshake', name, answersTo: 'connect' }
      case 'SEND':
        return { kind: receipt === undefined ? 'event' : 'request', name, channel: name, ...asks }
      case 'SUBSCRIBE': {
        const channel = headers.get('id') ?? name
        this.#remember(channel, name)
        return { kind: 'subscribe', name, channel, ...asks }
      }
      case 'UNSUBSCRIBE': {
        const channel = headers.get('id') ?? name
        return { kind: 'unsubscribe', name: this.#subscriptions.get(channel) ?? name, channel, ...asks }
      }
      case 'MESSAGE': {
        const ack = headers.get('ack')
        const channel = headers.get('subscription') ?? name
        return { kind: 'event', name, channel, ...(ack !== undefined && { id: ack, asks: `ack ${ack}` }) }
      }
      case 'ACK':
      case 'NACK':
        return { kind: command === 'ACK' ? 'ack' : 'error', ...acknowledged(headers), ...asks }
      case 'RECEIPT': {
        const id = headers.get('receipt-id') ?? ''
        return { kind: 'ack', id, answersTo: `receipt ${id}` }
      }
      case 'ERROR': {
        const id = headers.get('receipt-id')
        const answered = id === undefined ? { answersTo: 'connect' } : { id, answersTo: `receipt ${id}` }
        return { kind: 'error', name, ...answered }
      }
      case 'DISCONNECT':
        return { kind: 'close', name, ...asks }
      default:
        return { kind: 'event', name, ...asks }
    }
  }

  #remember(subscription: string, destination: string): void {
    this.#subscriptions.set(subscription, destination)
    forgetOldest(this.#subscriptions, MAX_SUBSCRIPTIONS)
  }
}

/** The message that an ACK or NACK frame is about: STOMP 1.2 has its `ack` header in `id`. */
function acknowledged(headers: ReadonlyMap<string, string>): Pick<Packet, 'id' | 'answersTo'> {
  const id = headers.get('id') ?? headers.get('message-id')
  return id === undefined ? {} : { id, answersTo: `ack ${id}` }
}

const ESCAPED: Readonly<Record<string, string>> = { '\\r': '\r', '\\n': '\n', '\\c': ':', '\\\\': '\\' }

function unescaped(text: string): string {
  return text.includes('\\') ? text.replace(/\\[rnc\\]/g, (pair) => ESCAPED[pair] ?? pair) : text
}
