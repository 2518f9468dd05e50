/** Messages sent repeatedly or in order: at most one such run for each connection, only while the connection is open. */
import { checkPace, type Pace } from '../shared/compose/in-order.ts'
import type { RepeatPlan } from '../shared/compose/repeat.ts'
import { Failure } from '../shared/failure.ts'
import type { SendingStatus } from '../shared/status.ts'
import { formatCount } from '../shared/text/numbers.ts'
import type { LiveConnection } from '../transport/live-connection.ts'
import { Answered } from './answered.ts'
import { Repeat } from './repeat.ts'

export class Sendings {
  readonly #runs = new Map<number, Repeat | Answered>()
  readonly #changed: () => void

  constructor(changed: () => void) {
    this.#changed = changed
  }

  /** Sends a message repeatedly on connection `id`. Throws `SENDING` if a run is active there, or as `Repeat` does. */
  repeat(id: number, plan: RepeatPlan, send: () => void): void {
    this.#start(id, () => new Repeat({ plan, send, changed: this.#changed }))
  }

  /** Sends messages in order on connection `id`. Throws as `repeat` does, or `BAD_PACE`. */
  inOrder(id: number, sends: readonly (() => void)[], pace: Pace): void {
    checkPace(pace)
    if (pace.wait === 'answer') {
      this.#start(id, () => new Answered({ sends, patience: pace.ms, changed: this.#changed }))
      return
    }
    const left = sends.values()
    this.repeat(id, { interval: pace.ms, count: sends.length }, () => left.next().value?.())
  }

  /** Ends the run on connection `id`, if there is one. */
  stop(id: number, why = ''): void {
    const run = this.#runs.get(id)
    if (run === undefined) return
    const { sent, count } = run.status
    run.stop(`Stopped after ${formatCount(sent)} of ${formatCount(count)}${why}.`)
  }

  /** Call when inbound messages of a connection were captured. */
  received(id: number): void {
    const run = this.#runs.get(id)
    if (!(run instanceof Answered)) return
    const { sent } = run
    // What is sent in response comes after all events of the chunk that was received.
    queueMicrotask(() => run.received(sent))
  }

  /** Ends the run of a connection that is no longer open. */
  check(connection: LiveConnection): void {
    const { id } = connection
    if (!this.#runs.has(id)) return
    const { state } = connection.status()
    if (state !== 'open') this.stop(id, `: the connection is ${state}`)
  }

  /** Whether connection `id` has a status here. */
  has(id: number): boolean {
    return this.#runs.has(id)
  }

  /** The status of the last run on connection `id`. */
  status(id: number): SendingStatus | undefined {
    return this.#runs.get(id)?.status
  }

  forget(id: number): void {
    this.stop(id)
    this.#runs.delete(id)
  }

  stopAll(): void {
    for (const id of this.#runs.keys()) this.stop(id)
  }

  #start(id: number, make: () => Repeat | Answered): void {
    const running = this.status(id)
    if (running !== undefined && running.ended === undefined)
      throw new Failure('SENDING', 'Messages are already being sent on this connection. Stop them first.')
    this.#runs.set(id, make())
    this.#changed()
  }
}
