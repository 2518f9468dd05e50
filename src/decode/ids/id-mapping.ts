/** Which id of another run stands for an id, such as the live session id for the recorded one. */
import type { Direction } from '../../shared/event.ts'
import { forgetOldest } from '../../shared/maps.ts'
import { type IdKind, idsOf, type ReplaceId, type WholePacket } from './ids.ts'

/** Maximum number of ids. If there are more, the oldest are forgotten. */
const MAX_IDS = 100_000

export class IdMapping {
  readonly #ids = new Map<string, string | number>()

  /** Ids that are not known stay as they are. */
  readonly replace: ReplaceId = (kind, id, side) => this.get(kind, id, side)

  get(kind: IdKind, id: string | number, side: Direction): string | number | undefined {
    return this.#ids.get(keyOf(kind, id, side))
  }

  /** An id that is known already gets the new meaning. */
  set(kind: IdKind, side: Direction, from: string | number, to: string | number): void {
    const key = keyOf(kind, from, side)
    this.#ids.delete(key)
    this.#ids.set(key, to)
    forgetOldest(this.#ids, MAX_IDS)
  }

  /** Learns the ids of two packets that say the same. Packets whose ids are of different kinds teach nothing. */
  learn(from: WholePacket, to: WholePacket): void {
    const [before, after] = [idsOf(from), idsOf(to)]
    const areAlike =
      before.length === after.length &&
      before.every(({ kind, side }, n) => kind === after[n]?.kind && side === after[n]?.side)
    if (!areAlike) return
    for (const [n, { kind, id, side }] of before.entries()) this.set(kind, side, id, after[n]?.id ?? id)
  }
}

function keyOf(kind: IdKind, id: string | number, side: Direction): string {
  return `${side} ${kind} ${id}`
}
