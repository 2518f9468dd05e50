/** The live session of this window: its engine, started on first use, and what the window knows of it. */
import { randomUUID } from 'node:crypto'
import { join } from 'node:path'
import * as vscode from 'vscode'
import { EngineClient } from '../engine/client.ts'
import type { Failure } from '../shared/failure.ts'
import type { Delta, EngineMethods } from '../shared/protocol.ts'
import type { ConnectionSpec } from '../shared/spec.ts'
import type { ConnectionStatus, SessionStatus } from '../shared/status.ts'
import type { Memory } from './memory.ts'
import { NETWORK_SETTINGS, networkSettings } from './network.ts'
import { engineSettings, withDefaults } from './settings.ts'

export interface SessionOptions {
  /** Path of the engine's bundle. */
  readonly script: string
  /** Private folder under which each engine gets one of its own. */
  readonly storage: string
  readonly memory: Memory
  readonly log: vscode.LogOutputChannel
}

/** Whether a connection is open or on its way there. */
export function isLive({ state }: ConnectionStatus): boolean {
  return state !== 'closed' && state !== 'failed'
}

function readNetwork() {
  const configuration = vscode.workspace.getConfiguration()
  return networkSettings((key) => configuration.get(key))
}

export class Session {
  readonly #options: SessionOptions
  #engine: EngineClient | undefined
  #status: SessionStatus | undefined
  readonly #subscriptions: vscode.Disposable[] = []
  readonly #started = this.#emitter<void>()
  readonly #statusChanged = this.#emitter<SessionStatus | undefined>()
  readonly #delta = this.#emitter<Delta>()
  readonly #reset = this.#emitter<void>()
  readonly #rewound = this.#emitter<number>()
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
  /** The engine stopped by itself. */
  readonly onFailure = this.#failed.event

  constructor(options: SessionOptions) {
    this.#options = options
    this.#subscriptions.push(
      vscode.workspace.onDidChangeConfiguration((change) => {
        if (!NETWORK_SETTINGS.some((key) => change.affectsConfiguration(key))) return
        this.#engine
          ?.call('network', readNetwork())
          .catch((error) => options.log.error('The network settings did not reach the engine:', error))
      }),
    )
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

  get memory(): Memory {
    return this.#options.memory
  }

  /** Calls the engine, which is started if need be. */
  call<K extends keyof EngineMethods & string>(
    method: K,
    params: EngineMethods[K]['params'],
    timeout?: number,
  ): Promise<EngineMethods[K]['result']> {
    return this.#ensureEngine().call(method, params, timeout)
  }

  acknowledge(): void {
    this.#engine?.acknowledge()
  }

  /** Connects; resolves to the connection's id as soon as it is under way. What passes is not remembered. */
  async connect(spec: ConnectionSpec, { remember = true } = {}): Promise<number> {
    const { id } = await this.call('connect', { spec: withDefaults(spec) })
    if (remember) await this.memory.opened(id, spec)
    await this.refresh()
    return id
  }

  /** Has the status as it is now, rather than as it was a moment ago. */
  async refresh(): Promise<void> {
    if (this.#engine !== undefined) this.#setStatus(await this.#engine.call('status', null))
  }

  /** Ends every connection and the engine. */
  async dispose(): Promise<void> {
    const engine = this.#engine
    this.#engine = undefined
    for (const subscription of this.#subscriptions.splice(0)) subscription.dispose()
    await engine?.dispose()
  }

  #emitter<T>(): vscode.EventEmitter<T> {
    const emitter = new vscode.EventEmitter<T>()
    this.#subscriptions.push(emitter)
    return emitter
  }

  #ensureEngine(): EngineClient {
    if (this.#engine !== undefined) return this.#engine
    const { script, storage, log } = this.#options
    const engine: EngineClient = new EngineClient(
      {
        script,
        directory: join(storage, 'spool', randomUUID()),
        network: readNetwork(),
        settings: engineSettings(),
      },
      {
        delta: (delta) => this.#delta.fire(delta),
        status: (status) => this.#setStatus(status),
        reset: () => this.#reset.fire(),
        rewind: ({ count }) => this.#rewound.fire(count),
        log: ({ level, message }) => log[level](message),
        exit: (failure) => this.#exited(engine, failure),
      },
    )
    this.#engine = engine
    log.info('The engine started.')
    this.#started.fire()
    return engine
  }

  #setStatus(status: SessionStatus): void {
    this.#status = status
    this.#statusChanged.fire(status)
    const live = new Set(status.connections.filter(isLive).map(({ id }) => id))
    this.memory
      .setLive(live)
      .catch((error) => this.#options.log.error('What is open could not be remembered:', error))
  }

  #exited(engine: EngineClient, failure: Failure): void {
    if (this.#engine !== engine) return
    this.#engine = undefined
    this.#status = undefined
    this.#options.log.error(failure.message)
    this.memory.lost()
    this.#reset.fire()
    this.#statusChanged.fire(undefined)
    this.#failed.fire(failure)
  }
}
