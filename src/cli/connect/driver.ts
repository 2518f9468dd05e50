/** Drives a connection of the terminal: sends its messages, and lines of standard input. */
import type { Hub } from '../../engine/hub.ts'
import { type ComposedMessage, composeMessage } from '../../shared/compose/compose.ts'
import type { RealtimeEvent } from '../../shared/event.ts'
import type { Failure } from '../../shared/failure.ts'
import { printNotice } from '../standard-error.ts'
import type { ConnectPlan } from './connect-plan.ts'
import { LineSender } from './line-sender.ts'

export type Connection = ReturnType<Hub['connect']>

/** Uses a connection: sends over it, and may end it. */
export interface Driver {
  /** Called if the state of the connection may have changed. */
  update(connection: Connection): void
  /** Called for each event that the session gets. */
  appended?(event: RealtimeEvent): void
  /** Called once the connection has ended. Returns a `Failure` if that was too early. */
  stop(): Failure | undefined
}

export interface DriverHost {
  /** Ends the connection cleanly. */
  done(): void
  failed(thrown: unknown): void
}

/** Sends the messages of the request, then lines of standard input. */
export class MessageSender implements Driver {
  readonly #lines: LineSender | undefined
  readonly #messages: readonly ComposedMessage[]
  readonly #failed: (thrown: unknown) => void
  #connection: Connection | undefined
  #hasSent = false
  #warned = false

  constructor(plan: ConnectPlan, { failed }: DriverHost) {
    this.#messages = plan.request.messages
    this.#failed = failed
    if (plan.interactive)
      this.#lines = new LineSender(process.stdin, (text) => this.#send({ format: 'text', text }), failed)
  }

  update(connection: Connection): void {
    this.#connection = connection
    const { state, stalled, canSend, transport } = connection.status()
    if (state === 'open' && !this.#hasSent) this.#sendMessages()
    if (canSend) this.#lines?.setReady(state === 'open' && !stalled)
    else if (state === 'open') this.#warnOnce(transport)
  }

  /** Warns once that lines of standard input cannot be sent; they stay unread. */
  #warnOnce(transport: string): void {
    if (this.#lines === undefined || this.#warned) return
    this.#warned = true
    printNotice(`-i has no effect here: ${transport} only receives; connect with a WebSocket to send.`)
  }

  stop(): undefined {
    this.#lines?.stop()
  }

  #sendMessages(): void {
    this.#hasSent = true
    try {
      for (const message of this.#messages) this.#send(message)
    } catch (thrown) {
      this.#failed(thrown)
    }
  }

  #send(message: ComposedMessage): void {
    this.#connection?.send(composeMessage(message))
  }
}
