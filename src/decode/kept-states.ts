/** Copies of decoders' states at intervals, so that decoding any earlier message takes only a few others. */
import { getOrMake } from '../shared/maps.ts'
import { lowerBound } from '../shared/numbers.ts'
import type { Conversation } from './conversation.ts'
import type { Scope } from './session-decoder.ts'

/** A decoder that has seen every message of its scope before event `next`. */
export interface Place {
  readonly next: number
  readonly conversation: Conversation
  /** The latest URL of each connection whose requests differ. */
  readonly urls: ReadonlyMap<number, string>
}

/** The copies of a scope, in the order of its events. */
interface Kept {
  readonly scope: Scope
  places: Place[]
  /** Messages since the last copy. */
  passed: number
}

/** Maximum number of copies, and of their bytes. If there are more, every other copy is dropped. */
const MAX_PLACES = 2048
const MAX_BYTES = 64 * 1024 * 1024

export class KeptStates {
  readonly #places = new Map<Scope, Kept>()
  /** The scope of the last message, because messages often come in runs from one scope. */
  #latest: Kept | undefined
  #interval: number
  #count = 0
  #bytes = 0

  /** `interval` is the number of messages from one copy to the next. */
  constructor(interval: number) {
    this.#interval = interval
  }

  /** The nearest copy before event `index`. */
  before(scope: Scope, index: number): Place | undefined {
    const places = this.#places.get(scope)?.places ?? []
    return places[lowerBound(0, places.length, (at) => (places[at]?.next ?? 0) > index) - 1]
  }

  /** Call it after each message of the scope. Returns whether to `keep` its state now. */
  isDue(scope: Scope): boolean {
    const kept = this.#keptOf(scope)
    kept.passed++
    return kept.passed >= this.#interval
  }

  /** Copies the state of the scope, whose next event is `next`. Throws if the state cannot be copied. */
  keep(scope: Scope, next: number, urls: ReadonlyMap<number, string>): void {
    const kept = this.#keptOf(scope)
    kept.passed = 0
    const place = { next, conversation: scope.conversation.copy(), urls }
    kept.places.push(place)
    this.#count++
    this.#bytes += sizeOf(place)
    if (this.#count > MAX_PLACES || this.#bytes > MAX_BYTES) this.#thin()
  }

  /** Forgets the copies of a scope after event `index`. */
  forget(scope: Scope, index: number): void {
    this.#filter((each, { next }) => each !== scope || next <= index)
  }

  clear(): void {
    this.#places.clear()
    this.#latest = undefined
    this.#count = 0
    this.#bytes = 0
  }

  #keptOf(scope: Scope): Kept {
    if (this.#latest?.scope === scope) return this.#latest
    this.#latest = getOrMake(this.#places, scope, () => ({ scope, places: [], passed: 0 }))
    return this.#latest
  }

  #thin(): void {
    this.#interval *= 2
    this.#filter((_, __, at) => at % 2 === 1)
  }

  #filter(isKept: (scope: Scope, place: Place, at: number) => boolean): void {
    this.#count = 0
    this.#bytes = 0
    for (const [scope, kept] of this.#places) {
      kept.places = kept.places.filter((place, at) => isKept(scope, place, at))
      this.#count += kept.places.length
      for (const place of kept.places) this.#bytes += sizeOf(place)
    }
  }
}

function sizeOf({ conversation, urls }: Place): number {
  return conversation.stateSize + urls.size * 64
}
