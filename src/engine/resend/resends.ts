/** The scripts that are being sent, each over a connection of its own, and the calls that start and end them. */
import type { IndexedRecording, Log } from '../../capture/recording.ts'
import { openIndexed } from '../../session/open-recording.ts'
import { problemsOf } from '../../session/recording-file.ts'
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

/** Problems of a recording that are told. */
const TOLD = 5
/** Milliseconds between two tellings of the progress. */
const PERIOD = 100

/** Why it is over; neither where all was sent and answered. */
interface Ending {
  readonly failure?: Failure
  readonly cancelled?: boolean
}

export class Resends {
  readonly handlers: Handlers<ResendMethods>
  readonly #options: ResendsOptions
  /** By the connection it drives. */
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

  /** The state of a connection may have changed. */
  update(connection: Connection): void {
    this.#drivers.get(connection.id)?.update(connection)
  }

  /** Inbound messages of a connection were taken into the session. */
  received(connection: number, count: number): void {
    const driver = this.#drivers.get(connection)
    // What is sent in answer is an event of its own, after all that the peer's bytes brought.
    if (driver !== undefined) queueMicrotask(() => driver.received(count))
  }

  /** Ends every one, also one that has no connection yet. */
  cancelAll(): void {
    for (const cancel of this.#cancels.values()) cancel.abort()
  }

  async #resend(params: ResendParams): Promise<Resent> {
    const cancel = new AbortController()
    this.#cancels.set(params.ticket, cancel)
    try {
      return await this.#withRecording(params, async (log, problems) => {
        const resent = await this.#send(log, params, cancel.signal)
        return problems.length === 0 ? resent : { ...resent, problems: problems.slice(0, TOLD) }
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
    if (cancel.aborted) throw new Failure('CANCELLED', 'It was cancelled; nothing was sent.')
    let ending: Ending | undefined
    const end = (why: Ending) => {
      ending ??= why
      // Not within the callback of the socket that may have brought this about.
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
    const stopTelling = this.#tell(() => ({ ticket, id, ...driver.progress }))
    const outcome = await connection.done
    stopTelling()
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

  /** Tells the progress now and then while it changes; returns how to end that. */
  #tell(read: () => Resending): () => void {
    let told = ''
    const timer = setInterval(() => {
      const progress = read()
      const now = `${progress.sent} ${progress.answers}`
      if (now === told) return
      told = now
      this.#options.progress(progress)
    }, PERIOD)
    return () => clearInterval(timer)
  }
}

/** How a connection that nobody here ended came to its end. */
function endingOf({ end, reason }: Outcome, unfinished: Failure | undefined): Ending {
  const failure = end === 'failed' ? new Failure('CONNECTION', reason) : unfinished
  return failure === undefined ? {} : { failure }
}

function toFailure(thrown: unknown): Failure {
  if (thrown instanceof Failure) return thrown
  const why = sentenceOf(thrown)
  return new Failure('UNREADABLE', `The recording could not be read (${why}); check that it is still there.`)
}
