/** CBOR (RFC 8949), also as a sequence (RFC 8742). */
import { toJson } from '../../values.ts'
import { type BinaryFormat, binaryDecoder } from './binary-decoder.ts'
import { cborValue } from './cbor-value.ts'
import { type Bytes, type ItemHeader, uintAt } from './item-scanner.ts'

const INDEFINITE = 31
const BREAK = 0xff

function readCborHeader(bytes: Bytes, at: number): ItemHeader | undefined {
  const first = bytes.at(at)
  if (first === undefined) return undefined
  if (first === BREAK) return { size: 1, isBreak: true }
  const major = first >> 5
  const minor = first & 0x1f
  if (minor > 27 && minor < INDEFINITE) throw new Error('The bytes are not CBOR.')
  const extra = minor < 24 || minor === INDEFINITE ? 0 : 2 ** (minor - 24)
  const argument = extra === 0 ? minor : uintAt(bytes, at + 1, extra)
  if (argument === undefined) return undefined
  const size = 1 + extra
  // Integers, simple values and floats.
  if (major < 2 || major === 7) return { size }
  if (minor === INDEFINITE) return { size, children: Number.POSITIVE_INFINITY }
  if (major < 4) return { size: size + argument }
  if (major === 6) return { size, children: 1 }
  return { size, children: major === 4 ? argument : 2 * argument }
}

/** The JSON of a whole value. */
export function decodeCbor(bytes: Uint8Array): unknown {
  return toJson(cborValue(bytes))
}

const format: BinaryFormat = {
  name: 'cbor',
  title: 'CBOR',
  types: new Set(['cbor', 'cbor-seq']),
  readHeader: readCborHeader,
  decode: decodeCbor,
}

export const cbor = binaryDecoder(format)
