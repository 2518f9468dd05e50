/** `--max-messages` of a command that records many connections. */
import type { EventSink } from '../../shared/event.ts'

export class TotalMessageLimit {
  #left: number
  readonly #reached: () => void

  /** After `most` inbound messages of all connections, calls `reached` once the last one was passed on. */
  constructor(most: number, reached: () => void) {
    this.#left = most
    this.#reached = reached
  }

  /** A sink that passes on to `sink` no inbound messages beyond the limit, and every other event. */
  on(sink: EventSink): EventSink {
    return {
      append: (event) => {
        if (event.type !== 'message' || event.direction !== 'in') return sink.append(event)
        if (this.#left === 0) return true
        const hasRoom = sink.append(event)
        this.#left--
        // Not from within a callback of the source.
        if (this.#left === 0) queueMicrotask(this.#reached)
        return hasRoom
      },
      onWritable: (callback) => sink.onWritable(callback),
    }
  }
}
