/** A session in an engine of its own, and what the window knows of it; the engine is started on first use. */
import * as vscode from 'vscode'
import { EngineClient, type EngineClientOptions } from '../../engine/client.ts'
import { Failure } from '../../shared/failure.ts'
import type { Resending } from '../../shared/protocol/resending.ts'
import type { Progress } from '../../shared/protocol/saving.ts'
import type { Delta, EngineMethods } from '../../shared/protocol.ts'
import type { ConnectionStatus, SessionStatus } from '../../shared/status.ts'

export abstract class EngineSession {
  /** The file that a recording is read from; undefined for a live session. */
  readonly uri: vscode.Uri | undefined = undefined
  protected readonly log: vscode.LogOutputChannel
  protected readonly subscriptions: vscode.Disposable[] = []
  #engine: EngineClient | undefined
  #status: SessionStatus | undefined
  #isDisposed = false
  readonly #started = this.#emitter<void>()
  readonly #statusChanged = this.#emitter<SessionStatus | undefined>()
  readonly #delta = this.#emitter<Delta>()
  readonly #reset = this.#emitter<void>()
  readonly #rewound = this.#emitter<number>()
  readonly #progressed = this.#emitter<Progress>()
  readonly #resending = this.#emitter<Resending>()
  readonly #failed = this.#emitter<Failure>()

  /** An engine runs now, and knows nothing yet. */
  readonly onStart = this.#started.event
  /** A few times a second while anything changes; undefined when the engine is gone. */
  readonly onStatus = this.#statusChanged.event
  readonly onDelta = this.#delta.event
  /** Every event so far is gone; the next one is event 0. */
  readonly onReset = this.#reset.event
  /** Events from that number on are not shown any more, for now. */
  readonly onRewind = this.#rewound.event
  /** Of a `save` with a ticket. */
  readonly onProgress = this.#progressed.event
  readonly onResending = this.#resending.event
  /** The engine stopped by itself. */
  readonly onFailure = this.#failed.event

  constructor(log: vscode.LogOutputChannel) {
    this.log = log
  }

  get running(): boolean {
    return this.#engine !== undefined
  }

  get status(): SessionStatus | undefined {
    return this.#status
  }

  get connections(): readonly ConnectionStatus[] {
    return this.#status?.connections ?? []
  }

  /** Calls the engine, which is started if need be. Rejects with CLOSED after `dispose`. */
  async call<K extends keyof EngineMethods & string>(
    method: K,
    params: EngineMethods[K]['params'],
    timeout?: number,
  ): Promise<EngineMethods[K]['result']> {
    return await this.#ensureEngine().call(method, params, timeout)
  }

  acknowledge(): void {
    this.#engine?.acknowledge()
  }

  /** Has the status as it is now, rather than as it was a moment ago. */
  async refresh(): Promise<void> {
    if (this.#engine !== undefined) this.#setStatus(await this.#engine.call('status', null))
  }

  /** Ends the engine, and with it what it holds open; events that were not saved may be kept for the next start. */
  async dispose(options: { readonly keepUnsaved?: boolean } = {}): Promise<void> {
    const engine = this.#engine
    this.#engine = undefined
    this.#isDisposed = true
    for (const subscription of this.subscriptions.splice(0)) subscription.dispose()
    await engine?.dispose(options)
  }

  /** Ends the engine and starts another, which knows nothing of what the first one knew. */
  protected async restart(): Promise<void> {
    const engine = this.#engine
    this.#engine = undefined
    await engine?.dispose()
    this.#status = undefined
    this.#reset.fire()
    this.#statusChanged.fire(undefined)
    await this.call('status', null, 0)
  }

  protected abstract engineOptions(): EngineClientOptions

  /** The status is another one. */
  protected took(_status: SessionStatus): void {}

  /** The engine stopped by itself; its status is gone. Returns a sentence that says how to go on. */
  protected abstract lost(failure: Failure): string

  /** Everybody knows by now that the engine stopped. */
  protected afterLoss(): void {}

  #emitter<T>(): vscode.EventEmitter<T> {
    const emitter = new vscode.EventEmitter<T>()
    this.subscriptions.push(emitter)
    return emitter
  }

  #ensureEngine(): EngineClient {
    if (this.#engine !== undefined) return this.#engine
    // Nobody would end it, as where an editor is closed while its file is read anew.
    if (this.#isDisposed) throw new Failure('CLOSED', 'The session was closed here; open it again to go on.')
    const engine: EngineClient = new EngineClient(this.engineOptions(), {
      delta: (delta) => this.#delta.fire(delta),
      status: (status) => this.#setStatus(status),
      reset: () => this.#reset.fire(),
      rewind: ({ count }) => this.#rewound.fire(count),
      progress: (progress) => this.#progressed.fire(progress),
      resending: (progress) => this.#resending.fire(progress),
      log: ({ level, message }) => this.log[level](message),
      exit: (failure) => this.#exited(engine, failure),
    })
    this.#engine = engine
    this.log.info('The engine started.')
    this.#started.fire()
    return engine
  }

  #setStatus(status: SessionStatus): void {
    this.#status = status
    this.#statusChanged.fire(status)
    this.took(status)
  }

  #exited(engine: EngineClient, failure: Failure): void {
    if (this.#engine !== engine) return
    this.#engine = undefined
    this.#status = undefined
    const told = new Failure(failure.code, `${failure.message} ${this.lost(failure)}`)
    this.log.error(told.message)
    this.#reset.fire()
    this.#statusChanged.fire(undefined)
    this.#failed.fire(told)
    this.afterLoss()
  }
}
