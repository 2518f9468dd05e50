/** Replays a recording as many clients at once, and measures how the server answers. */
import { setImmediate } from 'node:timers/promises'
import type { RealtimeEvent } from '../../shared/event.ts'
import type { ConnectionSpec } from '../../shared/spec.ts'
import type { LiveConnection } from '../../transport/live-connection.ts'
import type { Hub } from '../hub.ts'
import type { LiveSteps } from '../resend/live-steps.ts'
import type { SessionReplayOptions } from '../resend/session-replay.ts'
import { AnswersByProtocol, hasPairs } from './answer-times.ts'
import { LoadClient } from './load-client.ts'
import { LoadFigures } from './load-figures.ts'

/** Without a ramp, so many connections open at once. */
const MAX_OPENING = 100
/** Clients started before the thread is released. */
const STEP = 16

export interface LoadOptions extends Pick<SessionReplayOptions, 'pace' | 'speed' | 'patience'> {
  /** Number of clients. Each opens all connections of the steps, at their times. */
  readonly clients: number
  /** Milliseconds over which the clients start evenly; 0 starts them as fast as the server accepts them. */
  readonly ramp: number
}

export class LoadRun {
  readonly figures: LoadFigures
  readonly #steps: LiveSteps
  readonly #options: LoadOptions
  /** By the number of their live connections. */
  readonly #clients = new Map<number, LoadClient>()
  readonly #running = new Set<LoadClient>()
  /** Clients without a connection yet, and the numbers of connections that are not open yet. */
  readonly #waiting = new Set<LoadClient | number>()
  /** The client that starts a connection, which has no number yet. */
  #starting: LoadClient | undefined
  #isOver = false
  /** Called if there may be room for another client. */
  #happened: () => void = () => {}

  constructor(steps: LiveSteps, options: LoadOptions) {
    this.#steps = steps
    this.#options = options
    this.figures = new LoadFigures(options.clients * steps.steps.length)
  }

  /** Starts the clients. Resolves when all have ended. */
  async run(hub: Hub): Promise<void> {
    const { clients, ramp } = this.#options
    const { figures } = this
    const isByProtocol = await hasPairs(this.#steps)
    figures.answersBy = isByProtocol ? 'protocol' : 'order'
    figures.begin()
    const begun = performance.now()
    const ended: Promise<void>[] = []
    for (let started = 0; started < clients && !this.#isOver; started++) {
      if (started % STEP === STEP - 1) await setImmediate()
      const due = begun + (started * ramp) / clients
      if (ramp > 0) await this.#until(() => performance.now() >= due, due)
      else await this.#until(() => this.#waiting.size < MAX_OPENING)
      if (this.#isOver) break
      if (ramp > 0) figures.limit.late(performance.now() - due)
      ended.push(this.#run(await this.#newClient(hub, isByProtocol)))
    }
    await Promise.all(ended)
  }

  /** Ends all connections, and opens no more. */
  end(): void {
    this.#isOver = true
    this.#happened()
    for (const client of this.#running) client.end()
  }

  /** Call when the state of a connection may have changed. */
  update(connection: LiveConnection): void {
    this.#clients.get(connection.id)?.update(connection)
  }

  /** Call for each event. */
  appended(event: RealtimeEvent): void {
    if (!('connection' in event)) return
    const client = this.#clients.get(event.connection) ?? this.#starting
    client?.appended(event)
    if (event.type === 'open') this.#settled(event.connection)
  }

  async #newClient(hub: Hub, isByProtocol: boolean): Promise<LoadClient> {
    const { figures } = this
    const { pace, speed, patience } = this.#options
    const options = { ...(pace && { pace }), ...(speed && { speed }), ...(patience && { patience }) }
    const host = {
      figures,
      now: () => hub.clock.now(),
      connect: (client: LoadClient, spec: ConnectionSpec) => this.#connect(hub, client, spec),
      ended: (id: number) => {
        this.#clients.delete(id)
        hub.forget(id)
        this.#settled(id)
      },
    }
    const protocol = isByProtocol ? new AnswersByProtocol((ms) => figures.answers.add(ms)) : undefined
    await protocol?.load()
    return new LoadClient(this.#steps.forAnother(), options, host, protocol)
  }

  async #run(client: LoadClient): Promise<void> {
    this.#running.add(client)
    this.#waiting.add(client)
    if (this.#isOver) client.end()
    await client.run()
    this.#running.delete(client)
    this.#settled(client)
  }

  #connect(hub: Hub, client: LoadClient, spec: ConnectionSpec): LiveConnection {
    this.#starting = client
    this.#waiting.delete(client)
    try {
      const connection = hub.connect(spec)
      this.#clients.set(connection.id, client)
      this.#waiting.add(connection.id)
      return connection
    } finally {
      this.#starting = undefined
    }
  }

  /** A connection is open or has ended, or a client has ended. */
  #settled(waiting: LoadClient | number): void {
    if (this.#waiting.delete(waiting)) this.#happened()
  }

  /** Resolves once the condition is true, or when the load ends. It is checked at `time` and when something happens. */
  async #until(isTrue: () => boolean, time?: number): Promise<void> {
    while (!this.#isOver && !isTrue())
      await new Promise<void>((resolve) => {
        const timer =
          time === undefined ? undefined : setTimeout(resolve, Math.max(time - performance.now(), 0))
        this.#happened = () => {
          clearTimeout(timer)
          resolve()
        }
      })
  }
}
