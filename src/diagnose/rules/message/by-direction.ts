/** A state for each direction of a connection. */
import type { RuleEvent } from '../../rule-event.ts'

export class ByDirection<T> {
  readonly in: T
  readonly out: T

  constructor(make: (isOut: boolean) => T) {
    this.in = make(false)
    this.out = make(true)
  }

  of({ isOut }: Pick<RuleEvent, 'isOut'>): T {
    return isOut ? this.out : this.in
  }

  get both(): readonly T[] {
    return [this.in, this.out]
  }
}

/** Who sent it, as the object of a sentence. */
export function senderOf(isOut: boolean): string {
  return isOut ? 'the client' : 'the server'
}
