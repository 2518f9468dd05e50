/**
 * The hashes of JSON values in each other, one level for each array and object. Each level has the hash of what is exactly
 * the same, and from the first difference on another one of what is alike.
 */
import { absorb, absorbBytes, begin, finish, type HashKey } from './half-sip-hash.ts'

/** The kinds of tokens, in the lowest bits of a word. The others are a length or a number. */
export const TOKEN = { string: 1, number: 2, literal: 3, array: 4, end: 5, object: 6 } as const
const KIND_BITS = 3

/**
 * The words of a level: the state of what is exactly the same, that of what is alike, and whether they differ. Then the same
 * of the members of an object, which are in the level: the sums of their hashes, and whether these differ.
 */
const ALIKE = 4
const DIFFERS = 8
const SUM = 9
const SUM_ALIKE = 11
const SUM_DIFFERS = 13
const LEVEL = 16

export class JsonLevels {
  readonly #key: HashKey
  readonly #words: Int32Array

  constructor(key: HashKey, depth: number) {
    this.#key = key
    this.#words = new Int32Array((depth + 1) * LEVEL)
  }

  begin(level: number): void {
    begin(this.#words, level * LEVEL, this.#key)
    this.#words[level * LEVEL + DIFFERS] = 0
  }

  /** Ends the hashes of a level. Read them with `low` and `high`. */
  finish(level: number): void {
    const o = level * LEVEL
    finish(this.#words, o)
    if (this.#words[o + DIFFERS] === 1) finish(this.#words, o + ALIKE)
  }

  low(level: number): number {
    return this.#words[level * LEVEL] ?? 0
  }

  high(level: number): number {
    return this.#words[level * LEVEL + 1] ?? 0
  }

  lowAlike(level: number): number {
    return this.#words[this.#alike(level * LEVEL)] ?? 0
  }

  highAlike(level: number): number {
    return this.#words[this.#alike(level * LEVEL) + 1] ?? 0
  }

  /** A number for what the level has absorbed so far. */
  soFar(level: number): number {
    const o = level * LEVEL
    return (this.#words[o + 1] ?? 0) ^ (this.#words[o + 3] ?? 0)
  }

  /** Another number for that. */
  alsoSoFar(level: number): number {
    return this.#words[level * LEVEL + 2] ?? 0
  }

  string(level: number, bytes: Uint8Array, from: number, to: number): void {
    this.exactly(level, TOKEN.string, bytes, from, to)
    const o = level * LEVEL
    if (this.#words[o + DIFFERS] === 1) this.#absorb(o + ALIKE, TOKEN.string, bytes, from, to)
  }

  /** Absorbs a text only into what is exactly the same. */
  exactly(level: number, kind: number, bytes: Uint8Array, from: number, to: number): void {
    this.#absorb(level * LEVEL, kind, bytes, from, to)
  }

  /** Absorbs a text only into what is alike. */
  alike(level: number, kind: number, bytes: Uint8Array, length: number): void {
    this.#diverge(level * LEVEL)
    this.#absorb(level * LEVEL + ALIKE, kind, bytes, 0, length)
  }

  token(level: number, kind: number, number = 0): void {
    const words = this.#words
    const o = level * LEVEL
    const word = kind | (number << KIND_BITS)
    absorb(words, o, word)
    if (words[o + DIFFERS] === 1) absorb(words, o + ALIKE, word)
  }

  /** The hashes of a level go on in the next one, and come back with `leave`. */
  enter(level: number): void {
    const o = level * LEVEL
    this.#words.copyWithin(o + LEVEL, o, o + DIFFERS + 1)
  }

  leave(level: number): void {
    const p = (level + 1) * LEVEL
    this.#words.copyWithin(p - LEVEL, p, p + DIFFERS + 1)
  }

  /** Begins an object whose members will be in `level`. */
  beginMembers(level: number): void {
    this.#words.fill(0, level * LEVEL + SUM, (level + 1) * LEVEL)
  }

  /** Ends the member in `level`, and adds it to those of its object: their order does not matter. */
  addMember(level: number): void {
    this.finish(level)
    const words = this.#words
    const p = level * LEVEL
    const alike = this.#alike(p)
    words[p + SUM] = (words[p + SUM] ?? 0) + (words[p] ?? 0)
    words[p + SUM + 1] = (words[p + SUM + 1] ?? 0) + (words[p + 1] ?? 0)
    words[p + SUM_ALIKE] = (words[p + SUM_ALIKE] ?? 0) + (words[alike] ?? 0)
    words[p + SUM_ALIKE + 1] = (words[p + SUM_ALIKE + 1] ?? 0) + (words[alike + 1] ?? 0)
    if (alike !== p) words[p + SUM_DIFFERS] = 1
  }

  /** Absorbs an object with that many members, which are in the next level. */
  object(level: number, count: number): void {
    const words = this.#words
    const o = level * LEVEL
    const p = o + LEVEL
    if (words[p + SUM_DIFFERS] === 1) this.#diverge(o)
    this.token(level, TOKEN.object, count)
    absorb(words, o, words[p + SUM] ?? 0)
    absorb(words, o, words[p + SUM + 1] ?? 0)
    if (words[o + DIFFERS] !== 1) return
    absorb(words, o + ALIKE, words[p + SUM_ALIKE] ?? 0)
    absorb(words, o + ALIKE, words[p + SUM_ALIKE + 1] ?? 0)
  }

  #absorb(o: number, kind: number, bytes: Uint8Array, from: number, to: number): void {
    absorb(this.#words, o, kind | ((to - from) << KIND_BITS))
    absorbBytes(this.#words, o, bytes, from, to)
  }

  #alike(o: number): number {
    return this.#words[o + DIFFERS] === 1 ? o + ALIKE : o
  }

  /** From here on, what is alike has a state of its own. */
  #diverge(o: number): void {
    const words = this.#words
    if (words[o + DIFFERS] === 1) return
    for (let at = o; at < o + ALIKE; at++) words[at + ALIKE] = words[at] ?? 0
    words[o + DIFFERS] = 1
  }
}
