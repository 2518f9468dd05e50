/** Messages of Protocol Buffers in a stream: each after its length, or in a frame of gRPC. */
import { GRPC_FLAGS, GRPC_HEAD, hasUnknownFlags } from '../../../../parse/grpc.ts'
import type { PacketBytes } from '../../../packet-bytes.ts'
import { varintAt } from '../../varint.ts'
import type { Framing } from './framing.ts'

export interface Frame {
  readonly bytes: Uint8Array
  readonly isCompressed: boolean
  /** `trailers` of gRPC-Web, or the JSON that ends a stream of Connect. */
  readonly end: 'trailers' | 'json' | undefined
}

const { compressed: COMPRESSED, endOfStream: END_OF_STREAM, trailers: TRAILERS } = GRPC_FLAGS
const MAX_LENGTH_BYTES = 5
const MAX_SIZE = 64 * 1024 * 1024

/** Takes the next frame; undefined if it is incomplete. Throws if the bytes are not one. */
export function takeFrame(bytes: PacketBytes, framing: Framing): Frame | undefined {
  return framing === 'delimited' ? takeDelimited(bytes) : takeGrpc(bytes)
}

function takeDelimited(bytes: PacketBytes): Frame | undefined {
  const length = varintAt(bytes, 0, MAX_LENGTH_BYTES)
  if (length === undefined) {
    if (bytes.length >= MAX_LENGTH_BYTES) throw new Error('The length of a message is not one.')
    return undefined
  }
  checkSize(length.value)
  if (bytes.length < length.end + length.value) return undefined
  bytes.take(length.end)
  return { bytes: bytes.take(length.value), isCompressed: false, end: undefined }
}

function takeGrpc(bytes: PacketBytes): Frame | undefined {
  if (bytes.length < GRPC_HEAD) return undefined
  const flags = bytes.at(0) ?? 0
  if (hasUnknownFlags(flags)) throw new Error('The bytes are not a frame of gRPC.')
  let size = 0
  for (let at = 1; at < GRPC_HEAD; at++) size = size * 256 + (bytes.at(at) ?? 0)
  checkSize(size)
  if (bytes.length < GRPC_HEAD + size) return undefined
  bytes.take(GRPC_HEAD)
  const end = (flags & TRAILERS) !== 0 ? 'trailers' : (flags & END_OF_STREAM) !== 0 ? 'json' : undefined
  return { bytes: bytes.take(size), isCompressed: (flags & COMPRESSED) !== 0, end }
}

function checkSize(size: number): void {
  if (size > MAX_SIZE) throw new Error(`A message has ${size} bytes, more than 64 MiB.`)
}
