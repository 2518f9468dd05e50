/** A session in an engine of its own, which is started on first use, and what the window knows of it. */
import * as vscode from 'vscode'
import { EngineClient, type EngineClientOptions } from '../../engine/client.ts'
import type { Authorize } from '../../shared/authorization.ts'
import { Failure } from '../../shared/failure.ts'
import type { EngineNotifications } from '../../shared/protocol/notifications.ts'
import type { Notification } from '../../shared/protocol/rpc.ts'
import { StatusMirror, type StatusUpdate } from '../../shared/protocol/status-update.ts'
import type { EngineMethods, PreviewWish } from '../../shared/protocol.ts'
import type { ConnectionStatus, SessionStatus } from '../../shared/status.ts'
import { diagnosisSettings, onDiagnosisSettings } from '../settings/diagnosis-settings.ts'
import { onUserDialects, userDialects } from '../settings/user-dialects.ts'
import type { Surroundings } from '../ui/surroundings.ts'
import { ConnectionLabels } from './connection-labels.ts'

/** What an engine says of its session, except for its log. */
export type SessionNotification = Notification<Omit<EngineNotifications, 'log'>>

export type EngineSessionOptions = Pick<Surroundings, 'script' | 'storage' | 'log'>

export abstract class EngineSession {
  /** The file that a recording is read from; undefined for a live session. */
  readonly uri: vscode.Uri | undefined = undefined
  /** Gets access tokens for connections. A recording has none. */
  protected readonly authorize: Authorize | undefined = undefined
  protected readonly log: vscode.LogOutputChannel
  protected readonly subscriptions: vscode.Disposable[] = []
  #engine: EngineClient | undefined
  readonly #status = new StatusMirror()
  #isDisposed = false
  #wish: PreviewWish | undefined
  readonly #started = this.#emitter<void>()
  readonly #notified = this.#emitter<SessionNotification>()
  readonly #statusChanged = this.#emitter<SessionStatus | undefined>()
  readonly #failed = this.#emitter<Failure>()

  /** An engine has started. It has no events yet. */
  readonly onStart = this.#started.event
  /** What the engine says, as it says it; an engine that stops leaves an empty session. */
  readonly onNotification = this.#notified.event
  /** Fires a few times a second while anything changes, and with undefined if the engine has stopped. */
  readonly onStatus = this.#statusChanged.event
  /** The engine stopped by itself. */
  readonly onFailure = this.#failed.event

  /** The names and colors of its connections. */
  readonly labels = new ConnectionLabels(this)

