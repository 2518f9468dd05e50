/** What a file is written to in blocks: the file, or a spool for a part of it. */
import { asBuffer } from '../../../capture/search/event-text.ts'
import type { ByteBuffer } from './byte-buffer.ts'

export interface ByteSink {
  /** What is added next. Its owner calls `flush` once it is full. */
  readonly buffer: ByteBuffer
  readonly isFull: boolean
  /** Writes the buffer and clears it. Rejects with an error of the file system. */
  flush(): Promise<void>
}

/** Bytes of a payload that are added at once. A multiple of 3, so that only the end of base64 has padding. */
export const PIECE_SIZE = 48 * 1024

/**
 * Adds the bytes between quotes, if there are any. `add` adds a piece. Returns a promise to wait for only if there are many
 * bytes: the buffer is flushed between pieces.
 */
export function addPieces(
  sink: ByteSink,
  bytes: Uint8Array,
  add: (piece: Buffer) => void,
  quote = '',
): Promise<void> | undefined {
  if (bytes.length > PIECE_SIZE) return addAll(sink, asBuffer(bytes), add, quote)
  if (quote !== '') sink.buffer.ascii(quote)
  add(asBuffer(bytes))
  if (quote !== '') sink.buffer.ascii(quote)
  return undefined
}

async function addAll(
  sink: ByteSink,
  bytes: Buffer,
  add: (piece: Buffer) => void,
  quote: string,
): Promise<void> {
  if (quote !== '') sink.buffer.ascii(quote)
  for (let from = 0; from < bytes.length; from += PIECE_SIZE) {
    add(bytes.subarray(from, from + PIECE_SIZE))
    if (sink.isFull) await sink.flush()
  }
  if (quote !== '') sink.buffer.ascii(quote)
}

/** Adds the payload as a JSON string: as text, which has to be UTF-8, or as base64. As `addPieces`. */
export function addString(sink: ByteSink, payload: Uint8Array, isText: boolean): Promise<void> | undefined {
  const { buffer } = sink
  return addPieces(sink, payload, (piece) => (isText ? buffer.escaped(piece) : buffer.base64(piece)), '"')
}
