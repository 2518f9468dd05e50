/** Keeps what happens before the outputs of a session are open. */
import type { EventSink, RealtimeEvent } from '../../shared/event.ts'

export class EarlySink implements EventSink {
  #sink: EventSink | undefined
  #kept: RealtimeEvent[] = []
  #waiting: (() => void)[] = []

  /** Has no room before `open`, so that its sources pause. What they report until then is kept. */
  append(event: RealtimeEvent): boolean {
    if (this.#sink !== undefined) return this.#sink.append(event)
    this.#kept.push('payload' in event ? { ...event, payload: Uint8Array.from(event.payload) } : event)
    return false
  }

  onWritable(callback: () => void): void {
    if (this.#sink === undefined) this.#waiting.push(callback)
    else this.#sink.onWritable(callback)
  }

  /** Hands on to `sink` what was kept, and what follows. */
  open(sink: EventSink): void {
    this.#sink = sink
    for (const event of this.#kept) sink.append(event)
    this.#kept = []
    for (const callback of this.#waiting.splice(0)) sink.onWritable(callback)
  }
}
