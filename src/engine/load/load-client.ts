/** One client of a load: replays the recording once, and measures its connections. */
import type { RealtimeEvent } from '../../shared/event.ts'
import type { ConnectionSpec } from '../../shared/spec.ts'
import type { LiveConnection } from '../../transport/live-connection.ts'
import type { LiveStep, LiveSteps } from '../resend/live-steps.ts'
import { SessionReplay, type SessionReplayOptions } from '../resend/session-replay.ts'
import { AnswersByOrder, type AnswersByProtocol } from './answer-times.ts'
import type { LoadedConnection, LoadFigures } from './load-figures.ts'

export interface LoadClientHost {
  readonly figures: LoadFigures
  /** Milliseconds of the session's clock. */
  now(): number
  /** Starts a connection, whose events the client gets from now on. Throws a `Failure` for an unusable spec. */
  connect(client: LoadClient, spec: ConnectionSpec): LiveConnection
  /** A connection has ended. */
  ended(id: number): void
}

interface Running {
  readonly loaded: LoadedConnection
  readonly order: AnswersByOrder | undefined
}

export class LoadClient {
  readonly #host: LoadClientHost
  readonly #replay: SessionReplay
  readonly #protocol: AnswersByProtocol | undefined
  readonly #byStep = new Map<LiveStep, Running>()
  /** By number. */
  readonly #running = new Map<number, Running>()
  /** The connection that is being started, which has no number yet. */
  #starting: Running | undefined

  /** `protocol` measures the answers; if undefined, their order does. */
  constructor(
    steps: LiveSteps,
    options: SessionReplayOptions,
    host: LoadClientHost,
    protocol: AnswersByProtocol | undefined,
  ) {
    this.#host = host
    this.#protocol = protocol
    this.#replay = new SessionReplay(steps, {
      ...options,
      sent: (live, message, late) => {
        if (late !== undefined) host.figures.limit.late(late)
        this.#byStep.get(live)?.order?.sent(message, host.now())
      },
      ended: (id, thrown) => {
        this.#running.get(id)?.loaded.ended(thrown)
        this.#running.delete(id)
        host.ended(id)
      },
    })
  }

  /** Resolves when all its connections have ended. */
  async run(): Promise<void> {
    await this.#replay.run((spec, live) => this.#connect(spec, live))
  }

  end(): void {
    this.#replay.end()
  }

  update(connection: LiveConnection): void {
    this.#replay.update(connection)
  }

  /** Call for each event of its connections. */
  appended(event: Extract<RealtimeEvent, { readonly connection: number }>): void {
    const running = this.#running.get(event.connection) ?? this.#starting
    running?.loaded.appended(event)
    this.#protocol?.appended(event)
    if (event.type === 'message' && event.direction === 'in') running?.order?.received(event.time)
    this.#replay.appended(event)
  }

  #connect(spec: ConnectionSpec, live: LiveStep): LiveConnection {
    const { figures } = this.#host
    const { step } = live
    const answered = (ms: number) => figures.answers.add(ms)
    const isByOrder = this.#protocol === undefined && step.kind === 'socket'
    const running: Running = {
      loaded: figures.start(step.kind === 'socket' ? step.script.close?.code : undefined),
      order: isByOrder ? new AnswersByOrder(step.script, answered) : undefined,
    }
    this.#byStep.set(live, running)
    this.#starting = running
    try {
      const connection = this.#host.connect(this, spec)
      this.#running.set(connection.id, running)
      return connection
    } catch (thrown) {
      running.loaded.ended(thrown)
      throw thrown
    } finally {
      this.#starting = undefined
    }
  }
}
