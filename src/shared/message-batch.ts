/** Messages that arrived together, as columns over their bytes: no object a message. */
import { UNKNOWN_SIZE } from './columns.ts'
import type { EventSink, MessageEvent } from './event.ts'

/** Inbound messages. Everything in it is valid during the call only. */
export interface MessageBatch {
  /** Milliseconds since the session started, of all of them. */
  readonly time: number
  readonly count: number
  /** Holds the payloads, one after another with a few bytes in between. */
  readonly bytes: Uint8Array
  /**
   * Per message: where its payload begins in `bytes`, how long it is, and what it took on the wire, or
   * `UNKNOWN_SIZE`.
   */
  readonly starts: Uint32Array
  readonly sizes: Uint32Array
  readonly wireSizes: Uint32Array
  /** Per message: 1 where it is binary, 0 for text. */
  readonly binary: Uint8Array
  /** WebSocket messages of one frame each, and whether they were compressed. */
  readonly frame?: { readonly compressed: boolean }
  /** The SSE event type of all of them. */
  readonly event?: string
}

/** A sink that takes batches as they are. */
export interface BatchSink extends EventSink {
  /** As `append`, for all messages of a batch. */
  appendBatch(connection: number, batch: MessageBatch): boolean
}

type BatchedEvent = Omit<MessageEvent, 'connection'>

/** Message number `index` of a batch as an event, with a view of its payload. */
export function batchedEvent(batch: MessageBatch, index: number): BatchedEvent {
  const start = batch.starts[index] ?? 0
  const { frame, event } = batch
  const wireSize = batch.wireSizes[index] ?? UNKNOWN_SIZE
  return {
    type: 'message',
    time: batch.time,
    direction: 'in',
    opcode: batch.binary[index] === 1 ? 'binary' : 'text',
    payload: batch.bytes.subarray(start, start + (batch.sizes[index] ?? 0)),
    ...(wireSize !== UNKNOWN_SIZE && { wireSize }),
    ...(frame !== undefined && { frames: 1, compressed: frame.compressed }),
    ...(event !== undefined && { event }),
  }
}

/** Gives a sink all messages of a batch: at once where it can take that, else one by one. */
export function appendBatch(sink: EventSink, connection: number, batch: MessageBatch): boolean {
  if ('appendBatch' in sink) return (sink as BatchSink).appendBatch(connection, batch)
  let hasRoom = true
  for (let index = 0; index < batch.count; index++)
    hasRoom = sink.append({ ...batchedEvent(batch, index), connection }) && hasRoom
  return hasRoom
}
