/** Pings of a protocol in which each is answered in order, and several may be under way. */

import type { Direction } from '../../shared/event.ts'
import type { ByDirection } from '../by-direction.ts'

interface Counts {
  pings: number
  /** Of these, how many are answered. */
  answered: number
}

export class Pings {
  /** By the direction of the ping. */
  readonly #counts: ByDirection<Counts>

  constructor(
    counts: ByDirection<Counts> = { in: { pings: 0, answered: 0 }, out: { pings: 0, answered: 0 } },
  ) {
    this.#counts = { in: { ...counts.in }, out: { ...counts.out } }
  }

  copy(): Pings {
    return new Pings(this.#counts)
  }

  /** The key of the next ping in a direction. */
  ping(direction: Direction): string {
    return `ping ${this.#counts[direction].pings++}`
  }

  /** The key of the ping that the next answer in a direction belongs to; undefined if there is none. */
  pong(direction: Direction): string | undefined {
    const counts = this.#counts[direction === 'in' ? 'out' : 'in']
    return counts.answered < counts.pings ? `ping ${counts.answered++}` : undefined
  }
}
