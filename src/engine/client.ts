/** The editor's side of the engine: starts the worker, calls it and receives its notifications. */
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
  /** Private folder for the spool of this engine. The engine creates it. */
  readonly directory: string
  /** The recording to open. If absent, the session is live. */
  readonly file?: string
  readonly network: NetworkSettings
  readonly settings: EngineSettings
}

export interface EngineListeners {
  readonly onNotification: (notification: Notification<EngineNotifications>) => void
  /** The worker ended by itself; calls reject from now on. */
  readonly onExit: (failure: Failure) => void
}

/** Milliseconds that a shutdown may take before the thread is terminated. */
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

  /** Calls the engine. Settles as `RpcEndpoint.call` does. */
  call<K extends keyof EngineMethods & string>(
    method: K,
    params: EngineMethods[K]['params'],
    timeout?: number,
  ): Promise<EngineMethods[K]['result']> {
    return this.#endpoint.call(method, params, timeout)
  }

  /** The reader has received the last delta. */
  acknowledge(): void {
    this.#endpoint.notify('acknowledge', null)
  }

  /** Closes all connections, removes the spool unless unsaved events in it are to be kept, and ends the thread. */
  async dispose({ keepUnsaved = false } = {}): Promise<void> {
    this.#ending = true
    // If the worker fails or does not answer, it is terminated anyway.
    await this.#endpoint.call('shutdown', { keepUnsaved }, SHUTDOWN_TIMEOUT).catch(() => null)
    this.#endpoint.dispose()
    await this.#worker.terminate()
  }
}
