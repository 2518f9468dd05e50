/** Finds where an event stream continues for a client with a last event id. */
import { setImmediate } from 'node:timers/promises'
import type { IndexedRecording } from '../../../capture/recording.ts'
import { type Assignment, type AttemptQueue, assignmentOf } from '../attempt-queue.ts'
import { playedEvent } from '../play-attempt.ts'
import type { RecordedStream } from '../recorded-connection.ts'
import type { Beginning } from './play-stream.ts'

/** Events read before the thread is released. */
const READ_AT_ONCE = 64

interface Place {
  readonly assignment: Assignment
  /** Number of events up to and including the first with the id. */
  readonly skip: number
}

/** The events of a path's connections by their ids. Built on first use. */
export class EventIndex {
  readonly #source: IndexedRecording
  readonly #connections: readonly RecordedStream[]
  #places: Promise<Map<string, Place>> | undefined

  constructor(source: IndexedRecording, connections: readonly RecordedStream[]) {
    this.#source = source
    this.#connections = connections
  }

  /**
   * Where a client starts. With a `Last-Event-ID`, it gets the attempt that was recorded with it, or else what
   * followed that event. An unknown id is ignored. Rejects if the recording cannot be read.
   */
  async begin(queue: AttemptQueue, lastEventId: string): Promise<Beginning> {
    if (lastEventId === '') return { ...queue.next(), skip: 0, lastEventId }
    const assignment =
      queue.dequeue(({ resumedFrom }) => resumedFrom === lastEventId) ??
      queue.find(({ resumedFrom, end }) => resumedFrom === lastEventId && end.kind !== 'refused')
    if (assignment !== undefined) return { ...assignment, skip: 0, lastEventId }
    this.#places ??= this.#read()
    const place = (await this.#places).get(lastEventId)
    if (place === undefined) return { ...queue.next(), skip: 0, lastEventId }
    // Count this client as the expected reconnect.
    queue.dequeue()
    return { ...place.assignment, skip: place.skip, lastEventId }
  }

  async #read(): Promise<Map<string, Place>> {
    const places = new Map<string, Place>()
    for (const recorded of this.#connections)
      for (const [number, { runs }] of recorded.attempts.entries()) {
        const assignment = assignmentOf(recorded, number)
        for (const [at, index] of runs.flatMap(({ events }) => events).entries()) {
          if (at % READ_AT_ONCE === READ_AT_ONCE - 1) await setImmediate()
          const event = playedEvent(this.#source, index)
          if (event?.type !== 'message' || event.id === undefined || places.has(event.id)) continue
          places.set(event.id, { assignment, skip: at + 1 })
        }
      }
    return places
  }
}
