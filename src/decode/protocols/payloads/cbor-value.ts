/**
 * Reads a whole CBOR value (RFC 8949) whose depth was checked. The library `cborg` does not read strings in chunks, and
 * rejects unknown tags; tests compare with it.
 */
import { textOf } from '../../values.ts'

const INDEFINITE = 31
const BREAK = Symbol('break')

/** Values of JavaScript: maps are a `Map`, tags without a meaning in JSON are `{ tag, value }`. */
export function cborValue(bytes: Uint8Array): unknown {
  return new CborReader(bytes).read()
}

class CborReader {
  readonly #bytes: Uint8Array
  readonly #view: DataView
  #at = 0

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  }

  read(): unknown {
    const first = this.#view.getUint8(this.#at++)
    const minor = first & 0x1f
    const argument = minor === INDEFINITE ? undefined : this.#argument(minor)
    switch (first >> 5) {
      case 0:
        return argument
      case 1:
        return typeof argument === 'bigint' ? -1n - argument : -1 - Number(argument)
      case 2:
        return argument === undefined ? Buffer.concat(this.#chunks()) : this.#take(Number(argument))
      case 3:
        return argument === undefined
          ? this.#chunks().map(textOf).join('')
          : textOf(this.#take(Number(argument)))
      case 4:
        return this.#items(argument)
      case 5:
        return this.#map(argument)
      case 6:
        return tagged(Number(argument), this.read())
      default:
        return this.#simple(minor, argument)
    }
  }

  #argument(minor: number): number | bigint {
    const at = this.#at
    if (minor < 24) return minor
    this.#at += 2 ** (minor - 24)
    if (minor === 24) return this.#view.getUint8(at)
    if (minor === 25) return this.#view.getUint16(at)
    if (minor === 26) return this.#view.getUint32(at)
    const large = this.#view.getBigUint64(at)
    return large <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(large) : large
  }

  #take(length: number): Uint8Array {
    this.#at += length
    return this.#bytes.subarray(this.#at - length, this.#at)
  }

  #items(count: number | bigint | undefined): unknown[] {
    const items: unknown[] = []
    for (let index = 0; count === undefined || index < count; index++) {
      const item = this.read()
      if (item === BREAK) return items
      items.push(item)
    }
    return items
  }

  #map(count: number | bigint | undefined): Map<unknown, unknown> {
    const map = new Map<unknown, unknown>()
    for (let index = 0; count === undefined || index < count; index++) {
      const key = this.read()
      if (key === BREAK) return map
      const value = this.read()
      if (value === BREAK) throw new Error('A key has no value.')
      map.set(key, value)
    }
    return map
  }

  #chunks(): Uint8Array[] {
    return this.#items(undefined).map((chunk) => {
      if (chunk instanceof Uint8Array) return chunk
      if (typeof chunk === 'string') return Buffer.from(chunk)
      throw new Error('A chunk of a string is not a string.')
    })
  }

  #simple(minor: number, argument: number | bigint | undefined): unknown {
    if (argument === undefined) return BREAK
    const at = this.#at
    if (minor === 25) return float16(this.#view.getUint16(at - 2))
    if (minor === 26) return this.#view.getFloat32(at - 4)
    if (minor === 27) return this.#view.getFloat64(at - 8)
    if (argument === 20 || argument === 21) return argument === 21
    if (argument === 22) return null
    return argument === 23 ? undefined : { simple: argument }
  }
}

/** RFC 8949, appendix D. */
function float16(half: number): number {
  const sign = half & 0x8000 ? -1 : 1
  const exponent = (half >> 10) & 0x1f
  const fraction = half & 0x3ff
  if (exponent === 0) return sign * fraction * 2 ** -24
  if (exponent === 31) return fraction === 0 ? sign * Number.POSITIVE_INFINITY : Number.NaN
  return sign * (fraction + 1024) * 2 ** (exponent - 25)
}

function tagged(tag: number, value: unknown): unknown {
  if (tag === 0 && typeof value === 'string') return value
  if (tag === 1 && typeof value === 'number') return new Date(value * 1000)
  if ((tag === 2 || tag === 3) && value instanceof Uint8Array) {
    const magnitude = BigInt(`0x0${Buffer.from(value).toString('hex')}`)
    return tag === 2 ? magnitude : -1n - magnitude
  }
  return { tag, value }
}
