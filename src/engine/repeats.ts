/** The repeats of a session: at most one a connection, and none on a connection that is not open. */
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

  /** Starts one on connection `id`. Throws `REPEATING` where one runs there, and as `Repeat` does. */
  start(id: number, plan: RepeatPlan, send: () => void): void {
    const running = this.#repeats.get(id)
    if (running !== undefined && running.status.ended === undefined)
      throw new Failure('REPEATING', 'A message is being repeated on this connection; stop that one first.')
    this.#repeats.set(id, new Repeat({ plan, send, changed: this.#changed }))
    this.#changed()
  }

  /** Ends the one on connection `id`, if there is one. */
  stop(id: number): void {
    const repeat = this.#repeats.get(id)
    if (repeat !== undefined) repeat.stop(`Stopped after ${progress(repeat)}.`)
  }

  /** Ends it where the connection is no longer open. */
  check({ id, state }: ConnectionStatus): void {
    const repeat = this.#repeats.get(id)
    if (repeat !== undefined && state !== 'open')
      repeat.stop(`Stopped after ${progress(repeat)}: the connection is ${state}.`)
  }

  /** How the last one on connection `id` goes or went. */
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
