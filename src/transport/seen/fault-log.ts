/** What faults of a proxy did to the pieces of a body. */

interface Piece {
  readonly start: number
  readonly end: number
  readonly faults: readonly string[]
}

/** Largest number of pieces that are remembered. */
const MAX_PIECES = 65_536

export class FaultLog {
  #pieces: Piece[] = []

  /** Adds a piece of `size` bytes that ends at an offset. */
  add(end: number, size: number, faults: readonly string[]): void {
    if (this.#pieces.length >= MAX_PIECES) this.#pieces = this.#pieces.slice(MAX_PIECES / 2)
    this.#pieces.push({ start: end - size, end, faults })
  }

  /**
   * What was done in the range [start, end); undefined if nothing. Of faults with the same name, the last one counts. Forgets
   * what precedes `start`.
   */
  within(start: number, end: number): readonly string[] | undefined {
    while ((this.#pieces[0]?.end ?? Number.POSITIVE_INFINITY) <= start) this.#pieces.shift()
    const found = new Map<string | undefined, string>()
    for (const piece of this.#pieces) {
      if (piece.start >= end) break
      for (const fault of piece.faults) found.set(fault.split('=', 1)[0], fault)
    }
    return found.size === 0 ? undefined : [...found.values()]
  }
}
