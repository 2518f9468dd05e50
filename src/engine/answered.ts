/** Sends messages in order, each after an answer to the one before it. Any inbound message counts as the answer. */
import { REAL_TIMERS, type Timers } from '../session/replay/timers.ts'
import { sentenceOf } from '../shared/failure.ts'
import type { SendingStatus } from '../shared/status.ts'
import { formatCount, timeSpan } from '../shared/text/quantities.ts'

export interface AnsweredOptions {
  /** Each sends a message. If one throws, the rest is not sent. */
  readonly sends: readonly (() => void)[]
  /** The longest wait for an answer in milliseconds. */
  readonly patience: number
  /** Called on every change of status. */
  readonly changed: () => void
  readonly timers?: Timers
}

export class Answered {
  readonly #options: AnsweredOptions
  readonly #timers: Timers
  #sent = 0
  #ended: string | undefined
  #cancel: () => void = () => {}

  /** Sends the first message at once. Throws whatever sending it throws. */
  constructor(options: AnsweredOptions) {
    this.#options = options
    this.#timers = options.timers ?? REAL_TIMERS
    this.#send()
  }

  get status(): SendingStatus {
    return {
      sent: this.#sent,
      count: this.#options.sends.length,
      ...(this.#ended === undefined ? {} : { ended: this.#ended }),
    }
  }

  /** How many messages are sent. */
  get sent(): number {
    return this.#sent
  }

  /** Call when the connection has received messages. `sent` is how many were sent when they arrived. */
  received(sent: number): void {
    if (this.#ended !== undefined || sent !== this.#sent) return
    this.#cancel()
    try {
      this.#send()
    } catch (thrown) {
      this.stop(sentenceOf(thrown))
    }
  }

  /** Ends it if it has not ended; `why` is a sentence. */
  stop(why: string): void {
    if (this.#ended !== undefined) return
    this.#cancel()
    this.#ended = why
    this.#options.changed()
  }

  #send(): void {
    const { sends, patience, changed } = this.#options
    sends[this.#sent]?.()
    this.#sent++
    if (this.#sent >= sends.length) {
      this.stop(allSent(sends.length))
      return
    }
    this.#cancel = this.#timers.after(patience, () =>
      this.stop(
        `No answer to message ${this.#sent} came within ${timeSpan(patience)}: ${this.#sent} of ${sends.length} were sent.`,
      ),
    )
    changed()
  }
}

/** The sentence at the end. */
export function allSent(count: number): string {
  return count === 1 ? 'The message was sent.' : `All ${formatCount(count)} were sent.`
}
