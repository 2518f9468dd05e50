/** The recording proxies of this window. They run in the engine of the live session, and end with it. */
import * as vscode from 'vscode'
import { Failure } from '../../shared/failure.ts'
import type { FaultSpec } from '../../shared/faults.ts'
import type { ProxyOptions, ProxyStatus } from '../../shared/protocol/traffic.ts'
import { proxyUrl } from '../../shared/proxy-url.ts'
import type { ConnectionStatus } from '../../shared/status.ts'
import type { LiveSession } from '../session/live-session.ts'
import { pickOne } from '../ui/asking.ts'
import { requestCount } from '../ui/counts.ts'
import type { RecentTargets } from './recent-targets.ts'

export interface ProxiesOptions {
  readonly session: LiveSession
  readonly recent: RecentTargets
}

export class Proxies {
  readonly recent: RecentTargets
  readonly #session: LiveSession

  constructor({ session, recent }: ProxiesOptions) {
    this.#session = session
    this.recent = recent
  }

  /** Fires a few times a second while anything changes in the session. */
  get onChange(): vscode.Event<unknown> {
    return this.#session.onStatus
  }

  get all(): readonly ProxyStatus[] {
    return this.#session.status?.proxies ?? []
  }

  /** The connections that went through a proxy and were recorded. */
  connectionsOf({ id }: ProxyStatus): readonly ConnectionStatus[] {
    return this.#session.connections.filter(({ source, through }) => source === 'proxy' && through === id)
  }

  /** Starts a proxy, and remembers its target. Rejects with a `Failure`. */
  async start(options: ProxyOptions): Promise<ProxyStatus> {
    const started = await this.#session.call('startProxy', options)
    if (started.target !== undefined) await this.recent.add(started.target)
    await this.#session.refresh()
    return started
  }

  /** Replaces the faults that a proxy causes. */
  async setFaults(id: number, faults: readonly FaultSpec[]): Promise<void> {
    await this.#session.call('setFaults', { proxy: id, faults })
    await this.#session.refresh()
  }

  async stop(id: number): Promise<void> {
    await this.#session.call('stopProxy', { id })
    await this.#session.refresh()
  }

  async stopAll(): Promise<void> {
    await Promise.all(this.all.map(({ id }) => this.#session.call('stopProxy', { id })))
    await this.#session.refresh()
  }

  /** Throws a `Failure` `NO_PROXY` if it does not run. */
  find(id: number): ProxyStatus {
    const proxy = this.all.find((each) => each.id === id)
    if (proxy === undefined)
      throw new Failure('NO_PROXY', vscode.l10n.t('This proxy does not run any more. Start it again.'))
    return proxy
  }

  /** The only proxy, or the one that the user picks. Rejects with `NO_PROXY` or `CANCELLED`. */
  async choose(): Promise<ProxyStatus> {
    const items = this.all.map((proxy) => ({
      label: nameOf(proxy),
      description: `${proxyUrl(proxy)} · ${requestCount(proxy.passed.requests)}`,
      proxy,
    }))
    if (items.length === 0)
      throw new Failure(
        'NO_PROXY',
        vscode.l10n.t('No recording proxy runs. Use “Start Recording Proxy…” first.'),
      )
    return (await pickOne(items, vscode.l10n.t('Recording Proxies'))).proxy
  }
}

/** What it records, in a few words: its target without the scheme, or that of a program. */
export function nameOf({ target }: Pick<ProxyStatus, 'target'>): string {
  return target === undefined ? vscode.l10n.t('any host (HTTP_PROXY)') : target.replace(/\/$/, '')
}
