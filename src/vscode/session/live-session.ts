/** The live session of this window. */
import { randomUUID } from 'node:crypto'
import { join } from 'node:path'
import * as vscode from 'vscode'
import type { EngineClientOptions } from '../../engine/client.ts'
import type { Failure } from '../../shared/failure.ts'
import type { ConnectionSpec } from '../../shared/spec.ts'
import type { ConnectionStatus, SessionStatus } from '../../shared/status.ts'
import { spoolIn } from '../files/spools.ts'
import { NETWORK_SETTINGS, networkSettings } from '../settings/network-settings.ts'
import { engineSettings, withDefaults } from '../settings/settings.ts'
import { EngineSession } from './engine-session.ts'
import type { RememberedConnections } from './remembered-connections.ts'

export interface LiveSessionOptions {
  /** Path of the engine's bundle. */
  readonly script: string
  /** Private folder in which each engine gets its own folder. */
  readonly storage: string
  readonly remembered: RememberedConnections
  readonly log: vscode.LogOutputChannel
}

/** Whether a connection is open or may still open. */
export function isLive({ state }: ConnectionStatus): boolean {
  return state !== 'closed' && state !== 'failed'
}

function readNetwork() {
  const configuration = vscode.workspace.getConfiguration()
  return networkSettings((key) => configuration.get(key))
}

/** An engine that stopped is replaced only if it has run for so many milliseconds. */
const MIN_LIFE = 5000

export class LiveSession extends EngineSession {
  readonly #options: LiveSessionOptions
  #startedAt = 0
  #isRevived = false
  #directory: string | undefined
  #next: string

  constructor(options: LiveSessionOptions) {
    super(options.log)
    this.#options = options
    this.#next = this.#newDirectory()
    this.onStatus((status) => status !== undefined && this.#rememberLive(status))
    this.subscriptions.push(
      vscode.workspace.onDidChangeConfiguration((change) => {
        if (!this.running || !NETWORK_SETTINGS.some((key) => change.affectsConfiguration(key))) return
        this.call('network', readNetwork()).catch((error) =>
          options.log.error('The network settings did not reach the engine:', error),
        )
      }),
    )
  }

  /** The folder of the captures, each of which has its own folder. */
  get spool(): string {
    return spoolIn(this.#options.storage)
  }

  /**
   * The folders that this session uses: that of the engine that runs, and that of the next engine, which may start at
   * any time, even while abandoned folders are being searched for.
   */
  get directories(): readonly string[] {
    return this.running && this.#directory !== undefined ? [this.#directory, this.#next] : [this.#next]
  }

  get remembered(): RememberedConnections {
    return this.#options.remembered
  }

  /** Connects, and resolves to the connection's id once the attempt has started. */
  async connect(spec: ConnectionSpec, { remember = true } = {}): Promise<number> {
    const { id } = await this.call('connect', { spec: withDefaults(spec) })
    if (remember) await this.remembered.opened(id, spec)
    await this.refresh()
    return id
  }

  protected override engineOptions(): EngineClientOptions {
    this.#startedAt = performance.now()
    this.#directory = this.#next
    this.#next = this.#newDirectory()
    return {
      script: this.#options.script,
      directory: this.#directory,
      network: readNetwork(),
      settings: engineSettings(),
    }
  }

  #newDirectory(): string {
    return join(this.spool, randomUUID())
  }

  #rememberLive({ connections }: SessionStatus): void {
    this.remembered
      .setLive(new Set(connections.filter(isLive).map(({ id }) => id)))
      .catch((error) => this.log.error('What is open could not be remembered:', error))
  }

  protected override lost(failure: Failure): string {
    this.remembered
      .lost(failure.message)
      .catch((error) => this.log.error('What was open could not be remembered:', error))
    // An engine that stops as soon as it starts would be restarted forever.
    this.#isRevived = performance.now() - this.#startedAt >= MIN_LIFE
    return this.#isRevived
      ? vscode.l10n.t('A new one has started.')
      : vscode.l10n.t('It had just started, so it is not restarted; connect again to start it.')
  }

  protected override afterLoss(): void {
    if (!this.#isRevived) return
    this.call('status', null).catch((error) => this.log.error('Another engine did not start:', error))
  }
}
