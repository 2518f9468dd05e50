/** Where an event stream goes on for a client that names the last event it has had. */
import { setImmediate } from 'node:timers/promises'
import type { IndexedRecording } from '../../../capture/recording.ts'
import { type Lineage, type Part, partOf } from '../lineage.ts'
import type { RecordedStream } from '../recorded.ts'
import { playedEvent } from '../run-take.ts'
import type { Beginning } from './stream.ts'

/** Events read in a row before others get their turn. */
const READ_AT_ONCE = 64

interface Place {
  readonly part: Part
  /** Events up to the first that had the id, that one included. */
  readonly skip: number
}

/** The events of a path's connections by their ids. Read when it is first asked for. */
export class EventIndex {
  readonly #source: IndexedRecording
  readonly #connections: readonly RecordedStream[]
  #places: Promise<Map<string, Place>> | undefined

  constructor(source: IndexedRecording, connections: readonly RecordedStream[]) {
    this.#source = source
    this.#connections = connections
  }

  /**
   * Where a client begins. One with a `Last-Event-ID` gets the attempt that was recorded with it, else what
   * came after that event; an id that is not of the recording counts as none. Rejects if the recording cannot be read.
   */
  async begin(lineage: Lineage, lastEventId: string): Promise<Beginning> {
    if (lastEventId === '') return { ...lineage.next(), skip: 0, lastEventId }
    const part =
      lineage.takeAwaited(({ resumedFrom }) => resumedFrom === lastEventId) ??
      lineage.find(({ resumedFrom, end }) => resumedFrom === lastEventId && end.kind !== 'refused')
    if (part !== undefined) return { ...part, skip: 0, lastEventId }
    this.#places ??= this.#read()
    const place = (await this.#places).get(lastEventId)
    if (place === undefined) return { ...lineage.next(), skip: 0, lastEventId }
    // Whoever was awaited has come, if by another way than recorded.
    lineage.takeAwaited()
    return { ...place.part, skip: place.skip, lastEventId }
  }

  async #read(): Promise<Map<string, Place>> {
    const places = new Map<string, Place>()
    for (const recorded of this.#connections)
      for (const [number, { stretches }] of recorded.takes.entries()) {
        const part = partOf(recorded, number)
        for (const [at, index] of stretches.flatMap(({ events }) => events).entries()) {
          if (at % READ_AT_ONCE === READ_AT_ONCE - 1) await setImmediate()
          const event = playedEvent(this.#source, index)
          if (event?.type !== 'message' || event.id === undefined || places.has(event.id)) continue
          places.set(event.id, { part, skip: at + 1 })
        }
      }
    return places
  }
}
