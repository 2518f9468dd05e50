/** Plays recorded connections to WebSocket clients. */

import type { IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import type { IndexedRecording } from '../../../capture/recording.ts'
import { sentenceOf } from '../../../shared/failure.ts'
import { getOrMake } from '../../../shared/maps.ts'
import { type Assignment, AttemptQueue } from '../attempt-queue.ts'
import type { RecordedTalk } from '../content/recorded-talk.ts'
import { refuse } from '../end-connection.ts'
import { Pacer } from '../pacer.ts'
import type { AttemptEnd, RecordedAttempt, RecordedStream } from '../recorded-connection.ts'
import type { Route } from '../routes.ts'
import type { Playback } from '../serve-options.ts'
import { shakeHands } from './shake-hands.ts'
import { WebSocketClient } from './websocket-client.ts'

/** Milliseconds for clients to answer the close frame when the server stops. */
const CLOSE_GRACE = 500

export class WebSocketService {
  readonly #source: IndexedRecording
  readonly #playback: Playback
  readonly #queues = new WeakMap<readonly RecordedStream[], AttemptQueue>()
  readonly #clients = new Set<WebSocketClient>()
  /** Connections with a pending handshake. */
  readonly #waiting = new Set<Duplex>()

  constructor(source: IndexedRecording, playback: Playback) {
    this.#source = source
    this.#playback = playback
  }

  accept(route: Route, request: IncomingMessage, socket: Duplex, head: Buffer): void {
    if (route.kind === 'poll') return
    const { connections } = route
    const queue = getOrMake(this.#queues, connections, () => new AttemptQueue(connections))
    const assignment = queue.next()
    const id = this.#playback.admit(assignment.recorded.id, assignment.attempt.number)
    const ending = () => queue.ended(assignment)
    this.#play(id, assignment, connections, ending, request, socket, head)
      .catch((thrown: unknown) => {
        this.#playback.tell({ type: 'failed', client: id, reason: sentenceOf(thrown) })
      })
      .finally(() => this.#playback.tell({ type: 'gone', client: id }))
  }

  /** Closes all connections, and destroys those of clients that do not answer. */
  async close(): Promise<void> {
    for (const socket of this.#waiting) socket.destroy()
    const clients = [...this.#clients]
    for (const client of clients) client.close()
    const timer = setTimeout(() => {
      for (const client of clients) client.terminate()
    }, CLOSE_GRACE)
    await Promise.all(clients.map(({ gone }) => gone))
    clearTimeout(timer)
  }

  async #play(
    id: number,
    assignment: Assignment,
    connections: readonly RecordedStream[],
    ending: () => void,
    request: IncomingMessage,
    socket: Duplex,
    head: Buffer,
  ): Promise<void> {
    const { attempt, isLast, recorded } = assignment
    if (!(await this.#answered(socket, attempt.end, assignment, ending))) return
    const client = await new Promise<WebSocketClient | undefined>((resolve) => {
      socket.once('close', () => resolve(undefined))
      shakeHands(request, socket, head, attempt.open, (ws) =>
        resolve(
          new WebSocketClient(
            id,
            { ws, socket },
            {
              source: this.#source,
              attempt,
              loop: this.#playback.loop && isLast,
              talk: this.#playback.talks.get(recorded.id),
              others: this.#talksOf(connections, recorded),
              openings: openingsBefore(recorded, attempt),
            },
            this.#playback,
          ),
        ),
      )
    })
    if (client === undefined) return
    this.#clients.add(client)
    try {
      await client.play(ending)
    } finally {
      this.#clients.delete(client)
    }
  }

  /** What was said on the connections at a place, except for one of them. */
  #talksOf(connections: readonly RecordedStream[], except: RecordedStream): readonly RecordedTalk[] {
    return connections.flatMap((each) => {
      const talk = each === except ? undefined : this.#playback.talks.get(each.id)
      return talk === undefined ? [] : [talk]
    })
  }

  /** Waits as long as the recorded handshake took. False if the client was refused, or has disconnected. */
  async #answered(
    socket: Duplex,
    end: AttemptEnd,
    { attempt }: Assignment,
    ending: () => void,
  ): Promise<boolean> {
    const control = new AbortController()
    const onClose = () => control.abort()
    socket.once('close', onClose)
    this.#waiting.add(socket)
    const pacer = new Pacer(this.#playback.speed, control.signal, this.#playback.timers)
    try {
      pacer.setNow(attempt.asked)
      await pacer.until(
        end.kind === 'refused' ? end.time : attempt.asked + (attempt.open?.timing?.firstByte ?? 0),
      )
    } catch {
      // The client has disconnected.
      return false
    } finally {
      socket.off('close', onClose)
      this.#waiting.delete(socket)
    }
    if (end.kind !== 'refused') return true
    ending()
    if (end.status === undefined || end.status < 200) socket.destroy()
    else refuse(socket, end.status)
    return false
  }
}

/** How often a connection had opened before an attempt. */
function openingsBefore({ attempts }: RecordedStream, attempt: RecordedAttempt): number {
  return attempts.slice(0, attempts.indexOf(attempt)).filter(({ runs }) => runs.length > 0).length
}
