import type { EventSink, RealtimeEvent } from '../../shared/event.ts'

/** Passes on at most a number of inbound messages, and every other event. */
export class LimitSink implements EventSink {
  readonly #sink: EventSink
  readonly #reached: () => void
  #left: number

  /** Calls `reached` within the `append` of the last message that it passes on. */
  constructor(sink: EventSink, limit: number, reached: () => void) {
    this.#sink = sink
    this.#left = limit
    this.#reached = reached
  }

  append(event: RealtimeEvent): boolean {
    if (event.type !== 'message' || event.direction !== 'in') return this.#sink.append(event)
    if (this.#left === 0) return true
    const hasRoom = this.#sink.append(event)
    this.#left--
    if (this.#left === 0) this.#reached()
    return hasRoom
  }

  onWritable(callback: () => void): void {
    this.#sink.onWritable(callback)
  }
}
