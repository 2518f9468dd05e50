/** The repeats of a session: at most one for each connection, only while the connection is open. */
import type { RepeatPlan } from '../shared/compose/repeat.ts'
import { Failure } from '../shared/failure.ts'
import type { ConnectionStatus, RepeatStatus } from '../shared/status.ts'
import { Repeat } from './repeat.ts'

export class Repeats {
  readonly #repeats = new Map<number, Repeat>()
  readonly #changed: () => void

  constructor(changed: () => void) {
    this.#changed = changed
  }

  /** Starts a repeat on connection `id`. Throws `REPEATING` if one runs there, or as `Repeat` does. */
  start(id: number, plan: RepeatPlan, send: () => void): void {
    const running = this.#repeats.get(id)
    if (running !== undefined && running.status.ended === undefined)
      throw new Failure('REPEATING', 'A message is being repeated on this connection; stop that one first.')
    this.#repeats.set(id, new Repeat({ plan, send, changed: this.#changed }))
    this.#changed()
  }

  /** Ends the repeat on connection `id`, if there is one. */
  stop(id: number): void {
    const repeat = this.#repeats.get(id)
    if (repeat !== undefined) repeat.stop(`Stopped after ${progress(repeat)}.`)
  }

  /** Ends the repeat of a connection that is no longer open. */
  check({ id, state }: ConnectionStatus): void {
    const repeat = this.#repeats.get(id)
    if (repeat !== undefined && state !== 'open')
      repeat.stop(`Stopped after ${progress(repeat)}: the connection is ${state}.`)
  }

  /** The status of the last repeat on connection `id`. */
  status(id: number): RepeatStatus | undefined {
    return this.#repeats.get(id)?.status
  }

  forget(id: number): void {
    this.stop(id)
    this.#repeats.delete(id)
  }

  stopAll(): void {
    for (const id of this.#repeats.keys()) this.stop(id)
  }
}

function progress({ status }: Repeat): string {
  return `${status.sent} of ${status.count}`
}
