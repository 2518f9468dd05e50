/** The editor's side of a worker for tasks with recordings. */
import { Worker } from 'node:worker_threads'
import { Failure } from '../../shared/failure.ts'
import { type Methods, RpcEndpoint } from '../../shared/protocol/rpc.ts'
import type { TaskMethods, TaskNotifications } from '../../shared/protocol/tasks.ts'

export type TaskListeners = {
  readonly [K in keyof TaskNotifications]?: (data: TaskNotifications[K]) => void
} & {
  /** The worker ended by itself. */
  readonly exit?: (failure: Failure) => void
}

/** Milliseconds a task may take to end itself before the thread is ended. */
const STOP_TIMEOUT = 3000

export class TaskClient {
  readonly #worker: Worker
  readonly #endpoint: RpcEndpoint<Methods, TaskMethods, Record<never, unknown>, TaskNotifications>
  #ending = false

  /** `script` is the path of the bundled worker. */
  constructor(script: string, { exit, ...onNotify }: TaskListeners = {}) {
    this.#worker = new Worker(script, { name: 'realtime-inspector task' })
    this.#endpoint = new RpcEndpoint(
      {
        post: (message, transfer) => this.#worker.postMessage(message, transfer),
        onMessage: (listener) => this.#worker.on('message', listener),
      },
      { handlers: {}, onNotify },
    )
    let cause = ''
    this.#worker.on('error', ({ message }) => {
      cause = `: ${message}`
    })
    this.#worker.on('exit', () => {
      this.#endpoint.dispose()
      if (!this.#ending) exit?.(new Failure('TASK_ENDED', `It stopped unexpectedly${cause}. Start it again.`))
    })
  }

  /** Calls the worker; it may take as long as it needs. */
  call<K extends keyof TaskMethods & string>(
    method: K,
    params: TaskMethods[K]['params'],
  ): Promise<TaskMethods[K]['result']> {
    return this.#endpoint.call(method, params, 0)
  }

  /** Ends the worker: once it has let go of what it holds, or at once if that is not worth waiting for. */
  async dispose({ atOnce = false } = {}): Promise<void> {
    this.#ending = true
    // A worker that fails, or does not answer, is ended all the same.
    if (!atOnce) await this.#endpoint.call('stop', null, STOP_TIMEOUT).catch(() => null)
    this.#endpoint.dispose()
    await this.#worker.terminate()
  }
}

/** Has one thing done in a worker of its own. Rejects with a `Failure`: `CANCELLED` as soon as the signal is given. */
export async function runTask<K extends keyof TaskMethods & string>(
  script: string,
  method: K,
  params: TaskMethods[K]['params'],
  signal?: AbortSignal,
): Promise<TaskMethods[K]['result']> {
  const client = new TaskClient(script)
  const cancelled = new Promise<never>((_, reject) => {
    signal?.addEventListener(
      'abort',
      () => reject(new Failure('CANCELLED', 'Nothing was done: it was cancelled.')),
      {
        once: true,
      },
    )
  })
  try {
    return await Promise.race([client.call(method, params), cancelled])
  } finally {
    await client.dispose({ atOnce: signal?.aborted ?? false })
  }
}
