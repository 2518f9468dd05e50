/** The base of all transports. */
import type { OutboundMessage } from '../shared/spec.ts'
import { cannotSend } from './failures.ts'
import type { AttemptContext, Outcome, Transport } from './transport.ts'

type Pausable = Pick<Transport, 'pause' | 'resume'>

/** Passes `pause` and `resume` on to what the transport reads now. Sending is for those that override it. */
export abstract class BaseTransport implements Transport {
  protected isPaused = false
  #source: Pausable | undefined

  abstract run(context: AttemptContext): Promise<Outcome>

  /** Sets what `pause` and `resume` act on. */
  protected reading(source: Pausable | undefined): void {
    this.#source = source
    if (this.isPaused) source?.pause()
  }

  send(_message: OutboundMessage): void {
    throw cannotSend('This transport')
  }

  pause(): void {
    this.isPaused = true
    this.#source?.pause()
  }

  resume(): void {
    this.isPaused = false
    this.#source?.resume()
  }
}
