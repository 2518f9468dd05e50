/**
 * Finds many byte sequences in one pass over the bytes, however many there are (Aho and Corasick, "Efficient string
 * matching", 1975).
 */

export interface Needle {
  readonly bytes: Uint8Array
  /** Whether the bytes around a match say that it is one. */
  readonly accepts?: (before: number | undefined, after: number | undefined) => boolean
  /** A match also covers a byte before or after it, if that passes the test. */
  readonly extend?: {
    readonly before: boolean
    readonly after: boolean
    readonly test: (byte: number) => boolean
  }
}

/** From `start` to before `end`. */
export interface ByteSpan {
  readonly start: number
  readonly end: number
}

const NONE = -1

/** States are beginnings of needles; state 0 is the empty one. */
export class ByteFinder {
  /** For each state: the one with the longest other beginning that its bytes end with. */
  readonly #shorter: Int32Array
  /** For each state: the nearest one at which a needle ends, among itself and the shorter ones; or `NONE`. */
  readonly #hit: Int32Array
  /** The states that are one byte longer: the first of them, the next of the same length, and the byte. */
  readonly #longer: Int32Array
  readonly #sibling: Int32Array
  readonly #byte: Uint8Array
  /** The states of one byte, by the byte. */
  readonly #begun = new Int32Array(256)
  readonly #needles = new Map<number, Needle>()

  /** Needles without bytes are ignored. Of needles with the same bytes, one is used. */
  constructor(needles: readonly Needle[]) {
    const most = needles.reduce((sum, { bytes }) => sum + bytes.length, 1)
    this.#shorter = new Int32Array(most)
    this.#hit = new Int32Array(most).fill(NONE)
    this.#longer = new Int32Array(most).fill(NONE)
    this.#sibling = new Int32Array(most).fill(NONE)
    this.#byte = new Uint8Array(most)
    this.#addAll(needles)
    this.#link()
  }

  /** The places of needles, in order; places that overlap or touch are one. */
  find(bytes: Uint8Array): ByteSpan[] {
    const spans: ByteSpan[] = []
    const begun = this.#begun
    const hit = this.#hit
    let state = 0
    for (let index = 0; index < bytes.length; index++) {
      const byte = bytes[index] ?? 0
      state = state === 0 ? (begun[byte] ?? 0) : this.#after(state, byte)
      const ended = hit[state] ?? NONE
      if (ended === NONE) continue
      const span = this.#spanAt(bytes, index + 1, ended)
      if (span !== undefined) join(spans, span)
    }
    return spans
  }

  #addAll(needles: readonly Needle[]): void {
    let count = 1
    for (const needle of needles) {
      let state = 0
      for (const byte of needle.bytes) {
        let target = this.#child(state, byte)
        if (target === NONE) {
          target = count++
          this.#byte[target] = byte
          this.#sibling[target] = this.#longer[state] ?? NONE
          this.#longer[state] = target
        }
        state = target
      }
      if (state === 0) continue
      this.#needles.set(state, needle)
      this.#hit[state] = state
    }
  }

  /** Finds what each state has in common with others, by length. */
  #link(): void {
    const queue = [0]
    for (const state of queue)
      for (let child = this.#longer[state] ?? NONE; child !== NONE; child = this.#sibling[child] ?? NONE) {
        const byte = this.#byte[child] ?? 0
        if (state === 0) this.#begun[byte] = child
        else this.#shorter[child] = this.#after(this.#shorter[state] ?? 0, byte)
        if (this.#hit[child] === NONE) this.#hit[child] = this.#hit[this.#shorter[child] ?? 0] ?? NONE
        queue.push(child)
      }
  }

  #child(state: number, byte: number): number {
    let child = this.#longer[state] ?? NONE
    while (child !== NONE && this.#byte[child] !== byte) child = this.#sibling[child] ?? NONE
    return child
  }

  /** The state after one more byte. */
  #after(from: number, byte: number): number {
    for (let state = from; state !== 0; state = this.#shorter[state] ?? 0) {
      const child = this.#child(state, byte)
      if (child !== NONE) return child
    }
    return this.#begun[byte] ?? 0
  }

  /** The longest needle that ends before `end`, from the given state on. */
  #spanAt(bytes: Uint8Array, end: number, first: number): ByteSpan | undefined {
    for (let state = first; state !== NONE; state = this.#hit[this.#shorter[state] ?? 0] ?? NONE) {
      const needle = this.#needles.get(state)
      const span = needle && spanOf(needle, bytes, end)
      if (span !== undefined) return span
    }
    return undefined
  }
}

/** What a needle covers that ends before `end`; undefined if the bytes around it say that it is none. */
function spanOf(
  { bytes: { length }, accepts, extend }: Needle,
  bytes: Uint8Array,
  end: number,
): ByteSpan | undefined {
  const start = end - length
  const before = bytes[start - 1]
  const after = bytes[end]
  if (accepts !== undefined && !accepts(before, after)) return undefined
  const covers = (byte: number | undefined, isWanted = false) =>
    isWanted && byte !== undefined && extend?.test(byte) === true
  return {
    start: covers(before, extend?.before) ? start - 1 : start,
    end: covers(after, extend?.after) ? end + 1 : end,
  }
}

/** Adds a span that ends after those before it. */
function join(spans: ByteSpan[], span: ByteSpan): void {
  let { start, end } = span
  for (let last = spans.at(-1); last !== undefined && last.end >= start; last = spans.at(-1)) {
    start = Math.min(start, last.start)
    end = Math.max(end, last.end)
    spans.pop()
  }
  spans.push({ start, end })
}
