/** Limits of a WebSocket. */
import { type ConnectionSpec, DEFAULT_MAX_MESSAGE_SIZE } from '../../shared/spec.ts'

/** Largest number of fragments in a message. */
export const MAX_FRAGMENTS = 64 * 1024
/** The sizes of payloads are 32-bit integers in many places. */
const LARGEST_LIMIT = 2 ** 31 - 1

/** The largest message accepted, in bytes. */
export function messageLimit(spec: ConnectionSpec): number {
  return Math.min(spec.maxMessageSize ?? DEFAULT_MAX_MESSAGE_SIZE, LARGEST_LIMIT)
}
