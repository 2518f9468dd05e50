/** Where packets of MQTT end. */
import { varintAt } from '../varint.ts'

const MAX_PACKET = 64 * 1024 * 1024
/** Bytes of the length, at most. */
export const LENGTH_BYTES = 4

/** Bytes of a stream. */
interface Bytes {
  readonly length: number
  at(index: number): number | undefined
}

/** The header that all packets have: the type and flags, and the length of the rest. */
interface FixedHeader {
  /** Where the rest begins. */
  readonly bodyAt: number
  /** The size of the packet. */
  readonly size: number
}

/** The header of the first packet; undefined if it is not complete. */
export function fixedHeader(bytes: Bytes): FixedHeader | undefined {
  const length = varintAt(bytes, 1, LENGTH_BYTES)
  if (length === undefined) {
    if (bytes.length > LENGTH_BYTES) throw new Error('The length of a packet of MQTT has more than 4 bytes.')
    return undefined
  }
  const { value, end } = length
  if (value > MAX_PACKET) throw new Error(`A packet of MQTT has ${value} bytes, more than 64 MiB.`)
  return { bodyAt: end, size: end + value }
}
