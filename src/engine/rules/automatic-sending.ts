/** What the connections of a live session do by themselves: rules, and messages that keep them alive. */
import type { Decoder } from '../../decode/decoder.ts'
import { composeMessage, type TemplateMessage } from '../../shared/compose/compose.ts'
import type { Variables } from '../../shared/compose/template.ts'
import type { RealtimeEvent } from '../../shared/event.ts'
import { type MessageBatch, messagesIn } from '../../shared/message-batch.ts'
import type { Handlers } from '../../shared/protocol/rpc.ts'
import { checkKeepAlive, type KeepAliveMessage, type RuleMethods } from '../../shared/protocol/rules.ts'
import type { Rule } from '../../shared/rule.ts'
import type { OutboundMessage } from '../../shared/spec.ts'
import { type ConnectionStatus, isReady } from '../../shared/status.ts'
import type { LiveConnection } from '../../transport/live-connection.ts'
import { KeepAlive } from '../keep-alive.ts'
import { Rules } from './rules.ts'

/** The variables of connections that their messages and rules set. */
export interface ConnectionVariables {
  /** Those that are set, in full. */
  variables(id: number): Variables
  /** Whether a message of the script may set a variable. */
  maySet(id: number, name: string): boolean
  /** Throws a `Failure` if the value cannot be kept. */
  set(id: number, name: string, value: string): void
}

export interface AutomaticSendingHost {
  connection(id: number): LiveConnection
  decoders(): readonly Decoder[]
  /** The events by which a connection started. */
  started(id: number): readonly RealtimeEvent[]
  /** Adds a mark to the session. */
  mark(text: string, rule: string): void
  readonly variables: ConnectionVariables
  /** Makes a function that composes a message of a connection each time it is sent. */
  prepare(id: number, message: TemplateMessage): () => OutboundMessage
  /** Called on every change of status. */
  changed(): void
}

/** What a connection that is opened next does by itself. */
export interface PreparedActions {
  readonly rules: readonly Rule[]
  readonly keepAlive: KeepAliveMessage | undefined
  /** Variables that its script sets. */
  readonly setByScript: readonly string[]
}

export class AutomaticSending {
  readonly handlers: Handlers<RuleMethods>
  readonly #host: AutomaticSendingHost
  readonly #rules = new Map<number, Rules>()
  readonly #keepAlives = new Map<number, KeepAlive>()

  constructor(host: AutomaticSendingHost) {
    this.#host = host
    this.handlers = {
      addRule: ({ id, rule }) => this.#addRule(id, rule),
      removeRule: ({ id, index }) => this.#rules.get(id)?.remove(index),
      switchRule: ({ id, index, on }) => this.#rules.get(id)?.switch(index, on),
      keepAlive: ({ id, ...keepAlive }) => this.#keepAlive(id, keepAlive),
      stopKeepAlive: ({ id }) => this.#stopKeepAlive(id),
    }
  }

  /** Whether a connection has a status here. */
  has(id: number): boolean {
    return this.#rules.has(id) || this.#keepAlives.has(id)
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
  appendedBatch(connection: number, batch: MessageBatch, time: number): void {
    const rules = this.#rules.get(connection)
    if (rules === undefined) return
    for (const message of messagesIn(batch, connection, time)) rules.appended(message)
  }

  /** Rejects with a `Failure` if the rule is not valid. */
  async #addRule(id: number, rule: Rule): Promise<void> {
    // Throws if there is no such connection.
    this.#host.connection(id)
    let rules = this.#rules.get(id)
    if (rules === undefined) {
      rules = this.#newRules(() => id)
      this.#rules.set(id, rules)
    }
    await rules.add([rule])
  }

  /**
   * Makes what a connection that is opened next does by itself. Resolves to a function that takes its number. Rejects with a
   * `Failure` as `addRule` does.
   */
  async prepare({ rules, keepAlive, setByScript }: PreparedActions): Promise<(id: number) => void> {
    if (keepAlive !== undefined) checkKeepAlive(keepAlive.interval)
    const startKeepAlive = (id: number) => keepAlive && this.#keepAlive(id, keepAlive)
    if (rules.length === 0) return startKeepAlive
    let connection = 0
    const made = this.#newRules(
      () => connection,
      (name) => setByScript.includes(name),
    )
    await made.add(rules)
    return (id) => {
      connection = id
      for (const event of this.#host.started(id)) made.appended(event)
      this.#rules.set(id, made)
      startKeepAlive(id)
    }
  }

  /** Rules of the connection that `id` returns once it is open. */
  #newRules(id: () => number, setByScript: (name: string) => boolean = () => false): Rules {
    const host = this.#host
    return new Rules({
      decoders: host.decoders(),
      started: () => host.started(id()),
      send: (message) => host.connection(id()).send(message),
      disconnect: (request) => void host.connection(id()).disconnect(request),
      mark: (text, rule) => host.mark(text, rule),
      set: (name, value) => host.variables.set(id(), name, value),
      variables: () => host.variables.variables(id()),
      maySet: (name) => setByScript(name) || host.variables.maySet(id(), name),
      changed: () => host.changed(),
      now: () => performance.now(),
    })
  }

  /** Throws a `Failure` if the interval is not allowed, or the message cannot be composed. */
  #keepAlive(id: number, { message, interval, written }: KeepAliveMessage): void {
    const connection = this.#host.connection(id)
    checkKeepAlive(interval)
    const compose = this.#host.prepare(id, message)
    // Fails now rather than each time.
    if (message.variables === undefined) composeMessage(message)
    this.#keepAlives.get(id)?.stop()
    const started = new KeepAlive({
      shown: {
        text: written ?? message.text,
        ...(isBinary(message) && { isBinary: true }),
        ...(written !== undefined && { isFromFile: true }),
      },
      interval,
      isReady: () => isReady(connection.status()),
      send: () => connection.send({ ...compose(), automatic: 'keep-alive' }),
      changed: () => this.#host.changed(),
    })
    this.#keepAlives.set(id, started)
    this.#host.changed()
  }

  #stopKeepAlive(id: number): void {
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

function isBinary({ format }: TemplateMessage): boolean {
  return format === 'hex' || format === 'base64'
}
