/** What the connections of a live session send by themselves: answers by rule, and messages that keep them alive. */
import type { Decoder } from '../../decode/decoder.ts'
import { composeMessage, type TemplateMessage } from '../../shared/compose/compose.ts'
import type { RealtimeEvent } from '../../shared/event.ts'
import { type MessageBatch, messagesIn } from '../../shared/message-batch.ts'
import { checkKeepAlive } from '../../shared/protocol/rules.ts'
import type { Rule } from '../../shared/rule.ts'
import type { OutboundMessage } from '../../shared/spec.ts'
import type { ConnectionStatus } from '../../shared/status.ts'
import type { Connection } from '../../transport/connection.ts'
import { KeepAlive } from '../keep-alive.ts'
import { Rules } from './rules.ts'

export interface AutomaticSendingHost {
  connection(id: number): Connection
  decoders(): readonly Decoder[]
  /** The events by which a connection started. */
  started(id: number): readonly RealtimeEvent[]
  /** Makes a function that composes a message each time it is sent. */
  prepare(message: TemplateMessage): () => OutboundMessage
  /** Called on every change of status. */
  changed(): void
}

export class AutomaticSending {
  readonly #host: AutomaticSendingHost
  readonly #rules = new Map<number, Rules>()
  readonly #keepAlives = new Map<number, KeepAlive>()

  constructor(host: AutomaticSendingHost) {
    this.#host = host
  }

  /** What the status of a connection says of it. */
  status(id: number): Pick<ConnectionStatus, 'rules' | 'keepAlive'> {
    return { rules: this.#rules.get(id)?.status, keepAlive: this.#keepAlives.get(id)?.status }
  }

  /** Call for each event, with its session time in ms. */
  appended(event: RealtimeEvent, time: number): void {
    if (this.#rules.size > 0 && 'connection' in event)
      this.#rules.get(event.connection)?.appended({ ...event, time })
  }

  /** As `appended`, for the messages of a batch. */
  appendedBatch(connection: number, batch: MessageBatch): void {
    const rules = this.#rules.get(connection)
    if (rules === undefined) return
    for (const message of messagesIn(batch, connection)) rules.appended(message)
  }

  /** Rejects with a `Failure` if the rule is not valid. */
  async addRule(id: number, rule: Rule): Promise<void> {
    const host = this.#host
    const connection = host.connection(id)
    let rules = this.#rules.get(id)
    if (rules === undefined) {
      rules = new Rules({
        decoders: host.decoders(),
        started: () => host.started(id),
        send: (message) => connection.send(message),
        changed: () => host.changed(),
        now: () => performance.now(),
      })
      this.#rules.set(id, rules)
    }
    await rules.add(rule)
  }

  removeRule(id: number, index: number): void {
    this.#rules.get(id)?.remove(index)
  }

  switchRule(id: number, index: number, on: boolean): void {
    this.#rules.get(id)?.switch(index, on)
  }

  /** Throws a `Failure` if the interval is not allowed, or the message cannot be composed. */
  keepAlive(id: number, message: TemplateMessage, interval: number): void {
    const connection = this.#host.connection(id)
    checkKeepAlive(interval)
    const compose = this.#host.prepare(message)
    // Fails now rather than each time.
    if (message.variables === undefined) composeMessage(message)
    this.#keepAlives.get(id)?.stop()
    const started = new KeepAlive({
      text: message.text,
      interval,
      isOpen: () => connection.status().state === 'open',
      send: () => connection.send({ ...compose(), automatic: 'keep-alive' }),
      changed: () => this.#host.changed(),
    })
    this.#keepAlives.set(id, started)
    this.#host.changed()
  }

  stopKeepAlive(id: number): void {
    this.#keepAlives.get(id)?.stop()
    this.#keepAlives.delete(id)
    this.#host.changed()
  }

  forget(id: number): void {
    this.#rules.get(id)?.stop()
    this.#rules.delete(id)
    this.#keepAlives.get(id)?.stop()
    this.#keepAlives.delete(id)
  }

  stopAll(): void {
    for (const id of [...this.#rules.keys(), ...this.#keepAlives.keys()]) this.forget(id)
  }
}
