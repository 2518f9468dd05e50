/**
 * What a source of traffic sees of another program, and what takes it. A recording proxy and a debugger are such sources:
 * they look on while a program opens connections, and report them to a `TrafficHost`.
 */
import type { Clock } from './clock.ts'
import type { EndedBy, Headers, OpenEvent, TransportEvent } from './event.ts'
import type { MessageBatch } from './message-batch.ts'
import type { ConnectionSpec, OutboundMessage } from './spec.ts'
import type { SeenSource, SourceLocation } from './traffic-source.ts'

export type { SeenSource, SourceLocation } from './traffic-source.ts'

/** What a program asked for when it opened a connection, or sent a request. */
export interface SeenStart
  extends Pick<ConnectionSpec, 'url' | 'method' | 'headers' | 'body' | 'subprotocols'> {
  readonly source: SeenSource
  /** When it was seen, on the host's clock in milliseconds. */
  readonly time: number
  /** The line that opened it, if a debugger reports it. */
  readonly initiator?: SourceLocation
  /** Tells programs apart: only the program that had a connection open can open it again. */
  readonly program: string
  /** The number of the proxy or of the attached program that sees it. */
  readonly through: number
}

/** What can be done with a connection of another program. What is absent is not possible. */
export interface SeenControl {
  /** Ends the connection on both sides. */
  disconnect?(): void
  /** Sends a message to the server, as if the program had sent it. */
  send?(message: OutboundMessage): void
  /** Stops reading from both sides until `resume`. */
  pause?(): void
  resume?(): void
}

/** A WebSocket of another program. All times are on the host's clock. */
export interface SeenSocket {
  /** The number of its connection. */
  readonly id: number
  /** Reports an event. The last one is its `close`, also after an `error`. */
  emit(event: TransportEvent): void
  /** Reports inbound messages that arrived together. */
  emitBatch(batch: MessageBatch): void
}

/** The head of a response. */
export interface SeenHead
  extends Pick<
    OpenEvent,
    'httpVersion' | 'remoteAddress' | 'tls' | 'timing' | 'redirects' | 'requestHeadSize' | 'headSize'
  > {
  readonly time: number
  readonly status: number
  readonly headers: Headers
  /** The content is reported without its content coding, which the source has removed. */
  readonly isDecoded?: boolean
}

/** Bytes of the content of a response. */
export interface SeenData {
  readonly time: number
  /** Without chunk framing. Valid only during the call. */
  readonly bytes: Uint8Array
  /** Bytes on the connection, with framing; absent if not known exactly. */
  readonly wireSize?: number
  /** What faults did to these bytes, as in `MessageEvent`. Absent: nothing. */
  readonly faults?: readonly string[]
}

/**
 * A request of another program with its response. Once the head of the response has arrived, the host decides whether the exchange is
 * recorded: as an event stream, as another stream, or as a cycle of a poll. All times are on the host's clock.
 */
export interface SeenExchange {
  /** The number of its connection; undefined while it is not recorded. */
  readonly id: number | undefined
  response(head: SeenHead): void
  data(data: SeenData): void
  /** The response is complete. */
  end(ending: { readonly time: number; readonly trailers?: Headers }): void
  fail(failure: SeenFailure): void
}

/** It failed, one side cut it off, or it is no longer seen. */
export interface SeenFailure {
  readonly time: number
  /** Absent: not known, as if it is no longer seen. */
  readonly by?: EndedBy
  /** Why, as a phrase. */
  readonly reason?: string
  /** `message` is a sentence. Absent: it was ended on purpose. */
  readonly error?: { readonly code: string; readonly message: string }
}

/** Takes what sources see, and records it. */
export interface TrafficHost {
  readonly clock: Clock
  /** Largest message in bytes that is recorded. Absent: `DEFAULT_MAX_MESSAGE_SIZE`. */
  readonly maxMessageSize?: number | undefined
  webSocket(start: SeenStart, control?: SeenControl): SeenSocket
  exchange(start: SeenStart, control?: SeenControl): SeenExchange
  /** Adds a note to the session, now or at a time on the host's clock. */
  mark(text: string, time?: number): void
}
