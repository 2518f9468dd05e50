/** Decoded events: what a sub-protocol says in the bytes of a connection's messages. */

export const DECODED_KINDS = [
  'handshake',
  'heartbeat',
  'request',
  'response',
  'event',
  'subscribe',
  'unsubscribe',
  'data',
  'complete',
  'ack',
  'error',
  'close',
] as const
export type DecodedKind = (typeof DECODED_KINDS)[number]

/** One packet of a sub-protocol. Decoded events are never saved: they are computed whenever a session is read. */
export interface DecodedEvent {
  /** `socket.io`, `json-rpc`, `mqtt`, … */
  readonly protocol: string
  readonly kind: DecodedKind
  /** The event, method, topic, destination or operation. */
  readonly name?: string
  /** The namespace, topic or subscription. */
  readonly channel?: string
  /** Pairs a request with its answer. */
  readonly id?: string
  /** Number of the event that this one answers, counted from 1. */
  readonly answers?: number
  /** Milliseconds since that event. */
  readonly latency?: number
  /** JSON; bytes in it are `{ base64 }`. */
  readonly value?: unknown
  /** How many messages the packet is spread over, if more than one; it is decoded from the last of them. */
  readonly parts?: number
}
