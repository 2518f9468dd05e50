/** The built-in demo: a server in a worker thread on 127.0.0.1, and connections to it. */
import { once } from 'node:events'
import { Worker } from 'node:worker_threads'
import * as v from 'valibot'
import * as vscode from 'vscode'
import { Failure } from '../../shared/failure.ts'
import { TRANSPORTS, type TransportName } from '../../shared/transports.ts'
import { isLive, type LiveSession } from '../session/live-session.ts'
import type { Notifier } from '../ui/notifier.ts'

const greeting = v.object({
  connections: v.array(v.object({ url: v.string(), transport: v.picklist(TRANSPORTS) })),
})

type Target = v.InferOutput<typeof greeting>['connections'][number]

interface Running {
  readonly worker: Worker
  readonly targets: readonly Target[]
}

export interface DemoOptions {
  /** Path of the demo's bundle. */
  readonly script: string
  readonly session: LiveSession
  readonly notifier: Notifier
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
   * Keeps existing connections. Returns the ids of the connections, in the server's order.
   */
  async start(transport?: TransportName): Promise<number[]> {
    this.#running ??= this.#launch()
    const { targets } = await this.#running
    const first = targets.find((target) => target.transport === transport)
    const ids: number[] = []
    for (const target of first === undefined ? targets : [first]) ids.push(await this.#connect(target))
    return ids
  }

  /** Disconnects from the server and ends it; its events stay. */
  async stop(): Promise<void> {
    const running = await this.#running
    if (running === undefined) return
    const { session } = this.#options
    const urls = new Set(running.targets.map(({ url }) => url))
    const ours = session.connections.filter((connection) => isLive(connection) && urls.has(connection.url))
    for (const { id } of ours) await session.call('disconnect', { id })
    running.worker.removeAllListeners('exit')
    this.#gone()
    await running.worker.terminate()
    if (session.running) await session.refresh()
  }

  dispose(): void {
    this.#running?.then(
      ({ worker }) => worker.terminate(),
      // `start` has already reported a server that did not start.
      () => undefined,
    )
    this.#changed.dispose()
  }

  async #connect(target: Target): Promise<number> {
    const { session } = this.#options
    const known = session.connections.find(
      (connection) => isLive(connection) && connection.url === target.url,
    )
    return known?.id ?? (await session.connect(target, { remember: false }))
  }

  async #launch(): Promise<Running> {
    const worker = new Worker(this.#options.script, { name: 'realtime-inspector demo' })
    try {
      const [message] = await once(worker, 'message')
      const { connections } = v.parse(greeting, message)
      worker.on('error', (error) => this.#options.notifier.internal(error))
      worker.once('exit', () => this.#gone())
      this.#changed.fire()
      return { worker, targets: connections }
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
