/** Ends a connection over HTTP that sends a recorded request again, and learns the ids in what the peer answers. */
import { resumingHeaders } from '../../session/replay/recorded-heads.ts'
import type { RequestStep } from '../../session/replay/replay-steps.ts'
import { LINGER } from '../../session/replay/resender.ts'
import { REAL_TIMERS, type Timers } from '../../session/replay/timers.ts'
import type { RealtimeEvent } from '../../shared/event.ts'
import { Failure } from '../../shared/failure.ts'
import type { Outcome } from '../../transport/transport.ts'
import type { LiveStep } from './live-steps.ts'

interface RequestDriverOptions {
  /** Factor of the recorded speed. */
  readonly speed: number
  /** Milliseconds of silence after which nothing more is expected. */
  readonly patience: number
  readonly timers?: Timers
}

export class RequestDriver {
  readonly #live: LiveStep
  readonly #step: RequestStep
  readonly #done: () => void
  readonly #options: RequestDriverOptions
  readonly #timers: Timers
  readonly #begun: number
  #cancel: () => void
  #answers = 0
  #responses = 0
  /** The head of a response has come. */
  #isAnswered = false
  /** A response has come whose body has not. */
  #isReading = false
  #isOver = false
  /** The status with which the live peer refused the request. */
  #refused: number | undefined

  /** `done` is called once, when nothing more is expected. */
  constructor(live: LiveStep, step: RequestStep, done: () => void, options: RequestDriverOptions) {
    this.#live = live
    this.#step = step
    this.#done = done
    this.#options = options
    this.#timers = options.timers ?? REAL_TIMERS
    this.#begun = this.#timers.now()
    this.#cancel = this.#timers.after(this.#wait(), () => this.#end())
  }

  get progress() {
    return { sent: 1, of: 1, answers: this.#answers, expected: this.#step.answers }
  }

  /** Streams and polls are driven by their events alone. */
  update(): void {}

  appended(event: RealtimeEvent): void {
    switch (event.type) {
      case 'open':
        this.#live.packets?.opened()
        this.#answered(event)
        break
      case 'response':
        this.#responses++
        this.#isReading = !event.empty
        this.#answered(event)
        break
      case 'error':
        this.#refused = event.status
        break
      case 'message':
        if (event.direction === 'in') this.#received(event)
        break
      default:
        break
    }
    this.#cancel()
    if (this.#isOver) return
    this.#cancel = this.#timers.after(this.#wait(), () => this.#end())
  }

  /** Call when the connection has ended. Returns a `Failure` if that is not as recorded. */
  ended({ end, reason }: Outcome): Failure | undefined {
    this.stop()
    const isAsRecorded = this.#refused !== undefined && this.#refused === this.#step.refused
    return end === 'failed' && !isAsRecorded ? new Failure('CONNECTION', reason) : undefined
  }

  stop(): void {
    this.#isOver = true
    this.#cancel()
  }

  #answered({ headers }: Extract<RealtimeEvent, { readonly type: 'open' | 'response' }>): void {
    this.#isAnswered = true
    const { response } = this.#step
    if (response !== undefined) this.#live.ids.learnHead(response.headers, headers)
  }

  #received({
    payload,
    event: eventName = '',
    id,
  }: Extract<RealtimeEvent, { readonly type: 'message' }>): void {
    const { ids, packets, eventIds } = this.#live
    const recorded = eventIds.get(this.#answers)
    if (recorded !== undefined && id !== undefined)
      ids.learnHead(resumingHeaders(recorded), resumingHeaders(id))
    this.#answers++
    this.#isReading = false
    packets?.received({ direction: 'in', payload, eventName })
  }

  /** Milliseconds after which nothing more is expected if nothing more happens. */
  #wait(): number {
    const { patience, speed } = this.#options
    const { answers, cycles, endedAfter } = this.#step
    if (cycles !== undefined && cycles > 0) {
      // The next cycle would begin soon.
      return this.#responses >= cycles && !this.#isReading ? 0 : patience
    }
    if (endedAfter === undefined || this.#answers < answers) return patience
    if (answers > 0) return LINGER
    const left = this.#begun + endedAfter / speed - this.#timers.now()
    return Math.max(this.#isAnswered ? LINGER : patience, left)
  }

  #end(): void {
    if (this.#isOver) return
    this.stop()
    this.#done()
  }
}
