/** Yjs as y-websocket sends it: a message is a packet. */
import type { ConnectionDecoder, Decoder, EncodedMessage, Packet } from '../../decoder.ts'
import { varintAt } from '../varint.ts'
import {
  AUTH,
  AWARENESS,
  awarenessPacket,
  loadDecoding,
  MessageReader,
  QUERY_AWARENESS,
  queryAwarenessPacket,
  SYNC,
  syncPacket,
} from './messages.ts'

/** Sync step 1 with a state vector of at least one byte. */
const STEP_1 = [SYNC, 0] as const
const MAX_RECOGNIZED = 64 * 1024
/** Bytes of a number. Larger ones are not exact. */
const MAX_VARINT = 8

export const yjs: Decoder = {
  name: 'yjs',
  load: loadDecoding,
  recognize: () => undefined,
  recognizeMessage({ payload, binary, size }) {
    if (!binary || size > MAX_RECOGNIZED || payload[0] !== STEP_1[0] || payload[1] !== STEP_1[1])
      return undefined
    return isStateVectorMessage(payload) ? 'a sync step of Yjs' : undefined
  },
  open: () => YJS,
}

/** Without state: the packets of a connection do not depend on each other. */
const YJS: ConnectionDecoder = {
  decode({ payload, binary }: EncodedMessage): readonly Packet[] {
    // Some providers send text for their own purposes, such as `ping`.
    if (!binary) return []
    const reader = new MessageReader(payload, 'Yjs')
    switch (reader.number()) {
      case SYNC:
        return [syncPacket(reader, '')]
      case AWARENESS:
        return [awarenessPacket(reader, '')]
      case QUERY_AWARENESS:
        return [queryAwarenessPacket(reader, '')]
      case AUTH: {
        if (reader.number() !== 0) throw reader.failure()
        const reason = reader.text()
        reader.end()
        return [{ kind: 'error', name: 'permission denied', value: { reason } }]
      }
      default:
        throw reader.failure()
    }
  },
  copy: () => YJS,
}

/** Whether the rest of sync step 1 is a state vector, which is a number and as many pairs of numbers. */
function isStateVectorMessage(payload: Uint8Array): boolean {
  const length = varintAt(payload, STEP_1.length, MAX_VARINT)
  if (length === undefined || length.end + length.value !== payload.length) return false
  const count = varintAt(payload, length.end, MAX_VARINT)
  let at = count?.end
  let numbers = 0
  for (; at !== undefined && at < payload.length; numbers++) at = varintAt(payload, at, MAX_VARINT)?.end
  return at !== undefined && numbers === 2 * (count?.value ?? 0)
}
