/** Recordings of real clients and servers, and what the protocols' own parsers make of them. */
import { readdirSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import type { ConnectionFacts, Decoder, EncodedMessage, Packet } from '../../../src/decode/decoder.ts'
import { type DecodedLine, decodeFile } from '../expected.ts'

const FOLDER = resolve(import.meta.dirname, '../../fixtures/recordings')

/** A packet as the protocol's own parser decoded it. The other fields are those of the protocol. */
export interface ExpectedPacket {
  /** Lines of the messages that carry the packet. */
  readonly lines: readonly number[]
  readonly direction: string
  readonly kind: string
  readonly [field: string]: unknown
}

export const RECORDINGS = readdirSync(FOLDER).filter((name) => name.endsWith('.rtsession'))

/** The path of a recording, such as `mqtt.rtsession`. */
export const pathOf = (name: string) => join(FOLDER, name)

const linesOf = (path: string) =>
  readFileSync(path, 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line))

export const expectedOf = (name: string): ExpectedPacket[] =>
  linesOf(join(FOLDER, 'expected', `${name}.jsonl`))

/** Decodes a recording, with the direction of each packet and the number of its messages, as `expectedOf` has them. */
export async function decodedOf(decoder: Decoder, name: string) {
  const path = pathOf(`${name}.rtsession`)
  const events = linesOf(path)
  const decoded = await decodeFile(decoder, path)
  return decoded.map((packet) => ({
    parts: 1,
    ...packet,
    direction: String(events[packet.line - 1].direction),
  }))
}

/** The place of a packet: last line, number of messages, direction. */
export const placeOf = ({ lines, direction }: ExpectedPacket) => [lines.at(-1), lines.length, direction]

/** The lines of the messages of a recording, and their directions. */
export function messageLinesOf(name: string): { line: number; direction: string }[] {
  return linesOf(pathOf(`${name}.rtsession`))
    .map(({ type, direction }, index) => ({ type, direction, line: index + 1 }))
    .filter(({ type }) => type === 'message')
}

/** The payloads of the messages of a recording. */
export function messagesOf(name: string): EncodedMessage[] {
  return linesOf(pathOf(`${name}.rtsession`))
    .filter(({ type, opcode }) => type === 'message' && opcode !== undefined)
    .map(({ text, base64, direction, opcode, time, event = '' }, number) => {
      const payload = base64 === undefined ? Buffer.from(text) : Buffer.from(base64, 'base64')
      return message(payload, {
        direction,
        binary: opcode === 'binary',
        number,
        time,
        eventName: event,
      })
    })
}

export const FACTS: ConnectionFacts = { connection: 1, url: 'ws://127.0.0.1/', transport: 'websocket' }

/** A message as a decoder gets it. Text is a text message. */
export function message(payload: Uint8Array | string, fields: Partial<EncodedMessage> = {}): EncodedMessage {
  const bytes = typeof payload === 'string' ? Buffer.from(payload) : payload
  return {
    facts: FACTS,
    number: 0,
    time: 0,
    direction: 'in',
    isRequest: false,
    url: fields.facts?.url ?? FACTS.url ?? '',
    binary: typeof payload !== 'string',
    eventName: '',
    payload: bytes,
    size: bytes.length,
    ...fields,
  }
}

/** What a new decoder makes of messages. */
export function decodeAll(decoder: Decoder, messages: readonly EncodedMessage[]): Packet[] {
  const decoding = decoder.open(messages[0]?.facts ?? FACTS)
  return messages.flatMap((each) => decoding.decode(each).map(withValue))
}

/** The packet with its value made, as it is shown. */
export function withValue({ lazyValue, ...packet }: Packet): Packet {
  const value = lazyValue?.()
  return value === undefined ? packet : { ...packet, value }
}

export type { DecodedLine }
