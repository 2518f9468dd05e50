/** Sends a recording's messages again: at their times, or as soon as the peer has answered as recorded. */
import { Failure } from '../../shared/failure.ts'
import type { ResendPace } from '../../shared/protocol/resending.ts'
import type { Script, ScriptedMessage } from './script.ts'
import { REAL_TIMERS, type Timers } from './timers.ts'

/** Milliseconds between attempts to send if the queue is full. */
const QUEUE_PAUSE = 20
/** Milliseconds to wait for more answers than recorded. */
export const LINGER = 250
/** Milliseconds by which a live peer can be slower than the recorded one. */
export const ALLOWANCE = 2000
/** Milliseconds to wait for what a message needs. It is then sent without. */
const NEED_WAIT = 2000

export interface ResenderHost {
  /** Sends over the open connection. Throws a `Failure` if that fails. */
  send(message: ScriptedMessage): void
  /** Whether what the message needs from the peer has come, such as an id. Default: yes. */
  isReady?(message: ScriptedMessage): boolean
  /** Called once, when all messages are sent and answered, or no more answers are expected. */
  done(): void
  failed(thrown: unknown): void
}

export interface ResenderOptions {
  readonly pace?: ResendPace
  /** 1: as recorded. Infinity: without waiting. */
  readonly speed?: number
  /** Milliseconds of silence after which no answers are expected. Default: the longest recorded silence plus 2 s. */
  readonly patience?: number
  readonly timers?: Timers
  /**
   * Called after each message is sent. `late` is how many milliseconds after its time that was; undefined if it had no
   * time, or if it waited for the peer.
   */
  readonly sent?: (message: ScriptedMessage, late: number | undefined) => void
}

export class Resender {
  readonly #script: Script
  readonly #host: ResenderHost
  readonly #timers: Timers
  readonly #pace: ResendPace
  readonly #speed: number
  readonly #patience: number
  readonly #sent: NonNullable<ResenderOptions['sent']>
  #next = 0
  #received = 0
  #open = false
  #over = false
  /** Clock time at which the script started, plus the time for which the connection was not open. */
  #begun: number | undefined
  #lostAt = 0
  #cancel = () => {}
  /** The message that waits for what it needs, and until when it waits. */
  #needing: { readonly message: ScriptedMessage; readonly until: number } | undefined
  /** The message that the peer held up. */
  #held: ScriptedMessage | undefined

  constructor(script: Script, host: ResenderHost, options: ResenderOptions = {}) {
    this.#script = script
    this.#host = host
    this.#timers = options.timers ?? REAL_TIMERS
    this.#pace = options.pace ?? 'time'
    this.#speed = options.speed ?? 1
    this.#patience = options.patience ?? script.longestSilence + ALLOWANCE
    this.#sent = options.sent ?? (() => {})
  }

  get sent(): number {
    return this.#next
  }

  /** Number of inbound messages so far. */
  get answered(): number {
    return this.#received
  }

  /** Whether all messages were sent. */
  get isComplete(): boolean {
    return this.#next === this.#script.messages.length
  }

  /** Whether all messages were sent, and as many answers have come as recorded. */
  get isAnswered(): boolean {
    return this.isComplete && this.#received >= this.#script.answers
  }

  /** Call when the connection opens or closes. */
  setOpen(open: boolean): void {
    if (open === this.#open || this.#over) return
    this.#open = open
    const now = this.#timers.now()
    if (!open) this.#lostAt = now
    // The end is already scheduled. A reconnect must not postpone it.
    if (this.isAnswered) return
    if (!open) {
      this.#cancel()
      return
    }
    this.#begun = this.#begun === undefined ? now : this.#begun + now - this.#lostAt
    this.#go()
  }

  /** Call for each inbound message. */
  received(): void {
    this.#received++
    if (this.#over) return
    // More messages than recorded: the end is already scheduled.
    if (this.isComplete && this.#received > this.#script.answers) return
    const isNext = this.#pace === 'answers' || this.isComplete || this.#needing !== undefined
    if (this.isAnswered || (this.#open && isNext)) this.#go()
  }

  stop(): void {
    this.#over = true
    this.#cancel()
  }

  /** Sends the messages that are due, and waits for the next. */
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
      const wait = this.#wait(next)
      if (wait > 0) {
        this.#after(wait, () => this.#go())
        return
      }
      const need = this.#waitForNeed(next)
      if (need > 0) {
        this.#after(need, () => this.#go())
        return
      }
      if (!this.#send(next)) return
    }
    this.#after(this.isAnswered ? LINGER : this.#patience, () => this.#finish())
  }

  /** Milliseconds until the time of the message; negative if it is past. 0 if it has none. */
  #wait({ at }: ScriptedMessage): number {
    return this.#pace === 'time' ? (this.#begun ?? 0) + at / this.#speed - this.#timers.now() : 0
  }

  /** Milliseconds for which the message still waits for what it needs. */
  #waitForNeed(message: ScriptedMessage): number {
    if (this.#host.isReady?.(message) !== false) {
      this.#needing = undefined
      return 0
    }
    this.#held = message
    const now = this.#timers.now()
    if (this.#needing?.message !== message)
      this.#needing = { message, until: now + Math.min(NEED_WAIT, this.#patience) }
    return this.#needing.until - now
  }

  #send(message: ScriptedMessage): boolean {
    const isTimed = this.#pace === 'time' && Number.isFinite(this.#speed)
    const late = isTimed ? Math.max(0, -this.#wait(message)) : undefined
    try {
      this.#host.send(message)
    } catch (thrown) {
      if (thrown instanceof Failure && thrown.code === 'SEND_QUEUE_FULL') {
        this.#held = message
        this.#after(QUEUE_PAUSE, () => this.#go())
        return false
      }
      // The connection reports the failure. The message is sent after the reconnect.
      if (thrown instanceof Failure && thrown.code === 'NOT_OPEN') return false
      this.stop()
      this.#host.failed(thrown)
      return false
    }
    this.#needing = undefined
    this.#next++
    this.#sent(message, this.#held === message ? undefined : late)
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
        `The peer sent ${this.#received} messages, but ${answersBefore} were recorded before message ${this.#next + 1} of ${this.#script.messages.length}. None came for ${Math.round(this.#patience)} ms; wait longer for answers, or send at the recorded times.`,
      ),
    )
  }

  #after(delay: number, callback: () => void): void {
    this.#cancel = this.#timers.after(delay, callback)
  }
}
