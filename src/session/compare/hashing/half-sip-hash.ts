/**
 * HalfSipHash-1-3 with 64 bits of output (Aumasson and Bernstein, "SipHash: a fast short-input PRF", 2012, and its reference
 * code), in states that share one array. Without the key, nobody can prepare two contents with the same hash.
 */
import { randomBytes } from 'node:crypto'

/** Words of a state. Its hash is in the first two after `finish`. */
export const STATE = 4

export type HashKey = readonly [number, number]

export function randomKey(): HashKey {
  const bytes = randomBytes(8)
  return [bytes.readInt32LE(0), bytes.readInt32LE(4)]
}

/** Begins a hash in the state at `o`. */
export function begin(s: Int32Array, o: number, [k0, k1]: HashKey): void {
  s[o] = k0
  s[o + 1] = k1 ^ 0xee
  s[o + 2] = 0x6c796765 ^ k0
  s[o + 3] = 0x74656462 ^ k1
}

export function absorb(s: Int32Array, o: number, word: number): void {
  let v0 = s[o] ?? 0
  let v1 = s[o + 1] ?? 0
  let v2 = s[o + 2] ?? 0
  let v3 = (s[o + 3] ?? 0) ^ word
  v0 = (v0 + v1) | 0
  v1 = ((v1 << 5) | (v1 >>> 27)) ^ v0
  v0 = (v0 << 16) | (v0 >>> 16)
  v2 = (v2 + v3) | 0
  v3 = ((v3 << 8) | (v3 >>> 24)) ^ v2
  v0 = (v0 + v3) | 0
  v3 = ((v3 << 7) | (v3 >>> 25)) ^ v0
  v2 = (v2 + v1) | 0
  v1 = ((v1 << 13) | (v1 >>> 19)) ^ v2
  v2 = (v2 << 16) | (v2 >>> 16)
  s[o] = v0 ^ word
  s[o + 1] = v1
  s[o + 2] = v2
  s[o + 3] = v3
}

/**
 * Absorbs the bytes [from, to), four at a time, the last ones filled up with zeros. Absorb the number of bytes before, or
 * contents of different lengths have the same hash.
 */
export function absorbBytes(s: Int32Array, o: number, bytes: Uint8Array, from: number, to: number): void {
  let v0 = s[o] ?? 0
  let v1 = s[o + 1] ?? 0
  let v2 = s[o + 2] ?? 0
  let v3 = s[o + 3] ?? 0
  for (let at = from; at < to; at += 4) {
    let word = bytes[at] ?? 0
    if (at + 4 <= to)
      word |= ((bytes[at + 1] ?? 0) << 8) | ((bytes[at + 2] ?? 0) << 16) | ((bytes[at + 3] ?? 0) << 24)
    else {
      if (at + 1 < to) word |= (bytes[at + 1] ?? 0) << 8
      if (at + 2 < to) word |= (bytes[at + 2] ?? 0) << 16
    }
    v3 ^= word
    v0 = (v0 + v1) | 0
    v1 = ((v1 << 5) | (v1 >>> 27)) ^ v0
    v0 = (v0 << 16) | (v0 >>> 16)
    v2 = (v2 + v3) | 0
    v3 = ((v3 << 8) | (v3 >>> 24)) ^ v2
    v0 = (v0 + v3) | 0
    v3 = ((v3 << 7) | (v3 >>> 25)) ^ v0
    v2 = (v2 + v1) | 0
    v1 = ((v1 << 13) | (v1 >>> 19)) ^ v2
    v2 = (v2 << 16) | (v2 >>> 16)
    v0 ^= word
  }
  s[o] = v0
  s[o + 1] = v1
  s[o + 2] = v2
  s[o + 3] = v3
}

/** Ends a hash: its halves are then in the first two words of the state. */
export function finish(s: Int32Array, o: number): void {
  s[o + 2] = (s[o + 2] ?? 0) ^ 0xee
  rounds(s, o)
  const low = (s[o + 1] ?? 0) ^ (s[o + 3] ?? 0)
  s[o + 1] = (s[o + 1] ?? 0) ^ 0xdd
  rounds(s, o)
  s[o + 1] = (s[o + 1] ?? 0) ^ (s[o + 3] ?? 0)
  s[o] = low
}

/** The three rounds before an output. */
function rounds(s: Int32Array, o: number): void {
  let v0 = s[o] ?? 0
  let v1 = s[o + 1] ?? 0
  let v2 = s[o + 2] ?? 0
  let v3 = s[o + 3] ?? 0
  for (let round = 0; round < 3; round++) {
    v0 = (v0 + v1) | 0
    v1 = ((v1 << 5) | (v1 >>> 27)) ^ v0
    v0 = (v0 << 16) | (v0 >>> 16)
    v2 = (v2 + v3) | 0
    v3 = ((v3 << 8) | (v3 >>> 24)) ^ v2
    v0 = (v0 + v3) | 0
    v3 = ((v3 << 7) | (v3 >>> 25)) ^ v0
    v2 = (v2 + v1) | 0
    v1 = ((v1 << 13) | (v1 >>> 19)) ^ v2
    v2 = (v2 << 16) | (v2 >>> 16)
  }
  s[o] = v0
  s[o + 1] = v1
  s[o + 2] = v2
  s[o + 3] = v3
}
