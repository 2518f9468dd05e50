/** Serves a recording: its endpoints and its clients. */
import { openIndexed } from '../../session/open-recording.ts'
import { type RecordingFile, SHOWN_PROBLEMS } from '../../session/recording-file.ts'
import type { Served } from '../../session/serve/serve-options.ts'
import { serveSession } from '../../session/serve/serve-session.ts'
import type { JobMethods, JobNotifications, ServeParams } from '../../shared/protocol/jobs.ts'
import { ServingState } from './serving-state.ts'

type Notify = <K extends keyof JobNotifications & string>(name: K, data: JobNotifications[K]) => void

export class Serving {
  readonly #state: ServingState
  #source: RecordingFile | undefined
  #served: Served | undefined

  constructor(notify: Notify) {
    this.#state = new ServingState((state) => notify('served', state))
  }

  /** Rejects with a `Failure` if the file is not a session, has nothing to serve, or the port is taken. */
  async start({ path, speed, ...options }: ServeParams): Promise<JobMethods['serve']['result']> {
    const source = await openIndexed(path, { masked: true })
    this.#source = source
    const served = await serveSession(source.log, {
      ...options,
      speed: speed ?? Number.POSITIVE_INFINITY,
      onClient: (event) => this.#state.add(event),
    })
    this.#served = served
    const { events, payloads } = source.dropped
    const dropped =
      events + payloads === 0
        ? []
        : [`${events} events and ${payloads} payloads of this session were not kept, so they are not served.`]
    const problems = source.problems.slice(0, SHOWN_PROBLEMS)
    return { endpoints: served.endpoints, notes: [...served.notes, ...dropped, ...problems] }
  }

  /** Closes the clients and the file. Nothing is notified afterwards. */
  async stop(): Promise<null> {
    await this.#served?.close()
    this.#state.close()
    this.#source?.close()
    this.#source = undefined
    return null
  }
}
