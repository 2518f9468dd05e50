/** Removes the mask of a client's frames (RFC 6455 section 5.3). */

/** From this size on, a view of four bytes at a time is worth its making. */
const MIN_WORDS = 64

const scratch = new Uint32Array(1)
const scratchBytes = new Uint8Array(scratch.buffer)

/** Unmasks `size` bytes from `start` on, in place. The masking key is in `keys` at `keyAt`, and stays. */
export function unmask(
  bytes: Uint8Array,
  start: number,
  size: number,
  keys: Uint8Array,
  keyAt: number,
): void {
  const [a = 0, b = 0, c = 0, d = 0] = [keys[keyAt], keys[keyAt + 1], keys[keyAt + 2], keys[keyAt + 3]]
  const key = [a, b, c, d]
  const end = start + size
  let at = start
  if (size >= MIN_WORDS) {
    while ((bytes.byteOffset + at) % 4 !== 0) at = xor(bytes, at, start, key)
    for (let i = 0; i < 4; i++) scratchBytes[i] = key[(at - start + i) & 3] ?? 0
    const [word = 0] = scratch
    const words = new Uint32Array(bytes.buffer, bytes.byteOffset + at, (end - at) >> 2)
    for (let i = 0; i < words.length; i++) words[i] = (words[i] ?? 0) ^ word
    at += words.length * 4
  }
  while (at < end) at = xor(bytes, at, start, key)
}

function xor(bytes: Uint8Array, at: number, start: number, key: readonly number[]): number {
  bytes[at] = (bytes[at] ?? 0) ^ (key[(at - start) & 3] ?? 0)
  return at + 1
}
