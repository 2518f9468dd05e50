/** Secret values that are known, such as those of `{{$secret NAME}}`, to mask them wherever they appear. */
import { Failure } from '../failure.ts'
import { forgetOldest } from '../maps.ts'
import { formatCount } from '../text/numbers.ts'
import { ByteFinder, type ByteSpan } from './byte-finder.ts'
import { needlesFor } from './known-forms.ts'
import { MASK } from './masking.ts'
import { SHORTEST_SECRET } from './secret-forms.ts'

/** The most values, and the most characters in all of them. */
export const MAX_SECRETS = 1000
const MAX_LENGTH = 256 * 1024
/** Owners whose latest values are masked. */
const MAX_OWNERS = 200
const STAR = '*'.charCodeAt(0)

const encoder = new TextEncoder()
const decoder = new TextDecoder('utf-8', { ignoreBOM: true })

export class KnownSecrets {
  readonly #values = new Set<string>()
  /** The latest values of owners that often have new ones. */
  readonly #latest = new Map<object, readonly string[]>()
  /** Made when something is to be masked, because that takes time and values may come one by one. */
  #made: ByteFinder | undefined

  constructor(values: Iterable<string> = []) {
    this.add(values)
  }

  /** Whether there is nothing to mask. */
  get isEmpty(): boolean {
    return this.#values.size === 0 && this.#latest.size === 0
  }

  /** Masks more values from now on. Throws a `Failure` `TOO_MANY_SECRETS`. */
  add(values: Iterable<string>): void {
    const added = [...values].filter((value) => value.length >= SHORTEST_SECRET && !this.#values.has(value))
    if (added.length === 0) return
    const all = new Set([...this.#values, ...added])
    if (all.size > MAX_SECRETS || lengthOf(all) > MAX_LENGTH)
      throw new Failure(
        'TOO_MANY_SECRETS',
        `A session can mask ${formatCount(MAX_SECRETS)} secrets, with ${formatCount(MAX_LENGTH)} characters in all; use fewer, or open another window.`,
      )
    for (const value of added) this.#values.add(value)
    this.#made = undefined
  }

  /** As `add`, but forgets the oldest values if there are too many. A value is as new as it was added last. */
  addNewest(values: Iterable<string>): void {
    for (const value of values) {
      if (value.length < SHORTEST_SECRET || value.length > MAX_LENGTH) continue
      if (!this.#values.delete(value)) this.#made = undefined
      this.#values.add(value)
    }
    let length = lengthOf(this.#values)
    for (const oldest of this.#values) {
      if (this.#values.size <= MAX_SECRETS && length <= MAX_LENGTH) break
      this.#values.delete(oldest)
      length -= oldest.length
    }
  }

  /** Masks the latest values of an owner, at most `most`, with these as the newest. The oldest owners are forgotten. */
  hold(owner: object, values: readonly string[], most: number): void {
    const held = this.#latest.get(owner) ?? []
    if (values.some((value) => !held.includes(value))) this.#made = undefined
    this.#latest.delete(owner)
    this.#latest.set(owner, [...held.filter((value) => !values.includes(value)), ...values].slice(-most))
    forgetOldest(this.#latest, MAX_OWNERS)
  }

  /** Whether a secret is in a text or in bytes. */
  isIn(content: string | Uint8Array): boolean {
    const bytes = typeof content === 'string' ? encoder.encode(content) : content
    return this.#find(bytes).length > 0
  }

  /** The text with each secret as `***`. */
  mask(text: string): string {
    if (this.isEmpty || text.length === 0) return text
    const bytes = encoder.encode(text)
    const spans = this.#find(bytes)
    if (spans.length === 0) return text
    const parts: string[] = []
    let from = 0
    for (const { start, end } of spans) {
      parts.push(decoder.decode(bytes.subarray(from, start)), MASK)
      from = end
    }
    return parts.join('') + decoder.decode(bytes.subarray(from))
  }

  /**
   * The bytes with a star in place of each byte of a secret, so that sizes are true and lengths within the bytes stay right.
   * The same bytes if there is no secret; otherwise a copy.
   */
  maskBytes(bytes: Uint8Array): Uint8Array {
    const spans = this.#find(bytes)
    if (spans.length === 0) return bytes
    const masked = Uint8Array.from(bytes)
    for (const { start, end } of spans) masked.fill(STAR, start, end)
    return masked
  }

  #find(bytes: Uint8Array): readonly ByteSpan[] {
    if (this.isEmpty) return NO_SPANS
    this.#made ??= new ByteFinder([...this.#values, ...[...this.#latest.values()].flat()].flatMap(needlesFor))
    return this.#made.find(bytes)
  }
}

const NO_SPANS: readonly ByteSpan[] = []

function lengthOf(values: Iterable<string>): number {
  let length = 0
  for (const value of values) length += value.length
  return length
}
