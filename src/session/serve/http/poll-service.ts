/** Answers the requests of a poll or long-poll with the recorded responses, at their recorded times. */
import { once } from 'node:events'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { IndexedRecording } from '../../../capture/recording.ts'
import type { Cycle, RecordedPoll } from '../recorded-connection.ts'
import type { Playback } from '../serve-options.ts'
import { Cursors } from './cursors.ts'
import { playCycle } from './play-cycle.ts'
import { type PollClient, PollClients } from './poll-clients.ts'

/** A recorded connection with the cursors of its requests. */
interface PolledConnection {
  readonly recorded: RecordedPoll
  readonly cursors: Cursors
}

/** Serves the polls recorded at one URL. */
export class PollService {
  readonly #connections: readonly PolledConnection[]
  readonly #source: IndexedRecording
  readonly #playback: Playback
  readonly #clients: PollClients

  constructor(connections: readonly RecordedPoll[], source: IndexedRecording, playback: Playback) {
    this.#connections = connections.map((recorded) => ({ recorded, cursors: new Cursors(recorded) }))
    this.#source = source
    this.#playback = playback
    this.#clients = new PollClients(connections.length)
  }

  /** Answers a request. `played` settles once that is done, and rejects if the recording cannot be read. */
  answer(
    request: IncomingMessage,
    response: ServerResponse,
    url: URL,
  ): { id: number; played: Promise<void> } {
    const client = this.#clients.of(request.socket, (away) => this.#mayBe(away, request, url))
    const connection = this.#connections[client.connection]
    if (connection === undefined) throw new RangeError('A route has at least one connection.')
    const { recorded } = connection
    const id = this.#playback.admit(recorded.id, 0)
    return {
      id,
      played: this.#answer(recorded, this.#next(client, connection, request, url), request, response),
    }
  }

  async #answer(
    recorded: RecordedPoll,
    cycle: Cycle | undefined,
    request: IncomingMessage,
    response: ServerResponse,
  ): Promise<void> {
    const [source, playback] = [this.#source, this.#playback]
    const control = new AbortController()
    const { signal } = control
    response.on('close', () => control.abort())
    try {
      if (cycle !== undefined)
        await playCycle(recorded, cycle, request, response, { source, playback, signal })
      // Nothing more was recorded: hold the request until the client leaves.
      else if (!signal.aborted) await once(response, 'close')
    } catch (thrown) {
      if (signal.aborted) return
      response.destroy()
      throw thrown
    }
  }

  /** Whether the request can be from this client. */
  #mayBe({ connection, next }: PollClient, { headers }: IncomingMessage, url: URL): boolean {
    const { recorded, cursors } = this.#connections[connection] ?? {}
    return (
      recorded !== undefined && next < recorded.cycles.length && cursors?.find(next, url, headers) === next
    )
  }

  /** The cycle for a request. Undefined after the last one of a long-poll. */
  #next(
    client: PollClient,
    { recorded, cursors }: PolledConnection,
    { headers }: IncomingMessage,
    url: URL,
  ): Cycle | undefined {
    const { cycles, transport } = recorded
    let number = cursors.find(client.next, url, headers)
    if (number >= cycles.length && this.#playback.loop) number = cursors.find(0, url, headers)
    client.next = number + 1
    if (number < cycles.length) return cycles[number]
    // A poll repeats its last response.
    return transport === 'poll' ? cycles.findLast(({ response }) => response !== undefined) : undefined
  }
}
