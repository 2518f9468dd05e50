/** Connects a resender to a connection. The editor's engine and the terminal both use it. */
import type { IndexedRecording } from '../../capture/recording.ts'
import type { ReplayedPackets } from '../../session/replay/replayed-packets.ts'
import { Resender, type ResenderHost, type ResenderOptions } from '../../session/replay/resender.ts'
import { type Script, type ScriptedMessage, scriptedMessage } from '../../session/replay/script.ts'
import type { RealtimeEvent } from '../../shared/event.ts'
import { Failure } from '../../shared/failure.ts'
import type { Resending } from '../../shared/protocol/resending.ts'
import type { OutboundMessage } from '../../shared/spec.ts'
import type { LiveConnection } from '../../transport/live-connection.ts'
import type { Outcome } from '../../transport/transport.ts'

export class ScriptDriver {
  readonly #resender: Resender
  readonly #script: Script
  readonly #packets: ReplayedPackets | undefined
  #connection: LiveConnection | undefined
  #isOpen = false
  #wasOpen = false

  /**
   * `source` is the recording of the script; it must stay open until sending has ended. With `packets`, their ids become
   * those that the live peer gives.
   */
  constructor(
    { done, failed }: Pick<ResenderHost, 'done' | 'failed'>,
    script: Script,
    source: IndexedRecording,
    options: ResenderOptions,
    packets?: ReplayedPackets,
  ) {
    this.#script = script
    this.#packets = packets
    this.#resender = new Resender(
      script,
      {
        done,
        failed,
        send: (scripted) => this.#send(scripted, source),
        isReady: ({ index }) => packets?.isReady(index) !== false,
      },
      options,
    )
  }

  /** How many messages have been sent and answered. */
  get progress(): Omit<Resending, 'ticket' | 'id'> {
    const { messages, answers } = this.#script
    const { sent, answered } = this.#resender
    return { sent, of: messages.length, answers: answered, expected: answers }
  }

  /** Call when the state of the connection may have changed. */
  update(connection: LiveConnection): void {
    this.#connection = connection
    const isOpen = connection.status().state === 'open'
    if (isOpen && !this.#isOpen) this.#packets?.opened()
    this.#isOpen = isOpen
    this.#wasOpen ||= isOpen
    this.#resender.setOpen(isOpen)
  }

  /** Called for each event that the session gets. */
  appended(event: RealtimeEvent): void {
    if (event.type !== 'message' || event.direction !== 'in') return
    const { payload, opcode, event: eventName = '' } = event
    const binary = opcode === 'binary'
    const reactions = this.#packets?.received({ direction: 'in', payload, binary, eventName }) ?? []
    // What is sent in response comes after all events of the chunk that was received.
    queueMicrotask(() => this.#received(reactions))
  }

  #received(reactions: readonly OutboundMessage[]): void {
    try {
      for (const message of reactions) this.#connection?.send({ ...message, automatic: 'protocol' })
    } catch (thrown) {
      // The connection reports why it closes.
      if (!(thrown instanceof Failure)) throw thrown
    }
    this.#resender.received()
  }

  #send(scripted: ScriptedMessage, source: IndexedRecording): void {
    const messages = this.#packets?.messagesOf(scripted.index) ?? [scriptedMessage(source, scripted)]
    for (const message of messages) this.#connection?.send(message)
  }

  stop(): void {
    this.#resender.stop()
  }

  /** Call when the connection has ended. Returns a `Failure` if it failed, or if not everything was sent. */
  ended({ end, reason }: Outcome): Failure | undefined {
    this.stop()
    if (this.#wasOpen && this.#resender.isAnswered) return undefined
    if (end === 'failed') return new Failure('CONNECTION', reason)
    if (this.#resender.isComplete) return undefined
    const { sent, of } = this.progress
    return new Failure(
      'NOT_SENT',
      `The connection ended after ${sent} of the ${of} messages were sent; the session says why.`,
    )
  }
}
