/**
 * Checks that the ids of two recordings correspond: an id of the one always stands for the same id of the other. Requests
 * are paired by what they say without their ids, so that an additional request does not make all later ids differ.
 */
import { getOrMake } from '../../shared/maps.ts'
import { ID_SIZE, type Lane } from './recording-index.ts'

/** Two messages that are paired. */
interface IdPair {
  readonly a: { readonly lane: Lane; readonly index: number }
  readonly b: { readonly lane: Lane; readonly index: number }
}

/** The ids of one connection and its partner. */
export class IdCheck {
  /** By kind: the partner in the second recording of each id of the first one, and the other way round. */
  readonly #there = new Map<number, Map<number, number>>()
  readonly #back = new Map<number, Map<number, number>>()

  /**
   * The positions of ids that do not correspond. Messages have to come in order: the first pair with an id says what it
   * stands for. A request may use an id again.
   */
  differences({ a, b }: IdPair): readonly number[] {
    const [start, other] = [a.lane.idsAt[a.index] ?? 0, b.lane.idsAt[b.index] ?? 0]
    const [count, others] = [a.lane.ids[start] ?? 0, b.lane.ids[other] ?? 0]
    // They differ in more than their ids.
    if (count !== others) return []
    const found: number[] = []
    for (let at = 1; at <= count; at += ID_SIZE) {
      const [kind = 0, before = 0, isNew] = a.lane.ids.subarray(start + at, start + at + ID_SIZE)
      const [kindOfOther, after = 0] = b.lane.ids.subarray(other + at, other + at + ID_SIZE)
      if (kind === kindOfOther && !this.#correspond(kind, before, after, isNew === 1))
        found.push((at - 1) / ID_SIZE)
    }
    return found
  }

  #correspond(kind: number, before: number, after: number, isNew: boolean): boolean {
    const there = getOrMake(this.#there, kind, () => new Map<number, number>())
    const back = getOrMake(this.#back, kind, () => new Map<number, number>())
    const isUnknown = there.get(before) === undefined && back.get(after) === undefined
    if (isUnknown || isNew) {
      there.set(before, after)
      back.set(after, before)
      return true
    }
    return there.get(before) === after && back.get(after) === before
  }
}
