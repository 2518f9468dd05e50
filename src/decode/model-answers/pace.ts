/** When the pieces of an answer arrive: the first one, stalls, and the rate. */

import { type AnswerRate, type AnswerStall, STALL, type TokenUsage } from '../../shared/model-answer.ts'
import { toMicroseconds } from '../../shared/numbers.ts'

/** Stalls that are kept, the longest ones. */
const MAX_STALLS = 100

export class Pace {
  #first: number | undefined
  #last = 0
  #lastEvent = 0
  #stalls: AnswerStall[] = []
  #stallCount = 0
  #stalled = 0

  /** Session time in ms of the first piece. */
  get first(): number | undefined {
    return this.#first
  }

  get last(): number | undefined {
    return this.#first === undefined ? undefined : this.#last
  }

  get stalls(): { stalls: readonly AnswerStall[]; stallCount: number; stalled: number } {
    return { stalls: this.#stalls, stallCount: this.#stallCount, stalled: toMicroseconds(this.#stalled) }
  }

  add(event: number, time: number): void {
    if (this.#first === undefined) this.#first = time
    else if (time - this.#last > STALL)
      this.#stall({ from: this.#lastEvent, to: event, ms: time - this.#last })
    this.#last = time
    this.#lastEvent = event
  }

  /** Undefined if it cannot be known from so few pieces. */
  rate(pieces: number, usage: TokenUsage | undefined): AnswerRate | undefined {
    const took = this.#last - (this.#first ?? this.#last)
    if (took <= 0) return undefined
    const { output } = usage ?? {}
    const count = output ?? pieces
    return {
      perSecond: perSecond(count, took),
      withoutStalls: perSecond(count, Math.max(took - this.#stalled, 1)),
      unit: output === undefined ? 'pieces' : 'tokens',
    }
  }

  #stall(stall: AnswerStall): void {
    this.#stallCount++
    this.#stalled += stall.ms
    this.#stalls.push({ ...stall, ms: toMicroseconds(stall.ms) })
    if (this.#stalls.length <= MAX_STALLS) return
    const shortest = this.#stalls.reduce((one, other) => (other.ms < one.ms ? other : one))
    this.#stalls.splice(this.#stalls.indexOf(shortest), 1)
  }
}

function perSecond(count: number, ms: number): number {
  return Math.round((count / ms) * 10_000) / 10
}
