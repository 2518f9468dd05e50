/**
 * The vocabulary of a session. One event is one fact about one connection at one time; these are the
 * events of the session file (docs/session-format.md), with the payload kept as bytes.
 */
import type { Headers } from './headers.ts'
import type { ConnectionSpec, TransportName } from './spec.ts'

export { EVENT_TYPES, type EventType } from './event-types.ts'
export type { Headers } from './headers.ts'

export type Direction = 'in' | 'out'

/** Fields of a session file that this version does not know, kept to be shown and written back. */
export type ExtraFields = Readonly<Record<string, unknown>>

interface OnConnection {
  /** Connections count from 1 within a session. */
  readonly connection: number
  /** Milliseconds since the session started, on its monotonic clock, to the microsecond. */
  readonly time: number
  readonly extra?: ExtraFields
}

interface WithPayload {
  /** After decompression and de-framing; its length is the event's `size`. */
  readonly payload: Uint8Array
  /** Bytes the event took on the connection, framing included; absent where it cannot be known exactly. */
  readonly wireSize?: number
  /** Bytes of a payload that is no longer kept (dropped at a bound); `payload` is then empty. */
  readonly dropped?: number
}

/** An attempt starts. The first one (attempt 0) carries the connection's whole specification. */
export interface ConnectEvent extends OnConnection, Partial<Omit<ConnectionSpec, 'url' | 'transport'>> {
  readonly type: 'connect'
  readonly transport: TransportName | 'auto'
  readonly url: string
  /** 0 for the first, then the number of the `reconnect` that scheduled it. */
  readonly attempt: number
}

export interface TlsInfo {
  readonly protocol: string
  readonly cipher: string
  /** End of the certificate's validity, ISO 8601. */
  readonly validTo: string
}

/** Phases of an attempt in milliseconds; a phase that did not happen (a reused connection) is absent. */
export interface Timing {
  readonly dns?: number
  readonly tcp?: number
  readonly tls?: number
  readonly firstByte?: number
}

/** A redirect that was followed. */
export interface Redirect {
  readonly status: number
  readonly location: string
}

/** The WebSocket handshake or the response head was accepted. */
export interface OpenEvent extends OnConnection {
  readonly type: 'open'
  /** What `auto` settled on; the same as the spec's otherwise. Files of other programs may leave it out. */
  readonly transport?: TransportName
  readonly status?: number
  readonly headers: Headers
  readonly httpVersion?: string
  readonly subprotocol?: string
  readonly extensions?: string
  readonly remoteAddress?: string
  readonly tls?: TlsInfo
  readonly timing?: Timing
  /** The framing a stream is read with. */
  readonly framing?: string
  readonly redirects?: readonly Redirect[]
  /** What is not as it should be about the response head, in phrases. */
  readonly oddities?: readonly string[]
}

/** A WebSocket message, an SSE event, a poll's body, or a stream's record. */
export interface MessageEvent extends OnConnection, WithPayload {
  readonly type: 'message'
  readonly direction: Direction
  readonly opcode?: 'text' | 'binary'
  /** How many WebSocket frames carried it. */
  readonly frames?: number
  readonly compressed?: boolean
  /** The SSE event type, `message` where the stream named none. */
  readonly event?: string
  /** The SSE last event id in force. */
  readonly id?: string
  /** The last event id in force is the one that was told last on the connection: too long to be told with every event. */
  readonly sameId?: boolean
  /** What framed this record, if not what the `open` event says. */
  readonly framing?: string
  /** What of its framing is not as its standard has it, in phrases. */
  readonly oddities?: readonly string[]
  /** The stream ended inside this record. */
  readonly truncated?: boolean
}

/** A WebSocket control frame. */
export interface ControlEvent extends OnConnection, WithPayload {
  readonly type: 'ping' | 'pong'
  readonly direction: Direction
}

/** An SSE comment line, without its colon. */
export interface CommentEvent extends OnConnection, WithPayload {
  readonly type: 'comment'
}

/** One cycle of a long-poll or poll begins. */
export interface RequestEvent extends OnConnection {
  readonly type: 'request'
  readonly url?: string
  readonly headers: Headers
  readonly cursor?: string
}

/** A cycle's answer: its head arrived, or what the server had held back after it. */
export interface ResponseEvent extends OnConnection {
  readonly type: 'response'
  readonly status?: number
  readonly headers: Headers
  /** Milliseconds from the request until the server let go of the answer. */
  readonly held?: number
  /** Milliseconds from the request to the response head, if the server held the body after that. */
  readonly head?: number
  /** The answer brought nothing new. */
  readonly empty: boolean
  readonly cursor?: string
  readonly redirects?: readonly Redirect[]
  /** What is not as it should be about the head, in phrases. */
  readonly oddities?: readonly string[]
}

export type EndedBy = 'client' | 'server' | 'network'

export interface CloseEvent extends OnConnection {
  readonly type: 'close'
  /** RFC 6455 section 7.4; 1006 where the peer vanished without a close frame. */
  readonly code?: number
  readonly reason?: string
  readonly by?: EndedBy
  readonly wireSize?: number
  /** Fields behind a chunked body (RFC 9112 section 7.1.2). */
  readonly trailers?: Headers
  /** What is not as it should be about the body, in phrases. */
  readonly oddities?: readonly string[]
}

export interface ErrorEvent extends OnConnection {
  readonly type: 'error'
  /** One sentence: what failed and what to try. */
  readonly message: string
  readonly code: string
  readonly status?: number
}

export interface ReconnectEvent extends OnConnection {
  readonly type: 'reconnect'
  readonly attempt: number
  /** Milliseconds until the attempt. */
  readonly delay: number
  readonly reason: string
  readonly lastEventId?: string
  /** As on a message. */
  readonly sameId?: boolean
  readonly cursor?: string
}

/** Events known to be lost or repeated over a reconnect. */
export interface GapEvent extends OnConnection {
  readonly type: 'gap'
  readonly missed?: number
  readonly repeated?: number
}

/**
 * The user's own note. Also stands in for an event of a type this version does not know: `extra` then
 * holds the whole of it, its `type` included.
 */
export interface MarkEvent {
  readonly type: 'mark'
  readonly time: number
  readonly text: string
  readonly extra?: ExtraFields
}

export type RealtimeEvent =
  | ConnectEvent
  | OpenEvent
  | MessageEvent
  | ControlEvent
  | CommentEvent
  | RequestEvent
  | ResponseEvent
  | CloseEvent
  | ErrorEvent
  | ReconnectEvent
  | GapEvent
  | MarkEvent

export type PayloadEvent = Extract<RealtimeEvent, { readonly payload: Uint8Array }>

/** Where events go. Everything that keeps or prints a session is one of these. */
export interface EventSink {
  /**
   * Takes the event; its payload is copied or written before the call returns.
   * Returns false when the sink is full: the caller pauses its sources until `onWritable`.
   */
  append(event: RealtimeEvent): boolean
  /** Calls back once, as soon as the sink has room again. */
  onWritable(callback: () => void): void
}

type Without<T, K extends PropertyKey> = T extends unknown ? Omit<T, K> : never

/** An event as a transport reports it: the connection that runs the transport adds its own number. */
export type TransportEvent = Without<
  Exclude<RealtimeEvent, MarkEvent | ConnectEvent | ReconnectEvent>,
  'connection'
>
