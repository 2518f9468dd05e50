/**
 * The gate that the messages of one direction of a connection pass through while faults are on. A message is a WebSocket
 * message with all its frames, or a record of a stream.
 */
import type { TransportEvent } from '../shared/event.ts'

export interface GatedMessage {
  /** As it arrived, with its time. The payload is the gate's to keep. */
  readonly event: Extract<TransportEvent, { type: 'message' }>
  /** Its bytes on the connection: frames with their headers, or a record with its delimiters. The gate's to keep. */
  readonly bytes: Uint8Array
}

/** Takes messages as they arrive, and passes them on later, twice, changed, in another order, or not at all. */
export interface MessageGate {
  /** A whole message has arrived. Pings and pongs do not come here: they pass at once, as RFC 6455 section 5.4 allows. */
  take(message: GatedMessage): void
  /** Calls `pass` once all messages so far have passed: for what must not overtake them, such as a close frame or the end. */
  behind(pass: () => void): void
  /** The connection is over: forgets what waits. */
  stop(): void
}

/** Where a gate passes messages on. */
export interface GateExit {
  /** Passes a message on: with its bytes as they arrived, or with another payload, which is framed anew. */
  write(message: GatedMessage, payload?: Uint8Array): void
  /**
   * Records a message with what was done to it, such as `delay=200`. Called once for each message. `payload` is given if the
   * message was passed on with another one.
   */
  record(message: GatedMessage, faults: readonly string[], payload?: Uint8Array): void
  /** Stops reading messages from the sender until `resume`, because too much waits. */
  pause(): void
  resume(): void
}
