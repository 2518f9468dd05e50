/** Messages that arrived together, as columns over their bytes, without an object for each message. */

import type { EventSink, MessageEvent } from './event.ts'
import { UNKNOWN_SIZE } from './event-columns.ts'

/** Inbound messages. Valid only during the call that passes it. */
export interface MessageBatch {
  /** Milliseconds since the session started, the same for all messages. */
  readonly time: number
  readonly count: number
  /** Contains the payloads in order, with a few bytes between them. */
  readonly bytes: Uint8Array
  /**
   * For each message: the start of its payload in `bytes`, its size, and its size on the connection or `UNKNOWN_SIZE`.
   */
  readonly starts: Uint32Array
  readonly sizes: Uint32Array
  readonly wireSizes: Uint32Array
  /** For each message: 1 for binary, 0 for text. */
  readonly binary: Uint8Array
  /** Set for WebSocket messages of one frame each. */
  readonly frame?: { readonly compressed: boolean }
  /** The SSE event type of all messages. */
  readonly event?: string
}

/** A sink that accepts whole batches. */
export interface BatchSink extends EventSink {
  /** As `append`, for the messages of a batch. */
  appendBatch(connection: number, batch: MessageBatch): boolean
}

type BatchedEvent = Omit<MessageEvent, 'connection'>

/** The message at an index of a batch as an event, with a view of its payload. `time` replaces that of the batch. */
export function batchedEvent(batch: MessageBatch, index: number, time = batch.time): BatchedEvent {
  const start = batch.starts[index] ?? 0
  const { frame, event } = batch
  const wireSize = batch.wireSizes[index] ?? UNKNOWN_SIZE
  return {
    type: 'message',
    time,
    direction: 'in',
    opcode: batch.binary[index] === 1 ? 'binary' : 'text',
    payload: batch.bytes.subarray(start, start + (batch.sizes[index] ?? 0)),
    ...(wireSize !== UNKNOWN_SIZE && { wireSize }),
    ...(frame !== undefined && { frames: 1, compressed: frame.compressed }),
    ...(event !== undefined && { event }),
  }
}

/** The messages of a batch as events. For what is not on the path of every message. `time` replaces that of the batch. */
export function* messagesIn(
  batch: MessageBatch,
  connection: number,
  time = batch.time,
): Generator<MessageEvent> {
  for (let index = 0; index < batch.count; index++) yield { ...batchedEvent(batch, index, time), connection }
}

/** Appends the messages of a batch to a sink: at once if the sink supports it, otherwise one by one. */
export function appendBatch(sink: EventSink, connection: number, batch: MessageBatch): boolean {
  if ('appendBatch' in sink) return (sink as BatchSink).appendBatch(connection, batch)
  let hasRoom = true
  for (let index = 0; index < batch.count; index++)
    hasRoom = sink.append({ ...batchedEvent(batch, index), connection }) && hasRoom
  return hasRoom
}
