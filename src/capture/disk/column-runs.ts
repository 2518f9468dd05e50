/** Columns as runs of equal values. In a flood, most values of a column equal, or grow as much as, the one before. */

export type Column = Float64Array | Uint32Array | Uint16Array | Uint8Array

/** Length and value, 8 bytes each. */
export const RUN_SIZE = 16

/** Finds runs, with memory that is used again. */
export class ColumnRuns {
  readonly #values: Float64Array
  readonly #runs: Float64Array

  /** `capacity` is the length of the longest column. */
  constructor(capacity: number) {
    this.#values = new Float64Array(capacity)
    // Half of the bytes of the widest column.
    this.#runs = new Float64Array(capacity / 2)
  }

  /**
   * The runs of a column; undefined if they take more than half of its bytes. With `differences`, the runs of the
   * first value and of how much each later value differs from the one before. Valid until the next call.
   */
  find(column: Column, differences: boolean): Uint8Array | undefined {
    const limit = Math.floor(column.byteLength / (2 * RUN_SIZE))
    if (limit === 0) return undefined
    const runs =
      !differences && isConstant(column) ? this.#one(column) : this.#many(column, differences, limit)
    return runs > limit ? undefined : new Uint8Array(this.#runs.buffer, 0, runs * RUN_SIZE)
  }

  #one(column: Column): number {
    this.#runs[0] = column.length
    this.#runs[1] = column[0] ?? 0
    return 1
  }

  #many(column: Column, differences: boolean, limit: number): number {
    const count = column.length
    const values = this.#values
    values.set(column)
    // From the last one on, since each needs the value before it.
    if (differences)
      for (let at = count - 1; at > 0; at--) values[at] = (values[at] ?? 0) - (values[at - 1] ?? 0)
    const runs = this.#runs
    let found = 0
    for (let at = 0; at < count; found++) {
      if (found === limit) return limit + 1
      const from = at
      const value = values[at++] ?? 0
      while (at < count && values[at] === value) at++
      runs[2 * found] = at - from
      runs[2 * found + 1] = value
    }
    return found
  }
}

/** Fills a column with the values of runs. Returns false if they are not as many. */
export function fillFromRuns(column: Column, runs: Float64Array, differences: boolean): boolean {
  let at = 0
  let sum = 0
  for (let run = 0; run + 1 < runs.length; run += 2) {
    const end = at + (runs[run] ?? 0)
    const value = runs[run + 1] ?? 0
    if (!(end > at && end <= column.length)) return false
    if (differences) for (; at < end; at++) column[at] = sum += value
    else column.fill(value, at, end)
    at = end
  }
  return at === column.length
}

/** By one comparison of its bytes, without a loop. */
function isConstant({ buffer, byteOffset, byteLength, BYTES_PER_ELEMENT }: Column): boolean {
  const length = byteLength - BYTES_PER_ELEMENT
  const first = new Uint8Array(buffer, byteOffset, length)
  const next = new Uint8Array(buffer, byteOffset + BYTES_PER_ELEMENT, length)
  return Buffer.compare(first, next) === 0
}
