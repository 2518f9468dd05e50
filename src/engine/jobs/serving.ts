/** Serves a recording: its endpoints and its clients. */
import { openIndexed } from '../../session/open-recording.ts'
import { type RecordingFile, SHOWN_PROBLEMS } from '../../session/recording-file.ts'
import type { Served } from '../../session/serve/serve-options.ts'
import { serveSession } from '../../session/serve/serve-session.ts'
import type { JobMethods, ServeParams } from '../../shared/protocol/jobs.ts'
import type { ServedState } from '../../shared/protocol/served.ts'
import { ServingState } from './serving-state.ts'

export class Serving {
  readonly #state: ServingState
  #source: RecordingFile | undefined
  #served: Served | undefined

  /** `notify` gets the clients and the troubles a few times a second. */
  constructor(notify: (state: ServedState) => void) {
    this.#state = new ServingState(notify)
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
  async stop(): Promise<void> {
    await this.#served?.close()
    this.#state.close()
    this.#source?.close()
    this.#source = undefined
  }
}
