import type { EventSink, RealtimeEvent } from '../../shared/event.ts'

/** Passes a number of inbound messages on and no more; everything that is no inbound message passes always. */
export class LimitSink implements EventSink {
  readonly #sink: EventSink
  readonly #reached: () => void
  #left: number

  /** `reached` is called within the `append` of the last message that passes. */
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
