/** A state for each direction of a connection, made when something goes that way: most connections use one. */
import type { RuleEvent } from '../../rule-event.ts'

export class ByDirection<T> {
  readonly #make: (isOut: boolean) => T
  #in: T | undefined
  #out: T | undefined

  constructor(make: (isOut: boolean) => T) {
    this.#make = make
  }

  of({ isOut }: Pick<RuleEvent, 'isOut'>): T {
    if (isOut) this.#out ??= this.#make(true)
    else this.#in ??= this.#make(false)
    return (isOut ? this.#out : this.#in) as T
  }

  /** What `found` finds in each, of those that pass the test. */
  find<Found>(test: (state: T) => boolean, found: (state: T) => Found): Found[] {
    const all: Found[] = []
    for (const state of [this.#in, this.#out]) if (state !== undefined && test(state)) all.push(found(state))
    return all
  }
}

/** Who sent it, as the object of a sentence. */
export function senderOf(isOut: boolean): string {
  return isOut ? 'the client' : 'the server'
}
