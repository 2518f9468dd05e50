/** Lets a resender drive a connection: what the editor's engine and the terminal have in common. */
import type { IndexedRecording } from '../../capture/recording.ts'
import { Resender, type ResenderHost, type ResenderOptions } from '../../session/replay/resender.ts'
import { type Script, scriptedMessage } from '../../session/replay/script.ts'
import type { RealtimeEvent } from '../../shared/event.ts'
import { Failure } from '../../shared/failure.ts'
import type { Connection } from '../../transport/connection.ts'

/** How far a script has been sent, and answered. */
export interface ScriptProgress {
  readonly sent: number
  readonly of: number
  /** Inbound messages so far, and as recorded. */
  readonly answers: number
  readonly expected: number
}

export class ScriptDriver {
  readonly #resender: Resender
  readonly #script: Script
  #connection: Connection | undefined

  /** `source` is what the script is of; it stays open for as long as this sends. */
  constructor(
    { done, failed }: Pick<ResenderHost, 'done' | 'failed'>,
    script: Script,
    source: IndexedRecording,
    options: ResenderOptions,
  ) {
    this.#script = script
    this.#resender = new Resender(
      script,
      { done, failed, send: (scripted) => this.#connection?.send(scriptedMessage(source, scripted)) },
      options,
    )
  }

  get progress(): ScriptProgress {
    const { messages, answers } = this.#script
    const { sent, answered } = this.#resender
    return { sent, of: messages.length, answers: answered, expected: answers }
  }

  /** The connection's state may have changed. */
  update(connection: Connection): void {
    this.#connection = connection
    this.#resender.setOpen(connection.status().state === 'open')
  }

  /** Called for each event that the session gets. */
  appended(event: RealtimeEvent): void {
    if (event.type === 'message' && event.direction === 'in') this.received(1)
  }

  /** That many inbound messages have come. */
  received(count: number): void {
    for (let n = 0; n < count; n++) this.#resender.received()
  }

  /** The connection has ended; a `Failure` where that was too early. */
  stop(): Failure | undefined {
    this.#resender.stop()
    if (this.#resender.isComplete) return undefined
    const { sent, of } = this.progress
    return new Failure(
      'NOT_SENT',
      `The connection ended after ${sent} of the ${of} messages were sent; see in the session why.`,
    )
  }
}
