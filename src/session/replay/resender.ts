/** Sends a recording's messages again: each at its time, or as soon as the peer has answered as it had then. */
import { Failure } from '../../shared/failure.ts'
import type { ResendPace } from '../../shared/protocol/resending.ts'
import type { Script, ScriptedMessage } from './script.ts'
import { REAL_TIMERS, type Timers } from './timers.ts'

/** Milliseconds until a full queue is tried again. */
const QUEUE_PAUSE = 20
/** Milliseconds for what comes beyond the recorded answers. */
const LINGER = 250
/** Milliseconds a live peer may take longer than the recorded one. */
const ALLOWANCE = 2000

export interface ResenderHost {
  /** Sends over the open connection; throws a `Failure` where it cannot. */
  send(message: ScriptedMessage): void
  /** All is sent and answered, or no answer is to be expected any more; called once. */
  done(): void
  failed(thrown: unknown): void
}

export interface ResenderOptions {
  readonly pace?: ResendPace
  /** 1 is as recorded; infinite does not wait. */
  readonly speed?: number
  /** Milliseconds without a message from the peer after which none is waited for. Default: the longest recorded silence and 2 s. */
  readonly patience?: number
  readonly timers?: Timers
}

export class Resender {
  readonly #script: Script
  readonly #host: ResenderHost
  readonly #timers: Timers
  readonly #pace: ResendPace
  readonly #speed: number
  readonly #patience: number
  #next = 0
  #received = 0
  #open = false
  #over = false
  /** Clock time at which the script began, moved on by what the connection was not open. */
  #begun: number | undefined
  #lostAt = 0
  #cancel = () => {}

  constructor(script: Script, host: ResenderHost, options: ResenderOptions = {}) {
    this.#script = script
    this.#host = host
    this.#timers = options.timers ?? REAL_TIMERS
    this.#pace = options.pace ?? 'time'
    this.#speed = options.speed ?? 1
    this.#patience = options.patience ?? script.longestSilence + ALLOWANCE
  }

  get sent(): number {
    return this.#next
  }

  /** Inbound messages that have come. */
  get answered(): number {
    return this.#received
  }

  /** Whether every message was sent. */
  get isComplete(): boolean {
    return this.#next === this.#script.messages.length
  }

  get #isAnswered(): boolean {
    return this.isComplete && this.#received >= this.#script.answers
  }

  /** The connection can send now, or cannot. */
  setOpen(open: boolean): void {
    if (open === this.#open || this.#over) return
    this.#open = open
    const now = this.#timers.now()
    if (!open) this.#lostAt = now
    // The end is set: a peer that comes and goes must not put it off.
    if (this.#isAnswered) return
    if (!open) {
      this.#cancel()
      return
    }
    this.#begun = this.#begun === undefined ? now : this.#begun + now - this.#lostAt
    this.#go()
  }

  /** An inbound message has come. */
  received(): void {
    this.#received++
    if (this.#over) return
    // More than was recorded: the end is set already.
    if (this.isComplete && this.#received > this.#script.answers) return
    if (this.#isAnswered || (this.#open && (this.#pace === 'answers' || this.isComplete))) this.#go()
  }

  stop(): void {
    this.#over = true
    this.#cancel()
  }

  /** Sends what may be sent, and waits for what comes next. */
  #go(): void {
    this.#cancel()
    for (
      let next = this.#script.messages[this.#next];
      next !== undefined;
      next = this.#script.messages[this.#next]
    ) {
      if (!this.#open || this.#over) return
      if (this.#pace === 'answers' && this.#received < next.answersBefore) {
        this.#after(this.#patience, () => this.#giveUp(next))
        return
      }
      const wait = this.#pace === 'time' ? (this.#begun ?? 0) + next.at / this.#speed - this.#timers.now() : 0
      if (wait > 0) {
        this.#after(wait, () => this.#go())
        return
      }
      if (!this.#send(next)) return
    }
    this.#after(this.#isAnswered ? LINGER : this.#patience, () => this.#finish())
  }

  #send(message: ScriptedMessage): boolean {
    try {
      this.#host.send(message)
    } catch (thrown) {
      if (thrown instanceof Failure && thrown.code === 'SEND_QUEUE_FULL') {
        this.#after(QUEUE_PAUSE, () => this.#go())
        return false
      }
      // It is told of in a moment, and the message waits for the next attempt.
      if (thrown instanceof Failure && thrown.code === 'NOT_OPEN') return false
      this.stop()
      this.#host.failed(thrown)
      return false
    }
    this.#next++
    return true
  }

  #finish(): void {
    this.stop()
    this.#host.done()
  }

  #giveUp({ answersBefore }: ScriptedMessage): void {
    this.stop()
    this.#host.failed(
      new Failure(
        'NO_ANSWER',
        `The peer has sent ${this.#received} messages where ${answersBefore} had come before message ${this.#next + 1} of ${this.#script.messages.length}, and no more for ${Math.round(this.#patience)} ms; have more patience with it, or send by time.`,
      ),
    )
  }

  #after(delay: number, callback: () => void): void {
    this.#cancel = this.#timers.after(delay, callback)
  }
}
