/** Answers the requests of a poll or long-poll with the recorded responses, at their recorded times. */
import { once } from 'node:events'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { IndexedRecording } from '../../../capture/recording.ts'
import type { Headers, ResponseEvent } from '../../../shared/event.ts'
import { hangUp } from '../end-connection.ts'
import { Pacer } from '../pacer.ts'
import { playedEvent } from '../play-attempt.ts'
import type { Cycle, RecordedPoll } from '../recorded-connection.ts'
import { setServed } from '../response-headers.ts'
import type { Playback } from '../serve-options.ts'
import { Cursors } from './cursors.ts'
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
    const control = new AbortController()
    const { signal } = control
    response.on('close', () => control.abort())
    try {
      if (cycle !== undefined) await this.#play(recorded, cycle, request, response, signal)
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

  async #play(
    recorded: RecordedPoll,
    cycle: Cycle,
    request: IncomingMessage,
    response: ServerResponse,
    signal: AbortSignal,
  ): Promise<void> {
    const { speed, timers } = this.#playback
    const pacer = new Pacer(speed, signal, timers)
    const { asked, brokenAt } = cycle
    pacer.setNow(asked)
    const head = this.#head(cycle)
    if (head === undefined) {
      // The request was held until the recorded client left or the connection broke.
      if (brokenAt === undefined) await once(response, 'close')
      else await pacer.until(brokenAt)
      await hangUp(request.socket)
      return
    }
    const body = this.#body(recorded, cycle, head)
    const held = head.held ?? head.time - asked
    await pacer.until(asked + (head.head ?? held))
    setServed(request, response, head)
    if (body !== undefined && lengthOf(head.headers) !== undefined)
      response.setHeader('Content-Length', body.payload.length)
    if (head.head !== undefined) response.flushHeaders()
    await pacer.until(asked + held)
    // From here on, use the times of the response: the request may have waited for a connection.
    pacer.setNow(head.time)
    if (brokenAt !== undefined) {
      response.flushHeaders()
      await pacer.until(brokenAt)
      await hangUp(request.socket)
      return
    }
    if (body !== undefined) {
      if (body.time > head.time) response.flushHeaders()
      await pacer.until(body.time)
    }
    response.end(body?.payload)
  }

  #head({ response }: Cycle): ResponseEvent | undefined {
    const event = response === undefined ? undefined : this.#source.event(response)
    return event?.type === 'response' ? event : undefined
  }

  /** The recorded body. If the response had nothing new, the body was not recorded: use the previous one, if any. */
  #body(
    { cycles }: RecordedPoll,
    cycle: Cycle,
    { status, empty, time, headers }: ResponseEvent,
  ): { payload: Uint8Array; time: number } | undefined {
    if (cycle.body !== undefined) {
      const event = playedEvent(this.#source, cycle.body)
      return event && { payload: event.payload, time: event.time }
    }
    if (!empty || status !== 200 || lengthOf(headers) === '0') return undefined
    for (let number = cycles.indexOf(cycle) - 1; number >= 0; number--) {
      const body = cycles[number]?.body
      const event = body === undefined ? undefined : playedEvent(this.#source, body)
      if (event !== undefined) return { payload: event.payload, time }
    }
    return undefined
  }
}

function lengthOf(headers: Headers): string | undefined {
  const field = Object.entries(headers).find(([name]) => name.toLowerCase() === 'content-length')
  return [field?.[1]].flat()[0]
}
