/** The editor's side of a job: starts the worker and calls it. */
import { Worker } from 'node:worker_threads'
import { Failure } from '../../shared/failure.ts'
import type { JobMethods, JobNotifications } from '../../shared/protocol/jobs.ts'
import { type Methods, RpcEndpoint } from '../../shared/protocol/rpc.ts'

export type JobListeners = {
  readonly [K in keyof JobNotifications]?: (data: JobNotifications[K]) => void
} & {
  /** The worker ended by itself. */
  readonly exit?: (failure: Failure) => void
}

/** Milliseconds that a job may take to stop before the thread is terminated. */
const STOP_TIMEOUT = 3000

export class JobClient {
  readonly #worker: Worker
  readonly #endpoint: RpcEndpoint<Methods, JobMethods, Record<never, unknown>, JobNotifications>
  #ending = false

  /** `script` is the path of the bundled worker. */
  constructor(script: string, { exit, ...onNotify }: JobListeners = {}) {
    this.#worker = new Worker(script, { name: 'realtime-inspector job' })
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
      if (!this.#ending) exit?.(new Failure('JOB_ENDED', `It stopped unexpectedly${cause}. Start it again.`))
    })
  }

  /** Calls the worker, without a time limit. */
  call<K extends keyof JobMethods & string>(
    method: K,
    params: JobMethods[K]['params'],
  ): Promise<JobMethods[K]['result']> {
    return this.#endpoint.call(method, params, 0)
  }

  /** Ends the worker after it has closed its files and sockets, or at once. */
  async dispose({ atOnce = false } = {}): Promise<void> {
    this.#ending = true
    // If the worker fails or does not answer, it is terminated anyway.
    if (!atOnce) await this.#endpoint.call('stop', null, STOP_TIMEOUT).catch(() => null)
    this.#endpoint.dispose()
    await this.#worker.terminate()
  }
}

/** Runs one job in its own worker. Rejects with a `Failure`; with `CANCELLED` as soon as the signal is aborted. */
export async function runJob<K extends keyof JobMethods & string>(
  script: string,
  method: K,
  params: JobMethods[K]['params'],
  signal?: AbortSignal,
): Promise<JobMethods[K]['result']> {
  const client = new JobClient(script)
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
