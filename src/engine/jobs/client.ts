/** The editor's side of a job: starts the worker and calls it. */
import { Failure } from '../../shared/failure.ts'
import type { JobMethods, JobNotifications } from '../../shared/protocol/jobs.ts'
import { WorkerClient } from '../worker-client.ts'

export type JobListeners = {
  readonly [K in keyof JobNotifications]?: (data: JobNotifications[K]) => void
} & {
  /** The worker ended by itself. */
  readonly exit?: (failure: Failure) => void
}

/** Milliseconds that a job may take to stop before the thread is terminated. */
const STOP_TIMEOUT = 3000

export class JobClient extends WorkerClient<JobMethods, Record<never, unknown>, JobNotifications> {
  /** `script` is the path of the bundled worker. */
  constructor(script: string, { exit, ...onNotify }: JobListeners = {}) {
    super(
      script,
      { name: 'realtime-inspector job' },
      {
        onNotify,
        timeout: 0,
        onEnd: (cause) =>
          exit?.(new Failure('JOB_ENDED', `It stopped unexpectedly${cause}. Start it again.`)),
      },
    )
  }

  /** Ends the worker after it has closed its files and sockets, or at once. */
  dispose({ atOnce = false } = {}): Promise<void> {
    return this.end(async () => {
      if (!atOnce) await this.call('stop', null, STOP_TIMEOUT)
    })
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
    const cancel = () => reject(new Failure('CANCELLED', 'Canceled. Nothing was done.'))
    signal?.addEventListener('abort', cancel, { once: true })
  })
  try {
    return await Promise.race([client.call(method, params), cancelled])
  } finally {
    await client.dispose({ atOnce: signal?.aborted ?? false })
  }
}

/** As `runJob`, for a job that writes a file: if the signal is aborted, settles once the job has removed it. */
export async function runStoppable<K extends keyof JobMethods & string>(
  script: string,
  method: K,
  params: JobMethods[K]['params'],
  signal: AbortSignal,
): Promise<JobMethods[K]['result']> {
  const client = new JobClient(script)
  // If this fails, the worker has ended, and so does the call.
  const stop = () => void client.call('stop', null).catch(() => null)
  signal.addEventListener('abort', stop, { once: true })
  try {
    signal.throwIfAborted()
    return await client.call(method, params)
  } finally {
    signal.removeEventListener('abort', stop)
    await client.dispose()
  }
}
