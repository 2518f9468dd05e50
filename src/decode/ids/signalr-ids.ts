/** Ids of SignalR with either encoding of its hub protocol. */
import { isHubFrames } from '../protocols/signalr/hub-frames.ts'
import { varintAt } from '../protocols/varint.ts'
import { encodeVarint } from './encode-varint.ts'
import {
  type CarriedMessage,
  opposite,
  type PacketSplitter,
  type ProtocolIds,
  type WholePacket,
} from './ids.ts'
import { applyByteEdits, editScalar, placeIn, scalarAt } from './msgpack-edits.ts'
import { packetOf } from './splitters.ts'

const MAX_LENGTH_BYTES = 5
const MAX_FRAMES = 200_000
/** Types of messages that begin or cancel an invocation, and that answer it. */
const ASKS: ReadonlySet<unknown> = new Set([1, 4, 5])
const ANSWERS: ReadonlySet<unknown> = new Set([2, 3])
/** Where the type and the id of the invocation are in the array. */
const TYPE = 0
const INVOCATION = 2

/** `json` knows the ids of messages in JSON. */
export function signalRIds(json: ProtocolIds): ProtocolIds {
  const protocol: ProtocolIds = {
    ...json,
    splitter(facts) {
      const records = json.splitter(facts)
      return { push: (message) => split(protocol, records, message), finish: () => records.finish() }
    },
    replace: (packet, replace) =>
      isHubFrames(packet.bytes)
        ? replaceInFrame(packet, (id, side) => replace('request', id, side))
        : json.replace(packet, replace),
  }
  return protocol
}

function split(
  protocol: ProtocolIds,
  records: PacketSplitter,
  message: CarriedMessage,
): readonly WholePacket[] {
  if (!isHubFrames(message.payload)) return records.push(message)
  const bytes = new Uint8Array(message.payload)
  const packets: WholePacket[] = []
  for (let start = 0; start < bytes.length; ) {
    const length = packets.length < MAX_FRAMES ? varintAt(bytes, start, MAX_LENGTH_BYTES) : undefined
    const end = length === undefined ? bytes.length : Math.min(length.end + length.value, bytes.length)
    packets.push(packetOf(protocol, message, bytes.subarray(start, end)))
    start = end
  }
  return packets
}

function replaceInFrame(
  { bytes, direction }: WholePacket,
  replace: (id: string | number, side: WholePacket['direction']) => string | number | undefined,
): Uint8Array {
  const length = varintAt(bytes, 0, MAX_LENGTH_BYTES)
  if (length === undefined || length.end + length.value !== bytes.length) return bytes
  const type = scalarAt(bytes, placeIn(bytes, length.end, [TYPE]))
  if (!ASKS.has(type) && !ANSWERS.has(type)) return bytes
  const side = ASKS.has(type) ? direction : opposite(direction)
  // The id of an invocation is a text, also if it has only digits.
  const edit = editScalar(bytes, placeIn(bytes, length.end, [INVOCATION]), (id) => {
    const replacement = replace(id, side)
    return replacement === undefined ? undefined : String(replacement)
  })
  if (edit === undefined) return bytes
  const body = applyByteEdits(bytes, [edit]).subarray(length.end)
  return Buffer.concat([encodeVarint(body.length), body])
}
