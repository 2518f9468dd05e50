/** Numbers ids in the order in which they first appear. */

import type { ReplaceId } from '../../../src/decode/ids/ids.ts'
import type { Direction } from '../../../src/shared/event.ts'

/** Maximum number of ids. Further ones stay as they are. */
const MAX_IDS = 1_000_000

/** The n-th id of a kind becomes `kind-n`, or n if it is a number. */
export class IdNumbering {
  /** By kind and side: the numbers of the ids. */
  readonly #numbers = new Map<string, Map<string, number>>()
  #count = 0

  readonly replace: ReplaceId = (kind, id, side) => {
    const number = this.#numberOf(kind, String(id), side)
    if (number === undefined) return undefined
    return typeof id === 'number' ? number : `${kind}-${number}`
  }

  #numberOf(kind: string, id: string, side: Direction): number | undefined {
    const key = `${side} ${kind}`
    const numbers = this.#numbers.get(key) ?? new Map<string, number>()
    this.#numbers.set(key, numbers)
    const known = numbers.get(id)
    if (known !== undefined || this.#count >= MAX_IDS) return known
    this.#count++
    numbers.set(id, numbers.size + 1)
    return numbers.size
  }
}
