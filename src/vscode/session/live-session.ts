/** The live session of this window. */
import { randomUUID } from 'node:crypto'
import { join } from 'node:path'
import * as vscode from 'vscode'
import type { EngineClientOptions } from '../../engine/client.ts'
import { withoutSecretPlaceholders } from '../../request/secret-placeholders.ts'
import type { Authorize } from '../../shared/authorization.ts'
import type { Failure } from '../../shared/failure.ts'
import type { HostCertificates } from '../../shared/host-certificates.ts'
import { largest } from '../../shared/numbers.ts'
import type { KeepAliveMessage } from '../../shared/protocol/rules.ts'
import type { RequestScript } from '../../shared/request-script.ts'
import type { Rule } from '../../shared/rule.ts'
import type { ConnectionSpec, NetworkSettings } from '../../shared/spec.ts'
import type { ConnectionStatus, SessionStatus } from '../../shared/status.ts'
import { spoolIn } from '../files/spools.ts'
import { engineSettings, withDefaults } from '../settings/current-settings.ts'
import type { HostCertificateFiles } from '../settings/host-certificates.ts'
import { NETWORK_SETTINGS, networkSettings } from '../settings/network-settings.ts'
import { EngineSession, type EngineSessionOptions } from './engine-session.ts'
import type { RememberedConnections } from './remembered-connections.ts'

export interface LiveSessionOptions extends EngineSessionOptions {
  readonly remembered: RememberedConnections
  /** If absent, connections have only certificates of their own. */
  readonly certificates?: HostCertificateFiles
  /** Gets access tokens. If absent, connections cannot use OAuth 2. */
  readonly authorize?: Authorize
}

export interface ConnectOptions {
  /** The connection is among the recent ones. Default true. */
  readonly remember?: boolean
  /** What recent connections have of it, with `{{$secret NAME}}`. Default: the specification. */
  readonly remembered?: ConnectionSpec
  /** What to send, and which values to keep. */
  readonly script?: RequestScript
  /** What is expected of it. */
  readonly expectations?: readonly string[]
  /** What it does by itself. */
  readonly rules?: readonly Rule[]
  readonly keepAlive?: KeepAliveMessage | undefined
  /** Values that are masked wherever the session has them. */
  readonly secrets?: readonly string[]
  /** Inbound messages after which it is closed. */
  readonly maxMessages?: number | undefined
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
  protected override readonly authorize: Authorize | undefined
  readonly #options: LiveSessionOptions
  readonly #specs = new Map<number, ConnectionSpec>()
  /** Those of the settings, as of the last connection. */
  #certificates: readonly HostCertificates[] = []
  #startedAt = 0
  #isRevived = false
  #directory: string | undefined
  #next: string

  constructor(options: LiveSessionOptions) {
    super(options.log)
    this.#options = options
    this.authorize = options.authorize
    this.#next = this.#newDirectory()
    this.onStatus((status) => status !== undefined && this.#rememberLive(status))
    this.subscriptions.push(
      vscode.workspace.onDidChangeConfiguration((change) => {
        if (!this.running || !NETWORK_SETTINGS.some((key) => change.affectsConfiguration(key))) return
        this.call('network', this.#network()).catch((error) =>
          options.log.error('The network settings did not reach the engine:', error),
        )
      }),
    )
  }

  /** The folder with a folder for each capture. */
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

  /** How a connection of this session was opened, with its secrets; undefined if it is not part of it any more. */
  specOf(id: number): ConnectionSpec | undefined {
    return this.#specs.get(id)
  }

  override decoderOf(id: number): string | undefined {
    return this.#specs.get(id)?.decoder
  }

  /** Connects, and resolves to the connection's id once the attempt has started. */
  async connect(
    spec: ConnectionSpec,
    { remember = true, remembered, ...options }: ConnectOptions = {},
  ): Promise<number> {
    await this.#readCertificates(spec.url)
    const { id } = await this.call('connect', { spec: withDefaults(spec), ...options })
    this.#specs.set(id, spec)
    if (remember) await this.remembered.opened(id, remembered ?? withoutSecretPlaceholders(spec))
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
      network: this.#network(),
      settings: engineSettings(),
    }
  }

  #network(): NetworkSettings {
    return { ...readNetwork(), ...(this.#certificates.length > 0 && { certificates: this.#certificates }) }
  }

  /** Brings the certificates for a connection up to date. May ask for a passphrase: rejects with `CANCELLED`. */
  async #readCertificates(url: string): Promise<void> {
    const before = this.#certificates.length
    this.#certificates = (await this.#options.certificates?.read(url)) ?? []
    if (before + this.#certificates.length > 0) await this.call('network', this.#network())
  }

  #newDirectory(): string {
    return join(this.spool, randomUUID())
  }

  #rememberLive({ connections, cleared, removed = [] }: SessionStatus): void {
    const ids = [...connections, ...removed].map(({ id }) => id)
    const known = new Set([...ids, ...(cleared?.connections ?? [])])
    // Ids grow: a newer connection may not be in this status yet.
    const newest = largest([...known], 0)
    for (const id of this.#specs.keys()) if (id < newest && !known.has(id)) this.#specs.delete(id)
    this.remembered
      .setLive(new Set(connections.filter(isLive).map(({ id }) => id)))
      .catch((error) => this.log.error('What is open could not be remembered:', error))
  }

  protected override lost(failure: Failure): string {
    this.#specs.clear()
    this.remembered
      .lost(failure.message)
      .catch((error) => this.log.error('What was open could not be remembered:', error))
    // An engine that stops as soon as it starts would be restarted forever.
    this.#isRevived = performance.now() - this.#startedAt >= MIN_LIFE
    return this.#isRevived
      ? vscode.l10n.t('A new one has started.')
      : vscode.l10n.t('It stopped right after it started, so it was not started again. Connect to start it.')
  }

  protected override afterLoss(): void {
    if (!this.#isRevived) return
    this.call('status', null).catch((error) => this.log.error('Another engine did not start:', error))
  }
}
