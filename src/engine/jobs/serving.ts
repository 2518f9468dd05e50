/** A recording being served: its endpoints, and how many clients it has. */
import { openIndexed } from '../../session/open-recording.ts'
import type { RecordingFile } from '../../session/recording-file.ts'
import type { Served } from '../../session/serve/serve-options.ts'
import { serveSession } from '../../session/serve/serve-session.ts'
import type { JobMethods, JobNotifications, ServeParams } from '../../shared/protocol/jobs.ts'
import { ServingState } from './serving-state.ts'

type Tell = <K extends keyof JobNotifications & string>(name: K, data: JobNotifications[K]) => void

/** Problems of the file that are told one by one. */
const TOLD = 5

export class Serving {
  readonly #state: ServingState
  #source: RecordingFile | undefined
  #served: Served | undefined

  constructor(tell: Tell) {
    this.#state = new ServingState((state) => tell('served', state))
  }

  /** Rejects with a `Failure` where the file is no session, there is nothing to serve in it, or no port. */
  async start({ path, speed, ...options }: ServeParams): Promise<JobMethods['serve']['result']> {
    const source = await openIndexed(path, { masked: true })
    this.#source = source
    const served = await serveSession(source.log, {
      ...options,
      speed: speed ?? Number.POSITIVE_INFINITY,
      onClient: (event) => this.#state.heard(event),
    })
    this.#served = served
    const { events, payloads } = source.dropped
    const dropped =
      events + payloads === 0
        ? []
        : [`Of this session ${events} events and ${payloads} payloads were not kept; they are not served.`]
    const problems = source.problems.slice(0, TOLD)
    return { endpoints: served.endpoints, notes: [...served.notes, ...dropped, ...problems] }
  }

  /** Lets go of clients and file; nothing is told after it. */
  async stop(): Promise<null> {
    await this.#served?.close()
    this.#state.close()
    this.#source?.close()
    this.#source = undefined
    return null
  }
}
