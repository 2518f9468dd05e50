/** Ids of Socket.IO and Engine.IO: acknowledgments, sessions, and what clients recover by. */

import { tryParseJson } from '../../../shared/text/json-text.ts'
import { compilePath, type Step } from '../../dialects/path.ts'
import { opposite, type PacketParts, type ProtocolIds, type ReplaceId, type WholePacket } from '../ids.ts'
import { type Edit, editAt } from '../json-edits.ts'
import { editedBytes, packetText } from '../packet-text.ts'
import { type RequestParts, replaceParts } from '../request-ids.ts'
import { EngineSplitter, writeEngine } from './engine-splitter.ts'
import { replacePacked } from './msgpack-ids.ts'

/** The types of Engine.IO, which is 4, and of Socket.IO, the number of attachments, the namespace and the id. */
const PACKET = /^(4[0-6](?:\d{1,4}-)?)(?:(\/[^,]*)(?:,|$))?(\d*)/
const CONNECT = '0'
const EVENTS = '25'
const ACKS = '36'
const SID = compilePath('$.sid').steps
const PID = compilePath('$.pid').steps
const OFFSET = compilePath('$.offset').steps
const LAST = compilePath('$[-1]').steps

/** `t` only keeps browsers from caching. */
const REQUEST_PARTS: RequestParts = {
  query: new Map([
    ['sid', 'session'],
    ['t', 'nonce'],
  ]),
}

export const socketIoIds: ProtocolIds = protocolOf('socket.io')
/** Engine.IO without Socket.IO. */
export const engineIoIds: ProtocolIds = protocolOf('engine.io')

function protocolOf(name: 'socket.io' | 'engine.io'): ProtocolIds {
  const protocol: ProtocolIds = {
    name,
    splitter: (facts) => new EngineSplitter(protocol, facts),
    replace(packet, replace) {
      const hasOffset = 'hasOffset' in packet && packet.hasOffset === true
      if (packet.binary && name === 'socket.io') return replacePacked(packet, hasOffset, replace)
      const text = packet.binary ? undefined : packetText(packet.bytes)
      if (text === undefined) return packet.bytes
      const edits: readonly (Edit | undefined)[] =
        text[0] === '0'
          ? [editIn(text, 1, SID, 'session', replace)]
          : name === 'socket.io'
            ? packetEdits(text, packet, replace)
            : []
      return editedBytes(
        packet.bytes,
        text,
        edits.filter((edit) => edit !== undefined),
      )
    },
    parts: partsOf,
    write: writeEngine,
    replaceInRequest: (head, replace) => replaceParts(head, REQUEST_PARTS, replace),
  }
  return protocol
}

/** Ids of namespaces do not clash, nor do their names: a URL has no space. */
function packetEdits(text: string, packet: WholePacket, replace: ReplaceId): readonly (Edit | undefined)[] {
  const match = PACKET.exec(text)
  if (match === null) return []
  const [head, packetType, namespace = '/', id = ''] = match
  const type = packetType?.[1] ?? ''
  const dataAt = head.length
  if (type === CONNECT)
    return [
      editIn(text, dataAt, SID, 'socket', replace),
      editIn(text, dataAt, PID, 'recovery', replace),
      editIn(text, dataAt, OFFSET, 'offset', replace),
    ]
  const side = EVENTS.includes(type)
    ? packet.direction
    : ACKS.includes(type)
      ? opposite(packet.direction)
      : undefined
  if (side === undefined) return []
  if (id !== '') {
    const kind = namespace === '/' ? 'request' : `request ${namespace}`
    const replacement = replace(kind, Number(id), side)
    return typeof replacement !== 'number' || !Number.isSafeInteger(replacement) || replacement < 0
      ? []
      : [{ start: dataAt - id.length, end: dataAt, text: String(replacement) }]
  }
  if (!('hasOffset' in packet) || packet.hasOffset !== true) return []
  return [editIn(text, dataAt, LAST, 'offset', replace)]
}

/** Its type, namespace and id, and what follows them. */
function partsOf({ bytes, binary }: WholePacket): PacketParts | undefined {
  const text = binary ? undefined : packetText(bytes)
  if (text === undefined) return undefined
  const match = PACKET.exec(text)
  if (match === null) return { head: { packet: text.slice(0, 1) }, data: bytes.subarray(1) }
  const [head, packet = '', namespace = '/', id = ''] = match
  return { head: { packet, namespace, id }, data: bytes.subarray(Buffer.byteLength(head)) }
}

function editIn(
  text: string,
  start: number,
  steps: readonly Step[],
  kind: string,
  replace: ReplaceId,
): Edit | undefined {
  if (tryParseJson(text.slice(start)) === undefined) return undefined
  return editAt(text, start, steps, (id) => replace(kind, id, 'in'))
}
