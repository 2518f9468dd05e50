/** Makes the decoder of a vendor's protocol: JSON in SSE events, lines, array elements or WebSocket messages. */

import { isFields } from '../../../shared/fields.ts'
import { elementSpans } from '../../byte-spans.ts'
import type { ConnectionDecoder, Decoder, EncodedMessage, Packet } from '../../decoder.ts'
import { firstJson } from '../../first-json.ts'
import { MAX_PACKETS } from '../../packet-bytes.ts'
import type { PacketMap } from '../../packet-map.ts'
import { contentOf, textOf } from '../../values.ts'
import { type ModelDialect, pathIn } from './dialect.ts'
import { answerPacket, donePacket, requestPacket } from './model-packets.ts'
import { isShallow, readJson, tryJson } from './read-json.ts'

const DONE = '[DONE]'
/** Bytes of a message that is looked at to recognize it. */
const MAX_RECOGNIZED = 1024 * 1024

export function modelDecoder(dialect: ModelDialect): Decoder {
  const decoding: ConnectionDecoder = {
    decode: (message, map) => decode(dialect, message, map),
    copy: () => decoding,
  }
  return {
    name: dialect.name,
    isJson: true,
    recognize: (facts) => dialect.recognize(facts),
    recognizeMessage(message) {
      if (message.payload.length > MAX_RECOGNIZED) return undefined
      const value = firstJson(message.payload)
      if (!isShallow(value, message.payload.length)) return undefined
      const first = Array.isArray(value) ? value[0] : value
      return isFields(first) ? dialect.recognizeMessage(first, message) : undefined
    },
    open: () => decoding,
  }
}

function decode(
  dialect: ModelDialect,
  message: EncodedMessage,
  map: PacketMap | undefined,
): readonly Packet[] {
  const { payload, direction, isRequest, url } = message
  if (isRequest || direction === 'out')
    return [requestPacket(dialect, tryJson(payload) ?? contentOf(payload), pathIn(url))]
  if (isDone(payload)) return [donePacket()]
  if (payload.every(isSpace)) return [{ kind: 'heartbeat' }]
  const value = readJson(payload)
  const values = Array.isArray(value) ? value : [value]
  if (values.length > MAX_PACKETS) throw new Error(`A message has more than ${MAX_PACKETS} packets.`)
  if (map !== undefined && Array.isArray(value))
    for (const [from, to] of elementSpans(payload)) map.packet(from, to)
  return values.map((each) => answerPacket(dialect, each))
}

function isDone(payload: Uint8Array): boolean {
  return payload.length < 16 && textOf(payload).trim() === DONE
}

function isSpace(byte: number): boolean {
  return byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09
}
