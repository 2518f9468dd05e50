/** The interface of a protocol that a connection speaks: the handshake and the heartbeats, as a client does them. */
import type { Headers, MessageEvent } from '../shared/event.ts'
import type { ConnectionSpec, OutboundMessage } from '../shared/spec.ts'
import type { FieldReader } from './field-reader.ts'

/** What a speaker can do with its connection. */
export interface SpeakerHost {
  /** Sends a message of the protocol. Does nothing if the connection is closing. */
  send(message: OutboundMessage): void
  /** Calls back after this time, in milliseconds, unless the attempt ends before. Returns a function that cancels. */
  after(ms: number, callback: () => void): () => void
  /** The handshake is complete: messages of the user can be sent. */
  ready(): void
  /** The peer refuses the handshake, and would refuse it again; `why` is a sentence that says what to try. */
  refused(why: string): void
  /** The peer has ended the session or is silent, and a new connection may help; `why` is a sentence. */
  lost(why: string): void
  /** Reading is paused, so that the peer may have sent what has not been read. */
  isPaused(): boolean
}

export interface OpenFacts {
  readonly url: string
  readonly subprotocol: string | undefined
  readonly headers: Headers
}

/** Speaks a protocol during one attempt. What it throws ends the attempt. */
export interface Speaker {
  opened(facts: OpenFacts): void
  /** An inbound message. Its payload is valid during the call only. */
  received(message: MessageEvent): void
  /** The user ends the connection: the last chance to send something. */
  closing?(): void
  /** The message as the protocol frames it, such as with the character that ends it. If absent, messages are sent unchanged. */
  frame?(message: OutboundMessage): OutboundMessage
  /** The messages of a form with its values, which have been checked. */
  compose?(form: string, values: FieldReader): readonly OutboundMessage[]
}

export interface SpokenProtocol {
  /** What the client waits for after it opened: "CONNECTED". Absent if nothing: the user's messages can be sent at once. */
  readonly awaits?: string
  /** Loads what only this protocol needs, such as its library; called before the first attempt. */
  load?(): Promise<void>
  /** The specification of an attempt: with the subprotocol, path, query and fields that the handshake needs. */
  prepare?(spec: ConnectionSpec, options: FieldReader): ConnectionSpec
  /**
   * How to begin a session over HTTP with this specification, which `prepare` has made. Undefined if it is for a WebSocket.
   */
  overHttp?(
    spec: ConnectionSpec,
    options: FieldReader,
  ): ((request: SideRequest) => Promise<HttpSession>) | undefined
  speak(host: SpeakerHost, options: FieldReader): Speaker
}

/** Sends a request and reads its whole response. Rejects with a `Failure` if its status is not a successful one. */
export type SideRequest = (spec: ConnectionSpec) => Promise<SideResponse>

export interface SideResponse {
  readonly headers: Headers
  /** The events or records of its content. */
  readonly messages: readonly MessageEvent[]
}

/** A session over HTTP that has begun. */
export interface HttpSession {
  /** Of the request whose response is read: a stream, or the first of polls. */
  readonly spec: ConnectionSpec
  /** Messages of the handshake, for the speaker. */
  readonly greeting: readonly MessageEvent[]
  /** The server may have no stream. */
  readonly isStreamOptional?: boolean
  /** The session as another attempt continues it, by its specification. If absent, each attempt begins a new one. */
  again?(spec: ConnectionSpec): HttpSession
  /** A message has to wait until the one before it is answered. */
  readonly isOrdered: boolean
  /** The request that sends a message. */
  post(message: OutboundMessage): ConnectionSpec
}
