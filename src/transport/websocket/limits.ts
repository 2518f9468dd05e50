/** Limits of a WebSocket. */
import { type ConnectionSpec, DEFAULT_MAX_MESSAGE_SIZE } from '../../shared/spec.ts'

/** Largest number of fragments in a message. */
export const MAX_FRAGMENTS = 64 * 1024
export const MAX_BUFFERED_CHUNKS = 256 * 1024
/** Milliseconds that the peer has to answer a close frame. */
export const CLOSE_TIMEOUT = 2000
/** `ws` stores its limit as a signed 32-bit integer; a larger one would disable it. */
const LARGEST_LIMIT = 2 ** 31 - 1

/** The largest message accepted, in bytes. */
export function messageLimit(spec: ConnectionSpec): number {
  return Math.min(spec.maxMessageSize ?? DEFAULT_MAX_MESSAGE_SIZE, LARGEST_LIMIT)
}
