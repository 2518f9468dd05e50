/** Ids of Socket.IO with `socket.io-msgpack-parser`: a packet is one map. */
import { opposite, type ReplaceId, type WholePacket } from '../ids.ts'
import { applyByteEdits, type ByteEdit, editScalar, placeIn, scalarAt } from '../msgpack-edits.ts'
import { isOffset } from './offset.ts'

/** Numbers of types. */
const CONNECT = 0
const EVENT = 2
const ACK = 3

/** What a map says about its packet. */
interface PackedHead {
  readonly type: unknown
  readonly namespace: unknown
  /** The client can recover: CONNECT has what it recovers by. */
  readonly isRecoverable: boolean
  /** The last argument of an event without acknowledgment has the form of an offset. */
  readonly mayHaveOffset: boolean
}

export function packedHead(bytes: Uint8Array): PackedHead {
  const type = scalarAt(bytes, placeIn(bytes, 0, ['type']))
  return {
    type,
    namespace: scalarAt(bytes, placeIn(bytes, 0, ['nsp'])),
    isRecoverable: type === CONNECT && placeIn(bytes, 0, ['data', 'pid']) !== undefined,
    mayHaveOffset:
      type === EVENT &&
      placeIn(bytes, 0, ['id']) === undefined &&
      placeIn(bytes, 0, ['data', 1]) !== undefined &&
      isOffset(scalarAt(bytes, placeIn(bytes, 0, ['data', -1]))),
  }
}

export function replacePacked(packet: WholePacket, hasOffset: boolean, replace: ReplaceId): Uint8Array {
  const { bytes, direction } = packet
  const { type, namespace } = packedHead(bytes)
  const edit = (path: readonly (string | number)[], kind: string, side: WholePacket['direction'] = 'in') =>
    editScalar(bytes, placeIn(bytes, 0, path), (id) => replace(kind, id, side))
  const edits: (ByteEdit | undefined)[] = []
  if (type === CONNECT)
    edits.push(
      edit(['data', 'sid'], 'socket'),
      edit(['data', 'pid'], 'recovery'),
      edit(['data', 'offset'], 'offset'),
    )
  if (type === EVENT || type === ACK) {
    const kind = namespace === '/' ? 'request' : `request ${namespace}`
    edits.push(edit(['id'], kind, type === EVENT ? direction : opposite(direction)))
  }
  if (hasOffset) edits.push(edit(['data', -1], 'offset'))
  return applyByteEdits(
    bytes,
    edits.filter((each) => each !== undefined),
  )
}
