/** Plays recorded connections to HTTP clients. */
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { IndexedRecording } from '../../../capture/recording.ts'
import { sentenceOf } from '../../../shared/failure.ts'
import { maskUrl } from '../../../shared/secrets.ts'
import { AttemptQueues } from '../attempt-queue.ts'
import { hangUp } from '../end-connection.ts'
import { Pacer } from '../pacer.ts'
import type { RecordedPoll, RecordedStream } from '../recorded-connection.ts'
import { allowOrigin, statusOf } from '../response-headers.ts'
import type { Route } from '../routes.ts'
import type { Playback } from '../serve-options.ts'
import { EventIndex } from './event-index.ts'
import { type Beginning, playStream } from './play-stream.ts'
import { PollService } from './poll-service.ts'

export class HttpService {
  readonly #source: IndexedRecording
  readonly #playback: Playback
  readonly #queues = new AttemptQueues()
  readonly #eventIndexes = new WeakMap<readonly RecordedStream[], EventIndex>()
  readonly #polls = new WeakMap<readonly RecordedPoll[], PollService>()

  constructor(source: IndexedRecording, playback: Playback) {
    this.#source = source
    this.#playback = playback
  }

  answer(route: Route, request: IncomingMessage, response: ServerResponse, url: URL): void {
    this.#start(route, request, response, url)
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
  async #start(
    route: Route,
    request: IncomingMessage,
    response: ServerResponse,
    url: URL,
  ): Promise<{ readonly id: number; readonly played: Promise<void> }> {
    if (route.kind === 'poll') return this.#poll(route.connections).answer(request, response, url)
    const { connections } = route
    const queue = this.#queues.of(connections)
    const beginning =
      route.kind === 'sse'
        ? await this.#events(connections).begin(queue, lastEventIdOf(request))
        : { ...queue.next(), skip: 0, lastEventId: '' }
    const id = this.#playback.admit(beginning.recorded.id, beginning.attempt.number)
    return { id, played: this.#play(request, response, beginning, () => queue.ended(beginning)) }
  }

  async #play(
    request: IncomingMessage,
    response: ServerResponse,
    beginning: Beginning,
    ending: () => void,
  ): Promise<void> {
    const { attempt } = beginning
    if (attempt.end.kind !== 'refused') {
      const { source, playback } = { source: this.#source, playback: this.#playback }
      await playStream(request, response, beginning, { source, playback }, ending)
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

  #events(connections: readonly RecordedStream[]): EventIndex {
    const index = this.#eventIndexes.get(connections) ?? new EventIndex(this.#source, connections)
    this.#eventIndexes.set(connections, index)
    return index
  }

  #poll(connections: readonly RecordedPoll[]): PollService {
    const service = this.#polls.get(connections) ?? new PollService(connections, this.#source, this.#playback)
    this.#polls.set(connections, service)
    return service
  }
}

/** The client's last event id, decoded as UTF-8 (HTML standard, 9.2.4). */
function lastEventIdOf({ headers }: IncomingMessage): string {
  return Buffer.from([headers['last-event-id']].flat()[0] ?? '', 'latin1').toString()
}
