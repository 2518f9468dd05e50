/** Messages between page and engine as text: adds typed arrays and undefined to JSON. */

const ARRAYS = { Uint8Array, Uint16Array, Uint32Array, Float64Array } as const

type ArrayName = keyof typeof ARRAYS

interface Bytes {
  readonly typed: ArrayName
  readonly codes: string
}

function isBytes(value: unknown): value is Bytes {
  return typeof value === 'object' && value !== null && 'typed' in value && 'codes' in value
}

/** Typed arrays become their bytes as characters. */
export function encode(message: unknown): string {
  return JSON.stringify(message, (_key, value: unknown) => {
    if (!ArrayBuffer.isView(value)) return value
    const bytes = new Uint8Array(value.buffer, value.byteOffset, value.byteLength)
    const parts: string[] = []
    for (let i = 0; i < bytes.length; i += 8192)
      parts.push(String.fromCharCode(...bytes.subarray(i, i + 8192)))
    const name = Buffer.isBuffer(value) ? 'Uint8Array' : value.constructor.name
    return { typed: name, codes: parts.join('') }
  })
}

export function decode(text: string): unknown {
  return JSON.parse(text, (_key, value: unknown) => {
    if (!isBytes(value)) return value
    const bytes = Uint8Array.from(value.codes, (character) => character.charCodeAt(0))
    return new ARRAYS[value.typed](bytes.buffer)
  })
}
