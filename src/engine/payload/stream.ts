/** Reads what a connection received as one stream of bytes. */
import type { Log } from '../../capture/recording.ts'
import type { StreamPiece } from '../../shared/protocol/payloads.ts'
import { backward, connectionOf, forward } from './connection-events.ts'

/** Limits of one call: events looked at, and bytes returned. */
const MAX_EVENTS = 262_144
const MAX_BYTES = 8 * 1024 * 1024

/** The inbound payloads of a connection from event `from` up to its next `open`. */
export function readStream(capture: Log, connection: number, from: number, maxBytes: number): StreamPiece {
  const limit = Math.min(maxBytes, MAX_BYTES)
  const parts: Uint8Array[] = []
  let size = 0
  let lost = from < capture.firstKept
  const piece = (next: number, reopened: boolean, atEnd: boolean): StreamPiece => ({
    bytes: concat(parts, size),
    next,
    reopened,
    lost,
    atEnd,
  })
  for (const { index, kind, size: length } of forward(capture, connection, from, MAX_EVENTS)) {
    if (kind.type === 'open') return piece(index, true, false)
    if (kind.type !== 'message' || kind.direction !== 'in') continue
    if (size > 0 && size + length > limit) return piece(index, false, false)
    const payload = capture.payload(index)
    if (payload === undefined) {
      lost = true
      continue
    }
    parts.push(payload)
    size += payload.length
  }
  const next = Math.min(capture.count, Math.max(from, capture.firstKept) + MAX_EVENTS)
  return piece(next, false, next >= capture.count)
}

/** Number of the first event of the stream that an event belongs to: the one after the last `open`. */
export function streamStart(capture: Log, index: number): number {
  const connection = connectionOf(capture, index)
  for (const { index: at, kind } of backward(capture, connection, index + 1, Number.POSITIVE_INFINITY))
    if (kind.type === 'open') return at + 1
  return capture.firstKept
}

function concat(parts: readonly Uint8Array[], size: number): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(size)
  let at = 0
  for (const part of parts) {
    bytes.set(part, at)
    at += part.length
  }
  return bytes
}
