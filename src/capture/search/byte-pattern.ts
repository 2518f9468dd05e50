/** Searches for bytes in bytes. Both are strings with one character for each byte, in lower case. */

/** V8 searches for strings of fewer than seven characters by their first character, with SIMD. */
const MAX_ANCHOR = 6

export class BytePattern {
  readonly #needle: string
  /** The part of the needle that is searched for; it begins with the needle's rarest byte. */
  readonly #anchor: string
  readonly #before: number

  /** `counts` is the result of `countBytes`. */
  constructor(needle: string, counts: Uint32Array) {
    let rarest = 0
    const countAt = (at: number) => counts[needle.charCodeAt(at)] ?? 0
    for (let at = 1; at < needle.length; at++) if (countAt(at) < countAt(rarest)) rarest = at
    this.#needle = needle
    this.#anchor = needle.slice(rarest, rarest + MAX_ANCHOR)
    this.#before = rarest
  }

  /** The first position at or after `from`; -1 if there is none. */
  find(text: string, from: number): number {
    const before = this.#before
    let at = text.indexOf(this.#anchor, from + before)
    while (at >= 0 && !text.startsWith(this.#needle, at - before)) at = text.indexOf(this.#anchor, at + 1)
    return at < 0 ? at : at - before
  }
}

/** Counts how often each byte occurs in the first `most` characters of a text. */
export function countBytes(text: string, most: number): Uint32Array {
  const counts = new Uint32Array(256)
  const end = Math.min(text.length, most)
  for (let at = 0; at < end; at++) counts[text.charCodeAt(at)] = (counts[text.charCodeAt(at)] ?? 0) + 1
  return counts
}
