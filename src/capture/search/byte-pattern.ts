/** A row of bytes to be found in many, both as strings of one character a byte, in lower case. */

/** V8 finds a string of fewer than seven characters by its first one, sixteen or more bytes at a time. */
const MAX_ANCHOR = 6

export class BytePattern {
  readonly #needle: string
  /** The part of the needle that is looked for, which begins with a byte that is rare. */
  readonly #anchor: string
  readonly #before: number

  /** `counts` says how often each byte occurs, as `countBytes` tells. */
  constructor(needle: string, counts: Uint32Array) {
    let rarest = 0
    const countAt = (at: number) => counts[needle.charCodeAt(at)] ?? 0
    for (let at = 1; at < needle.length; at++) if (countAt(at) < countAt(rarest)) rarest = at
    this.#needle = needle
    this.#anchor = needle.slice(rarest, rarest + MAX_ANCHOR)
    this.#before = rarest
  }

  /** Where it is found first, beginning at `from` or later; -1 where it is not. */
  find(text: string, from: number): number {
    const before = this.#before
    let at = text.indexOf(this.#anchor, from + before)
    while (at >= 0 && !text.startsWith(this.#needle, at - before)) at = text.indexOf(this.#anchor, at + 1)
    return at < 0 ? at : at - before
  }
}

/** How often each byte occurs in the first `most` of a text. */
export function countBytes(text: string, most: number): Uint32Array {
  const counts = new Uint32Array(256)
  const end = Math.min(text.length, most)
  for (let at = 0; at < end; at++) counts[text.charCodeAt(at)] = (counts[text.charCodeAt(at)] ?? 0) + 1
  return counts
}
