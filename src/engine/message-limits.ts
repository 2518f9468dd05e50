/** Limits on how many inbound messages of a connection are passed on. */
import type { EventSink } from '../shared/event.ts'
import { appendBatch, type BatchSink } from '../shared/message-batch.ts'

interface Limit {
  readonly most: number
  left: number
  readonly reached: () => void
}

export class MessageLimits {
  readonly #limits = new Map<number, Limit>()

  /**
   * From now on, at most `limit` inbound messages of the connection are passed on, and every other event. Calls `reached`
   * within the `append` of the last one.
   */
  set(connection: number, limit: number, reached: () => void): void {
    this.#limits.set(connection, { most: limit, left: limit, reached })
  }

  /** The limit of a connection, if it has one, counts from now on: the connection is opened again. */
  restart(connection: number): void {
    const limit = this.#limits.get(connection)
    if (limit !== undefined) limit.left = limit.most
  }

  forget(connection: number): void {
    this.#limits.delete(connection)
  }

  /** A sink that passes on to `sink` what the limits allow. */
  on(sink: EventSink): BatchSink {
    const limited: EventSink = {
      append: (event) => {
        if (event.type !== 'message' || event.direction !== 'in') return sink.append(event)
        const limit = this.#limits.get(event.connection)
        if (limit === undefined) return sink.append(event)
        if (limit.left === 0) return true
        const hasRoom = sink.append(event)
        limit.left--
        if (limit.left === 0) limit.reached()
        return hasRoom
      },
      onWritable: (callback) => sink.onWritable(callback),
    }
    return {
      ...limited,
      appendBatch: (connection, batch) =>
        appendBatch(this.#limits.has(connection) ? limited : sink, connection, batch),
    }
  }
}
