/** MessagePack: https://github.com/msgpack/msgpack/blob/master/spec.md */
import type { DecoderOptions } from '@msgpack/msgpack'
import { toJson } from '../../values.ts'
import { type BinaryFormat, binaryDecoder } from './binary-decoder.ts'
import { type Bytes, type ItemHeader, uintAt } from './item-scanner.ts'

/** By the first byte from 0xc0 on: bytes of the length, and bytes besides the content. */
const LENGTHS: Readonly<Record<number, readonly [length: number, extra: number]>> = {
  196: [1, 0],
  197: [2, 0],
  198: [4, 0],
  199: [1, 1],
  200: [2, 1],
  201: [4, 1],
  217: [1, 0],
  218: [2, 0],
  219: [4, 0],
}
/** By the first byte from 0xca on: bytes that follow. */
const FIXED: Readonly<Record<number, number>> = {
  202: 4,
  203: 8,
  204: 1,
  205: 2,
  206: 4,
  207: 8,
  208: 1,
  209: 2,
  210: 4,
  211: 8,
  212: 2,
  213: 3,
  214: 5,
  215: 9,
  216: 17,
}

/** The beginning of a value. */
export function readMsgpackHeader(bytes: Bytes, at: number): ItemHeader | undefined {
  const first = bytes.at(at)
  if (first === undefined) return undefined
  if (first < 0x80 || first >= 0xe0) return { size: 1 }
  if (first < 0x90) return { size: 1, children: 2 * (first & 0x0f) }
  if (first < 0xa0) return { size: 1, children: first & 0x0f }
  if (first < 0xc0) return { size: 1 + (first & 0x1f) }
  const lengths = LENGTHS[first]
  if (lengths !== undefined) {
    const [size, extra] = lengths
    const length = uintAt(bytes, at + 1, size)
    return length === undefined ? undefined : { size: 1 + size + extra + length }
  }
  if (first < 0xdc) return { size: 1 + (FIXED[first] ?? 0) }
  const size = first % 2 === 0 ? 2 : 4
  const count = uintAt(bytes, at + 1, size)
  if (count === undefined) return undefined
  return { size: 1 + size, children: first < 0xde ? count : 2 * count }
}

type Library = typeof import('@msgpack/msgpack')

export type Unpack = (bytes: Uint8Array) => unknown

let decodeValue: Unpack | undefined

/** The JSON of a whole value: integers beyond 2^53 and times are text, bytes `{ base64 }`, extensions `{ type, data }`. */
export function decodeMsgpack(bytes: Uint8Array): unknown {
  if (decodeValue === undefined) throw new Error('The MessagePack library is not loaded.')
  return toJson(decodeValue(bytes))
}

export async function loadMsgpack(): Promise<void> {
  decodeValue ??= await loadMsgpackWith(() => ({ mapKeyConverter: keyText }))
}

/** Loads the library. Returns its decoder with more options. */
export async function loadMsgpackWith(optionsFor: (library: Library) => DecoderOptions): Promise<Unpack> {
  const library = await import('@msgpack/msgpack')
  const options = optionsFor(library)
  return (bytes) =>
    library.decode(bytes, {
      ...options,
      useBigInt64: true,
      // An array cannot have more items than there are bytes.
      maxArrayLength: bytes.length,
      maxMapLength: bytes.length,
    })
}

/** Keys that are not text become text. */
function keyText(key: unknown): string {
  return typeof key === 'string' ? key : JSON.stringify(toJson(key))
}

const format: BinaryFormat = {
  name: 'msgpack',
  title: 'MessagePack',
  types: new Set(['msgpack', 'messagepack']),
  readHeader: readMsgpackHeader,
  load: loadMsgpack,
  decode: decodeMsgpack,
}

export const msgpack = binaryDecoder(format)
