/** Lines and columns of a text, as people count them. */
import { lowerBound } from '../../shared/numbers.ts'

export interface Place {
  /** From 1. */
  readonly line: number
  /** In UTF-16 code units, from 1, as editors count. */
  readonly column: number
}

export class Places {
  /** Where each line starts. */
  readonly #starts: number[] = [0]

  constructor(text: string) {
    for (const { index, 0: end } of text.matchAll(/\r\n|\r|\n/g)) this.#starts.push(index + end.length)
  }

  /** The place of an offset. */
  at(offset: number): Place {
    const starts = this.#starts
    const line = lowerBound(1, starts.length, (at) => (starts[at] ?? 0) > offset)
    return { line, column: offset - (starts[line - 1] ?? 0) + 1 }
  }
}
