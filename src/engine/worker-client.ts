/** A worker thread and the calls to it, as the editor sees them: the base of the engine and of jobs. */
import { type MessagePort, Worker, type WorkerOptions } from 'node:worker_threads'
import {
  type Handlers,
  type Methods,
  type Notifications,
  type Port,
  RpcEndpoint,
  type RpcOptions,
} from '../shared/protocol/rpc.ts'

type NoMethods = Record<never, { readonly params: unknown; readonly result: unknown }>
const NO_HANDLERS: Handlers<NoMethods> = {}

/** The channel to a worker, or to the parent of this one. */
export function portOf(thread: Worker | MessagePort): Port {
  return {
    post: (message, transfer) => thread.postMessage(message, transfer),
    onMessage: (listener) => thread.on('message', listener),
  }
}

export interface WorkerListeners<WorkerSays extends Notifications, Own extends Methods = NoMethods>
  extends Omit<RpcOptions<Own, WorkerSays>, 'handlers' | 'transferables'> {
  /** What the worker can ask. Default: nothing. */
  readonly handlers?: Handlers<Own>
  /** The worker ended by itself; calls reject from now on. `cause` follows a sentence: empty, or `: ` and an error. */
  readonly onEnd: (cause: string) => void
  /** Milliseconds that a call may take by default; 0 for no limit. */
  readonly timeout?: number
}

export class WorkerClient<
  WorkerMethods extends Methods,
  Says extends Notifications,
  WorkerSays extends Notifications,
  Own extends Methods = NoMethods,
> {
  readonly #timeout: number | undefined
  protected readonly endpoint: RpcEndpoint<Own, WorkerMethods, Says, WorkerSays>
  readonly #worker: Worker
  #isEnding = false

  /** `script` is the path of the bundled worker. */
  constructor(
    script: string,
    options: WorkerOptions,
    { onEnd, timeout, handlers, ...listeners }: WorkerListeners<WorkerSays, Own>,
  ) {
    this.#timeout = timeout
    this.#worker = new Worker(script, options)
    this.endpoint = new RpcEndpoint(portOf(this.#worker), {
      handlers: handlers ?? (NO_HANDLERS as Handlers<Own>),
      ...listeners,
    })
    let cause = ''
    this.#worker.on('error', ({ message }) => {
      cause = `: ${message}`
    })
    this.#worker.on('exit', () => {
      this.endpoint.dispose()
      if (!this.#isEnding) onEnd(cause)
    })
  }

  /** Calls the worker. Settles as `RpcEndpoint.call` does. */
  call<K extends keyof WorkerMethods & string>(
    method: K,
    params: WorkerMethods[K]['params'],
    timeout = this.#timeout,
  ): Promise<WorkerMethods[K]['result']> {
    return this.endpoint.call(method, params, timeout)
  }

  /** Ends the worker after `stop` has settled. If the worker fails or does not answer, it is terminated anyway. */
  protected async end(stop: () => Promise<unknown>): Promise<void> {
    this.#isEnding = true
    await stop().catch(() => null)
    this.endpoint.dispose()
    await this.#worker.terminate()
  }
}
