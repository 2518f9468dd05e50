/** Sends the messages of recordings, each over its own connection, and the calls that start and end that. */
import type { IndexedRecording, Log } from '../../capture/recording.ts'
import { openIndexed } from '../../session/open-recording.ts'
import { problemsOf, SHOWN_PROBLEMS } from '../../session/recording-file.ts'
import { asRecorded } from '../../session/replay/as-recorded.ts'
import { scriptInSteps } from '../../session/replay/script.ts'
import { Failure, sentenceOf } from '../../shared/failure.ts'
import type {
  RecordingFile,
  Resending,
  ResendMethods,
  ResendParams,
  Resent,
} from '../../shared/protocol/resending.ts'
import type { Handlers } from '../../shared/protocol/rpc.ts'
import type { EngineSettings } from '../../shared/protocol.ts'
import type { ConnectionSpec } from '../../shared/spec.ts'
import type { Connection } from '../../transport/connection.ts'
import type { Outcome } from '../../transport/transport.ts'
import { ScriptDriver } from './script-driver.ts'
import { sendersOf } from './senders.ts'

export interface ResendsOptions {
  readonly settings: EngineSettings
  /** Starts a connection of the session. Throws a `Failure` for an unusable spec. */
  connect(spec: ConnectionSpec): Connection
  progress(progress: Resending): void
}

/** Milliseconds between two notifications of the progress. */
const PROGRESS_INTERVAL = 100

/** Why sending ended. Empty if every message was sent and answered. */
interface Ending {
  readonly failure?: Failure
  readonly cancelled?: boolean
}

export class Resends {
  readonly handlers: Handlers<ResendMethods>
  readonly #options: ResendsOptions
  /** By number of connection. */
  readonly #drivers = new Map<number, ScriptDriver>()
  /** By ticket. */
  readonly #cancels = new Map<number, AbortController>()

  constructor(options: ResendsOptions) {
    this.#options = options
    this.handlers = {
      senders: (recording) => this.#withRecording(recording, sendersOf),
      resend: (params) => this.#resend(params),
      cancelResend: ({ ticket }) => {
        this.#cancels.get(ticket)?.abort()
        return null
      },
    }
  }

  /** Call when the state of a connection may have changed. */
  update(connection: Connection): void {
    this.#drivers.get(connection.id)?.update(connection)
  }

  /** Call when inbound messages of a connection were captured. */
  received(connection: number, count: number): void {
    const driver = this.#drivers.get(connection)
    // What is sent in response comes after all events of the chunk that was received.
    if (driver !== undefined) queueMicrotask(() => driver.received(count))
  }

  /** Cancels all, including those without a connection yet. */
  cancelAll(): void {
    for (const cancel of this.#cancels.values()) cancel.abort()
  }

  async #resend(params: ResendParams): Promise<Resent> {
    const cancel = new AbortController()
    this.#cancels.set(params.ticket, cancel)
    try {
      return await this.#withRecording(params, async (log, problems) => {
        const resent = await this.#send(log, params, cancel.signal)
        return problems.length === 0 ? resent : { ...resent, problems: problems.slice(0, SHOWN_PROBLEMS) }
      })
    } finally {
      this.#cancels.delete(params.ticket)
    }
  }

  /** Opens the recording for as long as `use` takes. Rejects with a `Failure` if it cannot be read. */
  async #withRecording<T>(
    { file: path, directory }: RecordingFile,
    use: (log: Log, problems: readonly string[]) => T | Promise<T>,
  ): Promise<T> {
    const { settings } = this.#options
    const { maxMessageSize } = settings
    const options = { directory, limits: settings, maxMessageSize, marksChanged: true }
    const file = await openIndexed(path, options)
    try {
      return await use(file.log, problemsOf(file))
    } finally {
      file.close()
    }
  }

  async #send(log: IndexedRecording, params: ResendParams, cancel: AbortSignal): Promise<Resent> {
    const { pace, speed, ticket } = params
    const script = await scriptInSteps(log, params.connection)
    if (cancel.aborted) throw new Failure('CANCELLED', 'Cancelled: nothing was sent.')
    let ending: Ending | undefined
    const end = (why: Ending) => {
      ending ??= why
      // May be called within a callback of the socket, so disconnecting waits for a microtask.
      queueMicrotask(() => void connection.disconnect())
    }
    const driver = new ScriptDriver(
      { done: () => end({}), failed: (thrown) => end({ failure: toFailure(thrown) }) },
      script,
      log,
      { pace, speed: speed ?? Number.POSITIVE_INFINITY },
    )
    const connection = this.#options.connect({ ...params.defaults, ...asRecorded(params.spec, script) })
    const { id } = connection
    this.#drivers.set(id, driver)
    cancel.addEventListener('abort', () => end({ cancelled: true }), { once: true })
    const stopNotifying = this.#notify(() => ({ ticket, id, ...driver.progress }))
    const outcome = await connection.done
    stopNotifying()
    this.#drivers.delete(id)
    const unfinished = driver.stop()
    ending ??= endingOf(outcome, unfinished)
    const { failure, cancelled = false } = ending
    return {
      id,
      ...driver.progress,
      cancelled,
      ...(failure !== undefined && { failure: { code: failure.code, message: failure.message } }),
    }
  }

  /** Notifies of the progress at intervals while it changes. Returns a function that ends it. */
  #notify(read: () => Resending): () => void {
    let last = ''
    const timer = setInterval(() => {
      const progress = read()
      const now = `${progress.sent} ${progress.answers}`
      if (now === last) return
      last = now
      this.#options.progress(progress)
    }, PROGRESS_INTERVAL)
    return () => clearInterval(timer)
  }
}

/** Why a connection ended that was not ended here. */
function endingOf({ end, reason }: Outcome, unfinished: Failure | undefined): Ending {
  const failure = end === 'failed' ? new Failure('CONNECTION', reason) : unfinished
  return failure === undefined ? {} : { failure }
}

function toFailure(thrown: unknown): Failure {
  if (thrown instanceof Failure) return thrown
  const why = sentenceOf(thrown)
  return new Failure('UNREADABLE', `The recording could not be read (${why}); check that it is still there.`)
}
