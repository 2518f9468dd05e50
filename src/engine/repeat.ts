/** One message again and again, each at its own time counted from the first, so that delays do not add up. */
import { REAL_TIMERS, type Timers } from '../session/replay/timers.ts'
import { checkRepeat, type RepeatPlan } from '../shared/compose/repeat.ts'
import { sentenceOf } from '../shared/failure.ts'
import type { RepeatStatus } from '../shared/status.ts'

/** Milliseconds it may be behind and still catch up; after a longer stall it goes on from now. */
const MAX_LAG = 1000

export interface RepeatOptions {
  readonly plan: RepeatPlan
  /** Sends one; what it throws ends the repeat. */
  readonly send: () => void
  /** The status is another. */
  readonly changed: () => void
  readonly timers?: Timers
}

export class Repeat {
  readonly #options: RepeatOptions
  readonly #timers: Timers
  /** When the first was due, or would have been had there been no stall. */
  #anchor: number
  #sent = 0
  #ended: string | undefined
  #cancel: () => void = () => {}

  /** Sends the first at once. Throws `BAD_REPEAT`, and what the first send throws. */
  constructor(options: RepeatOptions) {
    checkRepeat(options.plan)
    this.#options = options
    this.#timers = options.timers ?? REAL_TIMERS
    this.#anchor = this.#timers.now()
    options.send()
    this.#sent = 1
    this.#goOn()
  }

  get status(): RepeatStatus {
    const { interval, count } = this.#options.plan
    return {
      sent: this.#sent,
      count,
      interval,
      ...(this.#ended === undefined ? {} : { ended: this.#ended }),
    }
  }

  /** Ends it; `why` is a sentence. Nothing happens where it has ended. */
  stop(why: string): void {
    if (this.#ended !== undefined) return
    this.#cancel()
    this.#ended = why
    this.#options.changed()
  }

  #due(): number {
    return this.#anchor + this.#sent * this.#options.plan.interval
  }

  #run(): void {
    const now = this.#timers.now()
    if (now - this.#due() > MAX_LAG) this.#anchor += now - this.#due()
    try {
      while (this.#sent < this.#options.plan.count && this.#due() <= now) {
        this.#options.send()
        this.#sent++
      }
    } catch (thrown) {
      this.stop(sentenceOf(thrown))
      return
    }
    this.#goOn()
  }

  #goOn(): void {
    const { count } = this.#options.plan
    if (this.#sent >= count) this.stop(count === 1 ? 'The message was sent.' : `All ${count} were sent.`)
    else this.#cancel = this.#timers.after(this.#due() - this.#timers.now(), () => this.#run())
  }
}
