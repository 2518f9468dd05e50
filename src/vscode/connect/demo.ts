/** The built-in demo: a server in a worker thread on 127.0.0.1, and connections to it. */
import { once } from 'node:events'
import { Worker } from 'node:worker_threads'
import * as v from 'valibot'
import * as vscode from 'vscode'
import { parseSpec } from '../../request/parse-spec.ts'
import { Failure } from '../../shared/failure.ts'
import type { FeedRate } from '../../shared/protocol/techniques.ts'
import type { ConnectionSpec } from '../../shared/spec.ts'
import type { TransportName } from '../../shared/transports.ts'
import type { EventFeed } from '../session/event-feed.ts'
import { isLive, type LiveSession } from '../session/live-session.ts'
import type { Surroundings } from '../ui/surroundings.ts'
import { DemoClient, SCRIPT, type Script } from './demo-client.ts'
import { feedConnections, feedRateUrl } from './demo-feed.ts'

const RATE = v.object({ every: v.number(), least: v.number(), most: v.number() })
/** Milliseconds within which the demo says how fast its feed is. */
const RATE_TIMEOUT = 5000

const CONNECTIONS = v.array(v.looseObject({ script: v.optional(SCRIPT) }))

interface Target {
  readonly spec: ConnectionSpec
  /** What the demo sends over the connection. */
  readonly script: Script | undefined
}

interface Running {
  readonly targets: readonly Target[]
  /** Hears the events of the demo's connections. */
  readonly client: vscode.Disposable
  /** The built-in server; undefined if the server runs elsewhere. */
  readonly worker: Worker | undefined
}

function targetsIn(connections: unknown): Target[] {
  return v.parse(CONNECTIONS, connections).map(({ script, ...spec }) => ({ spec: parseSpec(spec), script }))
}

export interface DemoOptions extends Pick<Surroundings, 'script' | 'notifier' | 'log'> {
  readonly session: LiveSession
  readonly feed: EventFeed
}

export class Demo {
  readonly #options: DemoOptions
  readonly #changed = new vscode.EventEmitter<void>()
  #running: Promise<Running> | undefined

  /** The demo has started or stopped. */
  readonly onChange = this.#changed.event

  constructor(options: DemoOptions) {
    this.#options = options
  }

  get running(): boolean {
    return this.#running !== undefined
  }

  /**
   * Starts the server if it does not run, and connects to all of its endpoints, or to the first one of a transport.
   * Keeps existing connections. Returns the ids of the connections, in the server's order. If the server runs
   * elsewhere, `connections` are those that it offers.
   */
  async start(transport?: TransportName, connections?: unknown): Promise<number[]> {
    this.#running ??= connections === undefined ? this.#launch() : this.#run(targetsIn(connections))
    const { targets } = await this.#running
    const first = targets.find(({ spec }) => spec.transport === transport)
    const ids: number[] = []
    for (const target of first === undefined ? targets : [first]) ids.push(await this.#connect(target.spec))
    return ids
  }

  /** Starts the server if it does not run. Resolves to its host and port. */
  async serve(): Promise<string> {
    this.#running ??= this.#launch()
    const { targets } = await this.#running
    const [host] = targets.map(({ spec }) => new URL(spec.url).host)
    if (host === undefined) throw new Failure('DEMO', vscode.l10n.t('The demo has nothing to connect to.'))
    return host
  }

  /** Starts the server if it does not run, and opens its feed by each technique. Returns the ids of the connections. */
  async openFeed(): Promise<number[]> {
    const ids: number[] = []
    for (const spec of feedConnections(await this.serve())) ids.push(await this.#connect(spec))
    return ids
  }

  /** Reads the rate of the feed, or sets it. Null if the session has no live connection to the feed. */
  async feedRate(every: number | null): Promise<FeedRate | null> {
    if (this.#running === undefined) return null
    const host = await this.serve()
    const urls = new Set(feedConnections(host).map(({ url }) => url))
    const { session } = this.#options
    if (!session.connections.some((connection) => isLive(connection) && urls.has(connection.url))) return null
    const response = await fetch(feedRateUrl(host, every), {
      method: every === null ? 'GET' : 'PUT',
      signal: AbortSignal.timeout(RATE_TIMEOUT),
    })
    return v.parse(RATE, await response.json())
  }

  /** Disconnects from the server and ends it; its events stay. */
  async stop(): Promise<void> {
    const running = await this.#running
    if (running === undefined) return
    const { session } = this.#options
    const hosts = new Set(running.targets.map(({ spec }) => new URL(spec.url).host))
    const feed = [...hosts].flatMap((host) => feedConnections(host).map(({ url }) => url))
    const urls = new Set([...running.targets.map(({ spec }) => spec.url), ...feed])
    const ours = session.connections.filter((connection) => isLive(connection) && urls.has(connection.url))
    for (const { id } of ours) await session.call('disconnect', { id })
    running.worker?.removeAllListeners('exit')
    this.#gone()
    running.client.dispose()
    await running.worker?.terminate()
    if (session.running) await session.refresh()
  }

  dispose(): void {
    this.#running?.then(
      ({ worker }) => worker?.terminate(),
      // `start` has already reported a server that did not start.
      () => undefined,
    )
    this.#changed.dispose()
  }

  async #connect(spec: ConnectionSpec): Promise<number> {
    const { session } = this.#options
    const known = session.connections.find((connection) => isLive(connection) && connection.url === spec.url)
    return known?.id ?? (await session.connect(spec, { remember: false }))
  }

  async #run(targets: readonly Target[], worker?: Worker): Promise<Running> {
    const client = this.#play(targets)
    worker?.once('exit', () => {
      client.dispose()
      this.#gone()
    })
    this.#changed.fire()
    return { targets, client, worker }
  }

  #play(targets: readonly Target[]): vscode.Disposable {
    const { session, feed, log } = this.#options
    const client = new DemoClient({
      scripts: new Map(targets.flatMap(({ spec, script }) => (script ? [[spec.url, script]] : []))),
      send: (id, text) =>
        session
          .call('send', { id, message: { format: 'text', text } })
          .catch((error) => log.warn('The demo could not send its message:', error)),
    })
    return feed.onEvent((event) => client.hear(event))
  }

  async #launch(): Promise<Running> {
    const worker = new Worker(this.#options.script, { name: 'realtime-inspector demo' })
    try {
      const [message] = await once(worker, 'message')
      worker.on('error', (error) => this.#options.notifier.internal(error))
      return await this.#run(targetsIn(message.connections), worker)
    } catch (error) {
      this.#gone()
      this.#options.notifier.internal(error)
      await worker.terminate()
      throw new Failure(
        'DEMO',
        vscode.l10n.t(
          'The demo server did not start; the log says why. Connect to a server of your own instead.',
        ),
      )
    }
  }

  #gone(): void {
    if (this.#running === undefined) return
    this.#running = undefined
    this.#changed.fire()
  }
}
