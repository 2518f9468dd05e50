/** Sends one message repeatedly. Each time is computed from the first, so that delays do not add up. */
import { REAL_TIMERS, type Timers } from '../session/replay/timers.ts'
import { checkRepeat, type RepeatPlan } from '../shared/compose/repeat.ts'
import { sentenceOf } from '../shared/failure.ts'
import type { SendingStatus } from '../shared/status.ts'
import { allSent } from './answered.ts'

/** Milliseconds of delay that are caught up; after a longer stall, it continues from the current time. */
const MAX_LAG = 1000

export interface RepeatOptions {
  readonly plan: RepeatPlan
  /** Sends the message. If it throws, the repeat ends. */
  readonly send: () => void
  /** Called on every change of status. */
  readonly changed: () => void
  readonly timers?: Timers
}

export class Repeat {
  readonly #options: RepeatOptions
  readonly #timers: Timers
  /** When the first message was due, moved by the stalls since. */
  #anchor: number
  #sent = 0
  #ended: string | undefined
  #cancel: () => void = () => {}

  /** Sends the first message at once. Throws `BAD_REPEAT`, and whatever the first send throws. */
  constructor(options: RepeatOptions) {
    checkRepeat(options.plan)
    this.#options = options
    this.#timers = options.timers ?? REAL_TIMERS
    this.#anchor = this.#timers.now()
    options.send()
    this.#sent = 1
    this.#continue()
  }

  get status(): SendingStatus {
    const { interval, count } = this.#options.plan
    return {
      sent: this.#sent,
      count,
      interval,
      ...(this.#ended === undefined ? {} : { ended: this.#ended }),
    }
  }

  /** Ends the repeat if it has not ended; `why` is a sentence. */
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
    this.#continue()
  }

  #continue(): void {
    const { count } = this.#options.plan
    if (this.#sent >= count) this.stop(allSent(count))
    else this.#cancel = this.#timers.after(this.#due() - this.#timers.now(), () => this.#run())
  }
}
