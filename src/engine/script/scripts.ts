/** The scripts of the connections of a live session. */
import type { Decoder } from '../../decode/decoder.ts'
import type { Clock } from '../../shared/clock.ts'
import type { RealtimeEvent } from '../../shared/event.ts'
import { Failure } from '../../shared/failure.ts'
import type { MessageBatch } from '../../shared/message-batch.ts'
import type { Handlers } from '../../shared/protocol/rpc.ts'
import type { ScriptMethods } from '../../shared/protocol/scripts.ts'
import type { RequestScript, ScriptStatus } from '../../shared/request-script.ts'
import type { KnownSecrets } from '../../shared/secrets/known-secrets.ts'
import type { ConnectionSpec, OutboundMessage } from '../../shared/spec.ts'
import type { FieldValues } from '../../shared/spoken/traits.ts'
import type { LiveConnection } from '../../transport/live-connection.ts'
import type { PreparedActions } from '../rules/automatic-sending.ts'
import { type ScriptHost, ScriptRunner } from './script-runner.ts'

export interface ScriptsHost {
  connect(spec: ConnectionSpec): LiveConnection
  /** Makes what is needed to judge a connection that is opened next, and resolves to a function that takes its number. */
  expect(texts: readonly string[]): Promise<(id: number) => void>
  /** As `expect`, for what the connection does by itself. */
  automate(actions: PreparedActions): Promise<(id: number) => void>
  /** Closes a connection after so many inbound messages. */
  limit(id: number, maxMessages: number): void
  readonly secrets: KnownSecrets
  /** Sends over a connection. */
  send(id: number, message: OutboundMessage): void
  /** As `Hub.compose`. */
  compose(id: number, form: string, values: FieldValues): readonly OutboundMessage[]
  decoders(): readonly Decoder[]
  /** The events by which a connection started. */
  started(id: number): readonly RealtimeEvent[]
  /** The time of the engine's clock in ms, and when the session started on it, which a clear changes. */
  readonly clock: { readonly engine: Clock; readonly zero: number }
  changed(): void
  /** Tells the user that something of a script does not work. */
  notice(sentence: string): void
}

export class Scripts {
  readonly handlers: Handlers<ScriptMethods>
  readonly #host: ScriptsHost
  readonly #runners = new Map<number, ScriptRunner>()

  constructor(host: ScriptsHost) {
    this.#host = host
    this.handlers = {
      connect: async ({
        spec,
        script,
        expectations = [],
        rules = [],
        keepAlive,
        secrets = [],
        maxMessages,
      }) => {
        host.secrets.add(secrets)
        try {
          const expect = await host.expect(expectations)
          const setByScript = script?.values.map(({ name }) => name) ?? []
          const automate = await host.automate({ rules, keepAlive, setByScript })
          return await this.#connect(
            script,
            () => {
              const connection = host.connect(spec)
              expect(connection.id)
              automate(connection.id)
              if (maxMessages !== undefined) host.limit(connection.id, maxMessages)
              return connection
            },
            spec.protocol !== undefined,
          )
        } catch (thrown) {
          // The sentence may quote a part of the request.
          if (!(thrown instanceof Failure)) throw thrown
          throw new Failure(thrown.code, host.secrets.mask(thrown.message))
        }
      },
      sendStep: ({ id, step }) => this.#get(id).sendStep(step),
      keepSecrets: ({ secrets }) => host.secrets.add(secrets),
      sendScript: ({ id }) => this.#get(id).restart(),
      stopScript: ({ id }) => this.#runners.get(id)?.stop(),
      scriptValues: ({ id }) => ({ variables: this.variables(id) }),
    }
  }

  /** Whether a connection has a status here. */
  has(id: number): boolean {
    return this.#runners.has(id)
  }

  /** What the status of a connection says of its script. */
  status(id: number): ScriptStatus | undefined {
    const status = this.#runners.get(id)?.status
    const { zero } = this.#host.clock
    return status && { ...status, sent: status.sent.map(({ step, time }) => ({ step, time: time - zero })) }
  }

  /** The variables of a connection that messages and rules have set, in full. */
  variables(id: number): Readonly<Record<string, string>> {
    return this.#runners.get(id)?.variables ?? {}
  }

  /** Whether messages or rules may set a variable of a connection, as its script says. */
  maySet(id: number, name: string): boolean {
    return this.#runners.get(id)?.maySet(name) === true
  }

  /** Sets a variable of a connection, which need not have a script. Throws a `Failure` `TOO_LARGE`. */
  set(id: number, name: string, value: string): void {
    let runner = this.#runners.get(id)
    if (runner === undefined) {
      runner = ScriptRunner.empty(this.#runnerHost(() => id))
      this.#runners.set(id, runner)
    }
    runner.set(name, value)
  }

  /** Call if the state of a connection may have changed. */
  update(connection: LiveConnection): void {
    if (this.#runners.size > 0) this.#runners.get(connection.id)?.update(connection.status())
  }

  /** Call for each event, with its session time in ms. */
  appended(event: RealtimeEvent, time: number): void {
    if (this.#runners.size > 0 && 'connection' in event)
      this.#runners.get(event.connection)?.appended({ ...event, time })
  }

  /** As `appended`, for the messages of a batch. */
  appendedBatch(connection: number, batch: MessageBatch, time: number): void {
    this.#runners.get(connection)?.appendedBatch(connection, batch, time)
  }

  forget(id: number): void {
    this.#runners.get(id)?.close()
    this.#runners.delete(id)
  }

  stopAll(): void {
    for (const id of [...this.#runners.keys()]) this.forget(id)
  }

  async #connect(
    script: RequestScript | undefined,
    connect: () => LiveConnection,
    speaks: boolean,
  ): Promise<{ id: number }> {
    if (script === undefined) return { id: connect().id }
    let opened: number | undefined
    const host = this.#host
    const runner = await ScriptRunner.prepare(script, {
      decoders: host.decoders(),
      speaks,
      host: this.#runnerHost(() => opened),
    })
    const { id } = connect()
    opened = id
    // The connection has emitted that it connects; nothing else can have happened yet.
    for (const event of host.started(id)) runner.appended(event)
    this.#runners.set(id, runner)
    return { id }
  }

  /** For a runner whose connection `id` returns once it is opened. */
  #runnerHost(id: () => number | undefined): ScriptHost {
    const host = this.#host
    return {
      send: (message) => host.send(id() ?? 0, message),
      compose: (form, values) => host.compose(id() ?? 0, form, values),
      now: () => host.clock.engine.now(),
      changed: () => host.changed(),
      notice: (sentence) => host.notice(sentence),
      secrets: host.secrets,
    }
  }

  #get(id: number): ScriptRunner {
    const runner = this.#runners.get(id)
    if (runner === undefined)
      throw new Failure('NO_SCRIPT', `Connection ${id} was not opened by a request with messages.`)
    return runner
  }
}
