/** The part of a log that has been played: its events before number `limit`. */

import type { RealtimeEvent } from '../shared/event.ts'
import type { ColumnBatch } from '../shared/event-columns.ts'
import type { Row } from './column-segments.ts'
import { type Log, type ReadOptions, readEvents } from './recording.ts'

export class PlayedPart implements Log {
  /** Number of the first event that has not been played. */
  limit = Number.POSITIVE_INFINITY
  readonly #log: Log

  constructor(log: Log) {
    this.#log = log
  }

  get count(): number {
    return Math.min(this.limit, this.#log.count)
  }

  get startedAt(): Date {
    return this.#log.startedAt
  }

  get generation(): number {
    return this.#log.generation
  }

  get firstKept(): number {
    return this.#log.firstKept
  }

  get firstPayload(): number {
    return this.#log.firstPayload
  }

  get dropped(): Log['dropped'] {
    return this.#log.dropped
  }

  get spoolBytes(): number {
    return this.#log.spoolBytes
  }

  get eventNames(): readonly string[] {
    return this.#log.eventNames
  }

  columns(from: number, max: number): ColumnBatch {
    const first = Math.max(from, this.firstKept)
    return this.#log.columns(from, Math.max(0, Math.min(max, this.count - first)))
  }

  row(index: number): Readonly<Row> {
    return this.#log.row(this.#shown(index))
  }

  event(index: number): RealtimeEvent {
    return this.#log.event(this.#shown(index))
  }

  events(options?: ReadOptions): AsyncIterable<readonly RealtimeEvent[]> {
    return readEvents(this, options)
  }

  peek(index: number): RealtimeEvent {
    return this.#log.peek(this.#shown(index))
  }

  payload(index: number, maxBytes?: number): Uint8Array<ArrayBuffer> | undefined {
    return this.#log.payload(this.#shown(index), maxBytes)
  }

  isDropped(index: number): boolean {
    return this.#log.isDropped(this.#shown(index))
  }

  #shown(index: number): number {
    if (index >= this.count)
      throw new RangeError(
        `Event ${index} has not been played yet; played are the events before ${this.count}.`,
      )
    return index
  }
}
