/** What to look for to find a secret value: its forms, and its base64. */
import { latin1 } from '../text/decode.ts'
import type { Needle } from './byte-finder.ts'
import { SHORTEST_SECRET, secretForms } from './secret-forms.ts'

/** Shorter values are found only as whole words. */
const SHORT = 6
/** Shorter base64 is found by chance in long base64. */
const SHORTEST_BASE64 = 6

const encoder = new TextEncoder()

/** The needles to find the value by. None if it is too short. */
export function needlesFor(value: string): Needle[] {
  if (value.length < SHORTEST_SECRET) return []
  const accepts = value.length < SHORT ? isWholeWord : undefined
  return [
    ...secretForms(value).map((text) => ({ bytes: encoder.encode(text), ...(accepts && { accepts }) })),
    ...base64Needles(encoder.encode(value)),
  ]
}

/**
 * The base64 of the value within that of more bytes, such as `user:password`: it depends on how many bytes are before it. A
 * digit at either end may have bits of other bytes, too.
 */
function base64Needles(bytes: Uint8Array): Needle[] {
  const needles: Needle[] = []
  for (const offset of [0, 1, 2]) {
    const bits = { start: offset * 8, end: (offset + bytes.length) * 8 }
    const padded = new Uint8Array(offset + bytes.length)
    padded.set(bytes, offset)
    const digits = btoa(latin1(padded)).slice(Math.ceil(bits.start / 6), Math.floor(bits.end / 6))
    if (digits.length < SHORTEST_BASE64) continue
    const extend = { before: bits.start % 6 !== 0, after: bits.end % 6 !== 0, test: isBase64 }
    for (const text of new Set([digits, digits.replaceAll('+', '-').replaceAll('/', '_')]))
      needles.push({ bytes: encoder.encode(text), extend })
  }
  return needles
}

function isWholeWord(before: number | undefined, after: number | undefined): boolean {
  return !isWord(before) && !isWord(after)
}

function isWord(byte: number | undefined): boolean {
  return byte !== undefined && /[A-Za-z\d]/.test(String.fromCharCode(byte))
}

function isBase64(byte: number): boolean {
  return /[A-Za-z\d+/_-]/.test(String.fromCharCode(byte))
}