  constructor(log: vscode.LogOutputChannel) {
    this.log = log
    this.subscriptions.push(
      onUserDialects(() => {
        if (this.running)
          this.call('setDialects', { dialects: userDialects() }).catch((error) =>
            log.error('Your protocols did not reach the engine:', error),
          )
      }),
      onDiagnosisSettings(() => {
        if (this.#engine !== undefined) this.#setDiagnosis(this.#engine)
      }),
    )
  }

  get running(): boolean {
    return this.#engine !== undefined
  }

  /** As of a moment ago; undefined if no engine runs. */
  get status(): SessionStatus | undefined {
    return this.#status.status
  }

  get connections(): readonly ConnectionStatus[] {
    return this.#status.status?.connections ?? []
  }

  /** Listens to the notifications of one name. */
  on<N extends SessionNotification['name']>(
    name: N,
    listener: (data: EngineNotifications[N]) => void,
  ): vscode.Disposable {
    return this.onNotification((notification) => {
      if (notification.name === name) listener(notification.data as EngineNotifications[N])
    })
  }

  /** Calls the engine, and starts it if necessary. Rejects with CLOSED after `dispose`. */
  async call<K extends keyof EngineMethods & string>(
    method: K,
    params: EngineMethods[K]['params'],
    timeout?: number,
  ): Promise<EngineMethods[K]['result']> {
    return await this.#ensureEngine().call(method, params, timeout)
  }

  /** Says what previews show, to the engine that runs and to those after it. Does not start one. */
  async wish(wish: PreviewWish): Promise<null> {
    this.#wish = wish
    if (this.#engine !== undefined) await this.#engine.call('wish', wish)
    return null
  }

  acknowledge(): void {
    this.#engine?.acknowledge()
  }

  /** Brings `status` up to date. */
  async refresh(): Promise<void> {
    if (this.#engine !== undefined) this.#takeStatus(await this.#engine.call('status', null))
  }

  /** The decoder with which a connection was opened; undefined for the one that is recognized. */
  decoderOf(_id: number): string | undefined {
    return undefined
  }

  /** Ends the engine and its connections. With `keepUnsaved`, unsaved events stay on disk for the next start. */
  async dispose(options: { readonly keepUnsaved?: boolean } = {}): Promise<void> {
    const engine = this.#engine
    this.#engine = undefined
    this.#isDisposed = true
    for (const subscription of this.subscriptions.splice(0)) subscription.dispose()
    await engine?.dispose(options)
  }

  /** Ends the engine and starts another one, with an empty session. */
  protected async restart(): Promise<void> {
    const engine = this.#engine
    this.#engine = undefined
    await engine?.dispose()
    this.#empty()
    await this.call('status', null, 0)
  }

  protected abstract engineOptions(): EngineClientOptions

  /** Called if the engine stopped by itself. Returns a sentence that says how to continue. */
  protected abstract lost(failure: Failure): string

  /** Called after all listeners were notified that the engine stopped. */
  protected afterLoss(): void {}

  #emitter<T>(): vscode.EventEmitter<T> {
    const emitter = new vscode.EventEmitter<T>()
    this.subscriptions.push(emitter)
    return emitter
  }

  #ensureEngine(): EngineClient {
    if (this.#engine !== undefined) return this.#engine
    // Nobody would end this engine, for example if an editor is closed while its file is read again.
    if (this.#isDisposed)
      throw new Failure('CLOSED', vscode.l10n.t('The session is closed. Open it again to continue.'))
    const engine: EngineClient = new EngineClient(this.engineOptions(), {
      onNotification: (notification) => this.#take(notification),
      authorize: this.authorize,
      onExit: (failure) => this.#exited(engine, failure),
    })
    this.#engine = engine
    this.log.info('The engine started.')
    this.#setDiagnosis(engine)
    if (this.#wish !== undefined)
      engine
        .call('wish', this.#wish)
        .catch((error) => this.log.warn('The engine does not know what previews show:', error))
    this.#started.fire()
    return engine
  }

  #setDiagnosis(engine: EngineClient): void {
    engine
      .call('setDiagnosis', diagnosisSettings(), 0)
      .catch((error) => this.log.error('The settings about findings did not reach the engine:', error))
  }

  #take(notification: Notification<EngineNotifications>): void {
    if (notification.name === 'status') this.#takeStatus(notification.data)
    else if (notification.name === 'log') this.log[notification.data.level](notification.data.message)
    else {
      if (notification.name === 'delta') this.#status.apply(notification.data.status)
      this.#notified.fire(notification)
    }
  }

  #takeStatus(update: StatusUpdate): void {
    const status = this.#status.apply(update)
    this.#notified.fire({ name: 'status', data: update })
    this.#statusChanged.fire(status)
  }

  #empty(): void {
    this.#status.clear()
    this.#notified.fire({ name: 'reset', data: { why: 'replaced' } })
    this.#notified.fire({ name: 'status', data: emptyStatus() })
    this.#statusChanged.fire(undefined)
  }

  #exited(engine: EngineClient, failure: Failure): void {
    if (this.#engine !== engine) return
    this.#engine = undefined
    const explained = new Failure(failure.code, `${failure.message} ${this.lost(failure)}`)
    this.log.error(explained.message)
    this.#empty()
    this.#failed.fire(explained)
    this.afterLoss()
  }
}

/** A session in which nothing has happened. */
function emptyStatus(): SessionStatus {
  return {
    startedAt: new Date().toISOString(),
    events: 0,
    firstKept: 0,
    firstPayload: 0,
    spoolBytes: 0,
    connections: [],
    unsaved: 0,
  }
}
