/** Runs one request to its end: its connection, its script, and its rules. */
import { decodersWith } from '../../decode/decoders.ts'
import { Expectations } from '../../engine/expect/expectations.ts'
import type { Hub } from '../../engine/hub.ts'
import type { MessageLimits } from '../../engine/message-limits.ts'
import { ScriptRunner } from '../../engine/script/script-runner.ts'
import { REAL_TIMERS } from '../../session/replay/timers.ts'
import type { Dialect } from '../../shared/dialect.ts'
import type { RealtimeEvent } from '../../shared/event.ts'
import type { ExpectationStatus } from '../../shared/expectation.ts'
import { Failure } from '../../shared/failure.ts'
import type { RequestScript } from '../../shared/request-script.ts'
import type { KnownSecrets } from '../../shared/secrets/known-secrets.ts'
import { type ConnectionSpec, DEFAULT_TIMEOUT } from '../../shared/spec.ts'
import type { Connection, Driver } from '../connect/driver.ts'
import { RequestEnd, type RunLimits } from './request-end.ts'

export interface RequestRunOptions {
  readonly hub: Hub
  readonly spec: ConnectionSpec
  readonly script: RequestScript
  /** What is expected of the connection (src/shared/expectation.ts). */
  readonly expectations: readonly string[]
  /** Those of the command line, else those of the request. */
  readonly limits: RunLimits
  /** The request has no limit of its own. */
  readonly endsWhenDone: boolean
  /** What the limit of messages is set on. */
  readonly messages: MessageLimits
  /** Use the connection beside the script. */
  readonly drivers: readonly Driver[]
  /** The user's own. */
  readonly dialects: readonly Dialect[]
  /** Secret values of messages are added. */
  readonly secrets: KnownSecrets
  /** Says a sentence about the request. */
  notice(sentence: string): void
}

export class RequestRun {
  readonly #options: RequestRunOptions
  readonly #runner: ScriptRunner
  readonly #expectations: Expectations
  readonly #end: RequestEnd
  #connection: Connection | undefined
  #failure: Failure | undefined
  #wasOpen = false
  #hasEnded = false
  #isInterrupted = false

  /** Rejects with a `Failure` `BAD_SCRIPT` or `BAD_EXPECTATION`. */
  static async prepare(options: RequestRunOptions): Promise<RequestRun> {
    let run: RequestRun | undefined
    const connection = () => run?.connection
    const decoders = decodersWith(options.dialects)
    const expectations = await Expectations.prepare(options.expectations, {
      decoders,
      timers: REAL_TIMERS,
      changed: () => run?.changed(),
    })
    const runner = await ScriptRunner.prepare(options.script, {
      host: {
        send: (message) => connection()?.send(message),
        compose: (form, values) => options.hub.compose(connection()?.id ?? 0, form, values),
        now: () => options.hub.clock.now(),
        changed: () => run?.changed(),
        // Why it does not continue is the failure of the request.
        notice: (sentence) => sentence !== runner.status.problem && options.notice(sentence),
        secrets: options.secrets,
      },
      decoders,
      speaks: options.spec.protocol !== undefined,
    })
    run = new RequestRun(options, runner, expectations)
    return run
  }

  private constructor(options: RequestRunOptions, runner: ScriptRunner, expectations: Expectations) {
    this.#options = options
    this.#runner = runner
    this.#expectations = expectations
    const { script, limits, endsWhenDone, spec, notice } = options
    const isJudged = options.expectations.length > 0
    const timeout = spec.timeout ?? DEFAULT_TIMEOUT
    this.#end = new RequestEnd(
      { script, isJudged, limits, endsWhenDone, timeout, timers: REAL_TIMERS },
      { end: () => this.#finish(), fail: (sentence) => this.#fail(sentence), notice },
    )
  }

  get connection(): Connection | undefined {
    return this.#connection
  }

  /** The variables that messages have set. */
  get variables(): Readonly<Record<string, string>> {
    return this.#runner.variables
  }

  /** Sets a variable, as a message does. Throws a `Failure` if the value cannot be kept. */
  setVariable(name: string, value: string): void {
    this.#runner.set(name, value)
  }

