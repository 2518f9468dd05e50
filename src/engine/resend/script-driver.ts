/** Connects a resender to a connection. The editor's engine and the terminal both use it. */
import type { IndexedRecording } from '../../capture/recording.ts'
import { Resender, type ResenderHost, type ResenderOptions } from '../../session/replay/resender.ts'
import { type Script, scriptedMessage } from '../../session/replay/script.ts'
import type { RealtimeEvent } from '../../shared/event.ts'
import { Failure } from '../../shared/failure.ts'
import type { Connection } from '../../transport/connection.ts'

/** How many messages of a script have been sent and answered. */
export interface ScriptProgress {
  readonly sent: number
  readonly of: number
  /** Inbound messages so far, and in the recording. */
  readonly answers: number
  readonly expected: number
}

export class ScriptDriver {
  readonly #resender: Resender
  readonly #script: Script
  #connection: Connection | undefined

  /** `source` is the recording of the script; it must stay open until sending has ended. */
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

  /** Call when the state of the connection may have changed. */
  update(connection: Connection): void {
    this.#connection = connection
    this.#resender.setOpen(connection.status().state === 'open')
  }

  /** Called for each event that the session gets. */
  appended(event: RealtimeEvent): void {
    if (event.type === 'message' && event.direction === 'in') this.received(1)
  }

  /** Call when `count` inbound messages were captured. */
  received(count: number): void {
    for (let n = 0; n < count; n++) this.#resender.received()
  }

  /** Call when the connection has ended. Returns a `Failure` if not everything was sent. */
  stop(): Failure | undefined {
    this.#resender.stop()
    if (this.#resender.isComplete) return undefined
    const { sent, of } = this.progress
    return new Failure(
      'NOT_SENT',
      `The connection ended after ${sent} of the ${of} messages were sent; the session says why.`,
    )
  }
}
