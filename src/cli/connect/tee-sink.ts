import type { SessionWriter } from '../../session/session-writer.ts'
import type { EventSink, RealtimeEvent } from '../../shared/event.ts'
import { appendBatch, type BatchSink, type MessageBatch } from '../../shared/message-batch.ts'

/** A sink that may copy lines of a session file. */
export type LineSink = EventSink & Pick<SessionWriter, 'copiesLines' | 'appendLines'>

export function copiesLines(sink: EventSink): sink is LineSink {
  return 'copiesLines' in sink && sink.copiesLines === true
}

/** Passes every event on to several sinks. Has room if all of them have. */
export class TeeSink implements BatchSink {
  readonly #sinks: readonly EventSink[]

  constructor(sinks: readonly EventSink[]) {
    this.#sinks = sinks
  }

  append(event: RealtimeEvent): boolean {
    let hasRoom = true
    for (const sink of this.#sinks) hasRoom = sink.append(event) && hasRoom
    return hasRoom
  }

  appendBatch(connection: number, batch: MessageBatch): boolean {
    let hasRoom = true
    for (const sink of this.#sinks) hasRoom = appendBatch(sink, connection, batch) && hasRoom
    return hasRoom
  }

  /** As `SessionWriter.copiesLines`. */
  get copiesLines(): boolean {
    return this.#sinks.every((sink) => copiesLines(sink))
  }

  appendLines(lines: Uint8Array, count: number): boolean {
    let hasRoom = true
    for (const sink of this.#sinks) if (copiesLines(sink)) hasRoom = sink.appendLines(lines, count) && hasRoom
    return hasRoom
  }

  onWritable(callback: () => void): void {
    let waiting = this.#sinks.length
    const ready = () => {
      waiting--
      if (waiting === 0) callback()
    }
    for (const sink of this.#sinks) sink.onWritable(ready)
    if (waiting === 0 && this.#sinks.length === 0) callback()
  }
}
