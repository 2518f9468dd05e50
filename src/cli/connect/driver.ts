/** Drives a connection of the terminal: sends its messages, and lines of standard input. */
import type { Hub } from '../../engine/hub.ts'
import { type ComposedMessage, composeMessage } from '../../shared/compose/compose.ts'
import type { RealtimeEvent } from '../../shared/event.ts'
import { type Failure, sentenceOf } from '../../shared/failure.ts'
import type { OutboundMessage } from '../../shared/spec.ts'
import { isReady } from '../../shared/status.ts'
import { printNotice } from '../standard-error.ts'
import type { ConnectPlan } from './connect-plan.ts'
import { LineSender } from './line-sender.ts'
import { typedMessage } from './typed-message.ts'

export type Connection = ReturnType<Hub['get']>

/** Uses a connection: sends over it. */
export interface Driver {
  /** Called before the connection is opened. */
  starting?(hub: Hub): void
  /** Called if the state of the connection may have changed. */
  update(connection: Connection): void
  /** Called for each event before it is written. Must not send. */
  arriving?(event: RealtimeEvent): void
  /** Called for each event that the session gets. */
  appended?(event: RealtimeEvent): void
  /** Resolves once the connection has done what the driver waits for, so that it can end. */
  readonly decided?: Promise<void>
  /** Called when the connection has ended, before `stop`. Resolves with what was not as expected. */
  judge?(): Promise<readonly Failure[]>
  /** Called last, once the connection has ended. */
  stop(): void
}

/** Sends the messages of the request, then lines of standard input. */
export class MessageSender implements Driver {
  readonly #lines: LineSender | undefined
  readonly #messages: readonly ComposedMessage[]
  readonly #failed: (thrown: unknown) => void
  #connection: Connection | undefined
  #hasSent = false
  #warned = false

  /** Calls `failed` if a message cannot be sent. */
  constructor(plan: ConnectPlan, failed: (thrown: unknown) => void) {
    this.#messages = plan.request.messages
    this.#failed = failed
    if (plan.interactive)
      this.#lines = new LineSender(process.stdin, { send: (line) => this.#sendTyped(line), failed })
  }

  update(connection: Connection): void {
    this.#connection = connection
    const status = connection.status()
    const { state, stalled, canSend, transport } = status
    const ready = isReady(status)
    if (ready && !this.#hasSent) this.#sendMessages()
    if (canSend) this.#lines?.setReady(ready && !stalled)
    else if (state === 'open') this.#warnOnce(transport)
  }

  /** Warns once that lines of standard input cannot be sent; they stay unread. */
  #warnOnce(transport: string): void {
    if (this.#lines === undefined || this.#warned) return
    this.#warned = true
    printNotice(`-i has no effect here: ${transport} only receives; connect with a WebSocket to send.`)
  }

  stop(): void {
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

  /** A line that is not a message is reported, so that a typing error does not end the connection. */
  #sendTyped(line: string): void {
    let message: OutboundMessage
    try {
      message = composeMessage(typedMessage(line))
    } catch (thrown) {
      printNotice(`A line of standard input was not sent. ${sentenceOf(thrown)}`)
      return
    }
    this.#connection?.send(message)
  }

  #send(message: ComposedMessage): void {
    this.#connection?.send(composeMessage(message))
  }
}
