/** Keeps what goes wrong on one connection away from the process and from the other connections. */
import { Failure, sentenceOf } from '../shared/failure.ts'

/** For what timers, promises and sockets call: nobody else would catch what it throws. */
export class Guard {
  readonly #end: (failure: Failure) => void

  /** `end` ends the connection, and records why. */
  constructor(end: (failure: Failure) => void) {
    this.#end = end
  }

  /** Runs a step of the connection. Does not throw: if the step does, the connection ends. */
  run(step: () => void): void {
    try {
      step()
    } catch (thrown) {
      this.failed(thrown)
    }
  }

  /** Ends the connection because of what was thrown. */
  failed(thrown: unknown): void {
    try {
      this.#end(brokenOff(thrown))
    } catch {
      // The recording itself fails, which it reports elsewhere.
    }
  }
}

/** The failure if the proxy itself could not go on. */
export function brokenOff(thrown: unknown): Failure {
  return new Failure(
    'INTERNAL',
    `The proxy cut the connection because of an error of its own: ${sentenceOf(thrown)}`,
  )
}
