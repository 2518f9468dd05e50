/** Plays recorded connections to HTTP clients. */
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { IndexedRecording } from '../../../capture/recording.ts'
import { sentenceOf } from '../../../shared/failure.ts'
import { getOrMake } from '../../../shared/maps.ts'
import { maskUrl } from '../../../shared/secrets.ts'
import { AttemptQueue } from '../attempt-queue.ts'
import type { FoundResponse } from '../content/http-talk.ts'
import { hangUp } from '../end-connection.ts'
import { Pacer } from '../pacer.ts'
import {
  isPoll,
  type RecordedAttempt,
  type RecordedPoll,
  type RecordedStream,
} from '../recorded-connection.ts'
import { allowOrigin, statusOf } from '../response-headers.ts'
import type { Route } from '../routes.ts'
import type { Playback } from '../serve-options.ts'
import { EventIndex } from './event-index.ts'
import { playCycle } from './play-cycle.ts'
import { type Beginning, playStream } from './play-stream.ts'
import { PollService } from './poll-service.ts'

interface Started {
  readonly id: number
  readonly played: Promise<void>
}

export class HttpService {
  readonly #source: IndexedRecording
  readonly #playback: Playback
  readonly #queues = new WeakMap<readonly RecordedStream[], AttemptQueue>()
  readonly #eventIndexes = new WeakMap<readonly RecordedStream[], EventIndex>()
  readonly #polls = new WeakMap<readonly RecordedPoll[], PollService>()

  constructor(source: IndexedRecording, playback: Playback) {
    this.#source = source
    this.#playback = playback
  }

  answer(route: Route, request: IncomingMessage, response: ServerResponse, url: URL): void {
    this.#run(request, response, () => this.#start(route, request, response, url))
  }

  /** Answers a request with the response to a recorded one that says the same. */
  answerFound(found: FoundResponse, request: IncomingMessage, response: ServerResponse): void {
    this.#run(request, response, async () => {
      const { recorded } = found
      const attempt = isPoll(recorded) ? undefined : attemptAt(recorded, found.asked)
      const id = this.#playback.admit(recorded.id, attempt?.number ?? 0)
      return { id, played: this.#playFound(found, attempt, request, response) }
    })
  }

  #run(request: IncomingMessage, response: ServerResponse, start: () => Promise<Started>): void {
    start()
      .then(({ id, played }) =>
        played
          .catch((thrown: unknown) => {
            this.#playback.tell({ type: 'failed', client: id, reason: sentenceOf(thrown) })
          })
          .finally(() => this.#playback.tell({ type: 'gone', client: id })),
      )
      .catch((thrown: unknown) => {
        response.destroy()
        this.#playback.tell({ type: 'refused', url: maskUrl(request.url ?? ''), reason: sentenceOf(thrown) })
      })
  }

  /** Admits a client. Rejects if the recording cannot be read. */
  async #start(route: Route, request: IncomingMessage, response: ServerResponse, url: URL): Promise<Started> {
    if (route.kind === 'poll') {
      const make = () => new PollService(route.connections, this.#source, this.#playback)
      return getOrMake(this.#polls, route.connections, make).answer(request, response, url)
    }
    const { connections } = route
    const queue = getOrMake(this.#queues, connections, () => new AttemptQueue(connections))
    const makeIndex = () => new EventIndex(this.#source, connections)
    const beginning =
      route.kind === 'sse'
        ? await getOrMake(this.#eventIndexes, connections, makeIndex).begin(queue, lastEventIdOf(request))
        : { ...queue.next(), skip: 0, lastEventId: '' }
    const id = this.#playback.admit(beginning.recorded.id, beginning.attempt.number)
    return { id, played: this.#play(request, response, beginning, () => queue.ended(beginning)) }
  }

  async #playFound(
    { recorded, asked, rewriting }: FoundResponse,
    attempt: RecordedAttempt | undefined,
    request: IncomingMessage,
    response: ServerResponse,
  ): Promise<void> {
    if (attempt !== undefined && !isPoll(recorded)) {
      const beginning = { recorded, attempt, isLast: false, skip: 0, lastEventId: '', rewriting }
      await this.#play(request, response, beginning, () => {})
      return
    }
    const cycle = isPoll(recorded) ? recorded.cycles.findLast((each) => each.asked <= asked) : undefined
    if (cycle === undefined || !isPoll(recorded)) return
    const control = new AbortController()
    const { signal } = control
    response.on('close', () => control.abort())
    const [source, playback] = [this.#source, this.#playback]
    try {
      await playCycle(recorded, cycle, request, response, { source, playback, signal, rewriting })
    } catch (thrown) {
      if (signal.aborted) return
      response.destroy()
      throw thrown
    }
  }

  async #play(
    request: IncomingMessage,
    response: ServerResponse,
    beginning: Beginning,
    ending: () => void,
  ): Promise<void> {
    const { attempt } = beginning
    if (attempt.end.kind !== 'refused') {
      await playStream(
        request,
        response,
        beginning,
        { source: this.#source, playback: this.#playback },
        ending,
      )
      return
    }
    const control = new AbortController()
    response.on('close', () => control.abort())
    const pacer = new Pacer(this.#playback.speed, control.signal, this.#playback.timers)
    pacer.setNow(attempt.asked)
    try {
      await pacer.until(attempt.end.time)
    } catch {
      // The client has disconnected.
      return
    }
    ending()
    const { status } = attempt.end
    if (status === undefined) await hangUp(request.socket)
    else {
      allowOrigin(request, response)
      response.writeHead(statusOf(status)).end()
    }
  }
}

/** The client's last event id, decoded as UTF-8 (HTML standard, 9.2.4). */
function lastEventIdOf({ headers }: IncomingMessage): string {
  return Buffer.from([headers['last-event-id']].flat()[0] ?? '', 'latin1').toString()
}

/** The attempt that was under way at a session time. */
function attemptAt({ attempts }: RecordedStream, time: number): RecordedAttempt | undefined {
  return attempts.findLast(({ asked }) => asked <= time) ?? attempts[0]
}
