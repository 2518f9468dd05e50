/** The interface of a decoder: how it recognizes a connection, and what it makes of the bytes of its messages. */
import type { DecodedEvent } from '../shared/decoded.ts'
import type { Direction, Headers } from '../shared/event.ts'

/** What is known of a connection before its first message. */
export interface ConnectionFacts {
  readonly url?: string | undefined
  /** `websocket`, `sse`, … */
  readonly transport?: string | undefined
  /** The WebSocket subprotocol that was agreed on. */
  readonly subprotocol?: string | undefined
  readonly requestHeaders?: Headers | undefined
  readonly responseHeaders?: Headers | undefined
  /** The name of the decoder that the user chose for this connection. */
  readonly decoder?: string | undefined
}

/** A message as a decoder gets it. */
export interface EncodedMessage {
  /** Number of its event, counted from 0. */
  readonly number: number
  /** Session time in ms. */
  readonly time: number
  readonly direction: Direction
  /** A binary WebSocket message. */
  readonly binary: boolean
  /** The SSE event type; empty for other messages. */
  readonly eventName: string
  /** The first bytes, as many as the decoder reads. Valid only during the call. */
  readonly payload: Uint8Array
  /** Bytes of the whole payload. */
  readonly size: number
}

/** A decoder at work on one connection. It gets every message of both directions in order. */
export interface ConnectionDecoder {
  /** The packets that end in this message. If it throws, decoding of the connection stops. */
  decode(message: EncodedMessage): readonly DecodedEvent[]
  /** An independent copy that continues from the same state. */
  copy(): ConnectionDecoder
  /** Approximate size of the state in bytes, such as those of an incomplete packet. Default 0. */
  readonly stateSize?: number
}

/** A row of the table of decoders. */
export interface Decoder {
  /** The sub-protocol, as in `DecodedEvent.protocol`. */
  readonly name: string
  /** A message is decoded without those before it, so that any message can be decoded alone. Default false. */
  readonly isStateless?: boolean
  /** Bytes at the beginning of a message that are enough to decode it. Default all of them. */
  readonly reads?: number
  /** Why a connection speaks this sub-protocol, for people: `subprotocol mqtt`. Undefined if it does not seem to. */
  recognize(facts: ConnectionFacts): string | undefined
  /** Loads what only this decoder needs, such as the protocol's own library; called before the first `open`. */
  load?(): Promise<void>
  /** Called at the start of a connection, and each time that it opens again. */
  open(facts: ConnectionFacts): ConnectionDecoder
}
