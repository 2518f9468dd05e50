/** The editor's side of the engine: starts the worker, calls it, hears from it. */
import { Worker } from 'node:worker_threads'
import { Failure } from '../shared/failure.ts'
import type { EngineNotifications, HostToEngineNotifications } from '../shared/protocol/notifications.ts'
import { type Methods, type Notification, RpcEndpoint } from '../shared/protocol/rpc.ts'
import type { EngineMethods, EngineSettings } from '../shared/protocol.ts'
import type { NetworkSettings } from '../shared/spec.ts'
import type { WorkerData } from './worker.ts'

export interface EngineClientOptions {
  /** Path of the bundled worker. */
  readonly script: string
  /** Private folder for this engine's spool; made by the engine. */
  readonly directory: string
  /** A recording to open; without one the session is live. */
  readonly file?: string
  readonly network: NetworkSettings
  readonly settings: EngineSettings
}

export interface EngineListeners {
  readonly onNotification: (notification: Notification<EngineNotifications>) => void
  /** The worker ended by itself; nothing can be called any more. */
  readonly onExit: (failure: Failure) => void
}

/** Milliseconds a shutdown may take before the thread is ended. */
const SHUTDOWN_TIMEOUT = 5000

export class EngineClient {
  readonly #worker: Worker
  readonly #endpoint: RpcEndpoint<Methods, EngineMethods, HostToEngineNotifications, EngineNotifications>
  #ending = false

  constructor(options: EngineClientOptions, listeners: EngineListeners) {
    const { script, ...workerData } = options
    this.#worker = new Worker(script, {
      workerData: workerData satisfies WorkerData,
      name: 'realtime-inspector engine',
    })
    this.#endpoint = new RpcEndpoint(
      {
        post: (message, transfer) => this.#worker.postMessage(message, transfer),
        onMessage: (listener) => this.#worker.on('message', listener),
      },
      { handlers: {}, onNotification: listeners.onNotification },
    )
    let cause: Error | undefined
    this.#worker.on('error', (error) => {
      cause = error
    })
    this.#worker.on('exit', () => {
      this.#endpoint.dispose()
      if (this.#ending) return
      const why = cause === undefined ? '' : `: ${cause.message}`
      listeners.onExit(new Failure('ENGINE_ENDED', `The engine stopped unexpectedly${why}.`))
    })
  }

  /** Calls the engine; see `RpcEndpoint.call` for how it settles. */
  call<K extends keyof EngineMethods & string>(
    method: K,
    params: EngineMethods[K]['params'],
    timeout?: number,
  ): Promise<EngineMethods[K]['result']> {
    return this.#endpoint.call(method, params, timeout)
  }

  /** The reader has taken the last delta. */
  acknowledge(): void {
    this.#endpoint.notify('acknowledge', null)
  }

  /** Disconnects everything, removes the spool but for unsaved events to be kept, ends the thread. */
  async dispose({ keepUnsaved = false } = {}): Promise<void> {
    this.#ending = true
    // A worker that fails, or does not answer, is ended all the same.
    await this.#endpoint.call('shutdown', { keepUnsaved }, SHUTDOWN_TIMEOUT).catch(() => null)
    this.#endpoint.dispose()
    await this.#worker.terminate()
  }
}