  /** How the expectations have been met, in their order. */
  get judged(): readonly ExpectationStatus[] {
    return this.#expectations.status
  }

  /** Resolves once the connection has ended, with why the request failed. Rejects with a `Failure` for an unusable spec. */
  async run(): Promise<Failure | undefined> {
    const { hub, spec, limits, messages, drivers, notice } = this.#options
    try {
      for (const driver of drivers) driver.starting?.(hub)
      this.#connection = hub.connect(spec)
      const { maxMessages } = limits
      if (maxMessages !== undefined) messages.set(this.#connection.id, maxMessages, () => this.#finish())
      // It may have been ended while it was prepared.
      if (this.#hasEnded) this.#disconnect()
      const { end, reason } = await this.#connection.done
      await this.#expectations.ended()
      if (this.#isInterrupted) return undefined
      if (this.#failure !== undefined) return this.#failure
      if (end === 'failed' && !this.#hasEnded)
        return new Failure(this.#connection.status().errorCode ?? 'CONNECTION', reason)
      const problem = this.#problem()
      if (problem !== undefined) return problem
      const [missing] = this.#missing()
      if (missing !== undefined)
        notice(`No message had a value for # @set ${missing}; check its path and its filter.`)
      return undefined
    } finally {
      this.#end.stop()
      this.#runner.close()
      this.#expectations.stop()
      for (const driver of drivers) driver.stop()
    }
  }

  /** Ends it because the program ends. */
  interrupt(): void {
    this.#isInterrupted = true
    this.#finish()
  }

  /** Call if the state of a connection may have changed. */
  update(connection: Connection): void {
    for (const driver of this.#options.drivers) driver.update(connection)
    this.#runner.update(connection.status())
    this.changed()
  }

  /** Call for each event of the connection, before it is written: it may set a variable that is secret. */
  arriving(event: RealtimeEvent): void {
    if (event.type === 'mark') return
    if (event.type === 'message' && event.direction === 'in') {
      // The handshake of a protocol over HTTP has messages before the connection is open.
      this.#wasOpen = true
      this.#end.received()
    }
    this.#expectations.appended(event)
    this.#runner.appended(event)
    for (const driver of this.#options.drivers) driver.arriving?.(event)
  }

  /** Call for each event once it is written. */
  appended(event: RealtimeEvent): void {
    for (const driver of this.#options.drivers) driver.appended?.(event)
  }

  /** The script has changed. */
  changed(): void {
    if (this.#connection === undefined) return
    const { state, canSend } = this.#connection.status()
    this.#wasOpen ||= state === 'open'
    const script = this.#runner.status
    if (script.problem !== undefined && state === 'open') this.#fail(script.problem, 'UNFINISHED')
    this.#end.update({
      isOpen: state === 'open',
      canSend,
      script,
      isDone: this.#runner.isDone,
      missing: this.#missing(),
      expects: this.#expectations.waitsFor,
      isDecided: this.#expectations.isDecided,
    })
  }

  /** Why the request is not done, although the connection ended normally. */
  #problem(): Failure | undefined {
    const { problem, of } = this.#runner.status
    if (problem !== undefined) return new Failure('UNFINISHED', problem)
    if (!this.#wasOpen)
      return new Failure('NOT_OPEN', 'It ended before the connection was open; raise # @duration.')
    if (this.#runner.isDone || of === 0) return undefined
    return new Failure(
      'UNFINISHED',
      'It ended before the handshake was complete, so its messages were not sent; raise # @max-messages or # @duration.',
    )
  }

  #missing(): string[] {
    const names = this.#options.script.values.map(({ name }) => name)
    return names.filter((name) => !Object.hasOwn(this.variables, name))
  }

  #fail(sentence: string, code = 'TIMEOUT'): void {
    if (!this.#hasEnded) this.#failure = new Failure(code, sentence)
    this.#finish()
  }

  #finish(): void {
    if (this.#hasEnded) return
    this.#hasEnded = true
    this.#end.stop()
    this.#disconnect()
  }

  #disconnect(): void {
    // Not from within a callback of the socket.
    queueMicrotask(() => void this.#connection?.disconnect())
  }
}
