/** Sends the messages and requests of recordings, and the calls that start and end that. */
import type { IndexedRecording, Log } from '../../capture/recording.ts'
import { openIndexed } from '../../session/open-recording.ts'
import { problemsOf, SHOWN_PROBLEMS } from '../../session/recording-file.ts'
import type { RealtimeEvent } from '../../shared/event.ts'
import { Failure, sentenceOf } from '../../shared/failure.ts'
import { type MessageBatch, messagesIn } from '../../shared/message-batch.ts'
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
import type { LiveConnection } from '../../transport/live-connection.ts'
import { LiveSteps } from './live-steps.ts'
import { sendersOf } from './senders.ts'
import { SessionReplay } from './session-replay.ts'

export interface ResendsOptions {
  readonly settings: EngineSettings
  /** Starts a connection of the session. Throws a `Failure` for an unusable spec. */
  connect(spec: ConnectionSpec): LiveConnection
  progress(progress: Resending): void
}

/** Milliseconds between two notifications of the progress. */
const PROGRESS_INTERVAL = 100

export class Resends {
  readonly handlers: Handlers<ResendMethods>
  readonly #options: ResendsOptions
  /** By number of the live connection. */
  readonly #replays = new Map<number, SessionReplay>()
  /** By ticket. */
  readonly #cancels = new Map<number, AbortController>()

  constructor(options: ResendsOptions) {
    this.#options = options
    this.handlers = {
      senders: (recording) => this.#withRecording(recording, sendersOf),
      resend: (params) => this.#resend(params),
      cancelResend: ({ ticket }) => this.#cancels.get(ticket)?.abort(),
    }
  }

  /** Call when the state of a connection may have changed. */
  update(connection: LiveConnection): void {
    this.#replays.get(connection.id)?.update(connection)
  }

  /** Call for each event. */
  appended(event: RealtimeEvent): void {
    if (this.#replays.size > 0 && 'connection' in event) this.#replays.get(event.connection)?.appended(event)
  }

  /** As `appended`, for the messages of a batch. */
  appendedBatch(connection: number, batch: MessageBatch, time: number): void {
    const replay = this.#replays.get(connection)
    if (replay === undefined) return
    for (const message of messagesIn(batch, connection, time)) replay.appended(message)
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
    const { pace, speed, ticket, defaults } = params
    const steps = await LiveSteps.read(log, params.spec, { only: params.connection })
    if (cancel.aborted) throw new Failure('CANCELLED', 'Canceled. Nothing was sent.')
    const replay = new SessionReplay(steps, { pace, speed: speed ?? Number.POSITIVE_INFINITY })
    cancel.addEventListener('abort', () => replay.end(), { once: true })
    const ids: number[] = []
    const stopNotifying = this.#notify(() => ({ ticket, id: ids[0] ?? 0, ...replay.progress }))
    await replay.run((spec) => {
      const connection = this.#options.connect({ ...defaults, ...spec })
      ids.push(connection.id)
      this.#replays.set(connection.id, replay)
      return connection
    })
    stopNotifying()
    for (const id of ids) this.#replays.delete(id)
    const [failed] = replay.failures
    const failure = failed && toFailure(failed.thrown)
    // Nothing was opened.
    if (failure !== undefined && ids.length === 0) throw failure
    return {
      id: ids[0] ?? 0,
      ...replay.progress,
      cancelled: cancel.aborted,
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

function toFailure(thrown: unknown): Failure {
  if (thrown instanceof Failure) return thrown
  const why = sentenceOf(thrown)
  return new Failure('UNREADABLE', `The recording could not be read (${why}); check that it is still there.`)
}
