/**
 * The packets of Engine.IO 3 and 4 in a WebSocket message or the body of a poll. The protocol's own parser reads only
 * version 4, and whole payloads without a limit; tests compare with it.
 */
import { separatedSpans } from '../../byte-spans.ts'
import { MAX_PACKETS } from '../../packet-bytes.ts'
import { asBuffer, textOf } from '../../values.ts'

/** In the order of their numbers. */
export const ENGINE_TYPES = ['open', 'close', 'ping', 'pong', 'message', 'upgrade', 'noop'] as const
type EngineType = (typeof ENGINE_TYPES)[number]

export interface EnginePacket {
  readonly type: EngineType
  /** Bytes if the packet is binary. */
  readonly data: string | Uint8Array
}

/** Separates the packets of a payload in version 4. */
const RECORD_SEPARATOR = '\x1e'
const ZERO = 0x30
const LETTER_B = 0x62
const MAX_LENGTH_DIGITS = 10

/** The packet in a WebSocket message. In version 4, a binary message is the data of a `message` packet. */
export function socketPacket(payload: Uint8Array, binary: boolean, version: number): EnginePacket {
  if (!binary) return textPacket(textOf(payload), version)
  return version === 3 ? binaryPacket(payload) : { type: 'message', data: payload }
}

/** Learns where the bytes of a packet are. In version 3, its length is before `from`. */
export type NotePacket = (from: number, to: number) => void

/** The packets in the body of a poll. `note` is called for each of them. */
export function bodyPackets(body: Uint8Array, version: number, note?: NotePacket): EnginePacket[] {
  // In version 3, the first byte of a binary body says whether the first packet is text (0) or binary (1).
  if (version === 3 && (body[0] ?? 2) < 2) return binaryBody(body, note)
  const text = textOf(body)
  if (version === 3) return prefixedPackets(text, note)
  const packets = text.split(RECORD_SEPARATOR, MAX_PACKETS + 1)
  if (packets.length > MAX_PACKETS) throw new Error(`A body has more than ${MAX_PACKETS} packets.`)
  if (note !== undefined)
    for (const [from, to] of separatedSpans(asBuffer(body), RECORD_SEPARATOR)) note(from, to)
  return packets.map((packet) => textPacket(packet, version))
}

function textPacket(text: string, version: number): EnginePacket {
  const first = text.charCodeAt(0)
  if (first !== LETTER_B) return { type: typeAt(first - ZERO), data: text.slice(1) }
  if (version !== 3) return { type: 'message', data: Buffer.from(text.slice(1), 'base64') }
  return { type: typeAt(text.charCodeAt(1) - ZERO), data: Buffer.from(text.slice(2), 'base64') }
}

function binaryPacket(bytes: Uint8Array): EnginePacket {
  return { type: typeAt(bytes[0] ?? -1), data: bytes.subarray(1) }
}

/** The text of a packet, if its data is text. */
export function textOfPacket({ type, data }: EnginePacket): string | undefined {
  return typeof data === 'string' ? `${ENGINE_TYPES.indexOf(type)}${data}` : undefined
}

function typeAt(number: number): EngineType {
  const type = ENGINE_TYPES[number]
  if (type === undefined) throw new Error('The message is not a packet of Engine.IO.')
  return type
}

/** Version 3: `length:packet`, with the length in UTF-16 code units. */
function prefixedPackets(text: string, note: NotePacket | undefined): EnginePacket[] {
  const packets: EnginePacket[] = []
  let byte = 0
  for (let start = 0; start < text.length; ) {
    const digits = /^\d{1,10}(?=:)/.exec(text.slice(start, start + MAX_LENGTH_DIGITS + 1))?.[0]
    if (digits === undefined) throw new Error('A packet in the body does not begin with its length.')
    const from = start + digits.length + 1
    start = from + Number(digits)
    if (start > text.length) throw new Error('A packet in the body is shorter than it says.')
    const packet = text.slice(from, start)
    packets.push(textPacket(packet, 3))
    if (note === undefined) continue
    const begin = byte + digits.length + 1
    byte = begin + Buffer.byteLength(packet)
    note(begin, byte)
  }
  return packets
}

/** Version 3 in binary: 0 for text or 1 for bytes, each digit of the length as a byte, 255, and the packet. */
function binaryBody(body: Uint8Array, note: NotePacket | undefined): EnginePacket[] {
  const packets: EnginePacket[] = []
  for (let start = 0; start < body.length; ) {
    const isText = body[start] === 0
    let length = 0
    let from = start + 1
    for (; (body[from] ?? 10) < 10 && from - start <= MAX_LENGTH_DIGITS; from++)
      length = length * 10 + (body[from] ?? 0)
    if (body[from] !== 0xff) throw new Error('A packet in the body does not begin with its length.')
    start = from + 1 + length
    if (start > body.length) throw new Error('A packet in the body is shorter than it says.')
    const bytes = body.subarray(from + 1, start)
    packets.push(isText ? textPacket(textOf(bytes), 3) : binaryPacket(bytes))
    note?.(from + 1, start)
  }
  return packets
}
