/**
 * The vocabulary of a session. An event is one fact about one connection at one time. These are the events of the
 * session file (docs/session-format.md), with payloads as bytes.
 */
import type { Headers } from './headers.ts'
import type { Automatic, ConnectionSpec } from './spec.ts'
import type { SourceLocation, TrafficSource } from './traffic-source.ts'
import type { TransportName } from './transports.ts'

export { EVENT_TYPES, type EventType } from './event-types.ts'
export type { Headers } from './headers.ts'

export type Direction = 'in' | 'out'

/** Fields of a session file that this version does not know; they are shown and written back. */
export type ExtraFields = Readonly<Record<string, unknown>>

interface OnConnection {
  /** Connections count from 1 within a session. */
  readonly connection: number
  /** Milliseconds since the session started, on a monotonic clock, with microseconds. */
  readonly time: number
  readonly extra?: ExtraFields
}

interface WithPayload {
  /** After decompression and unframing; its length is the event's `size`. */
  readonly payload: Uint8Array
  /** Bytes on the connection, including framing; absent if not known exactly. */
  readonly wireSize?: number
  /** Size of a payload that is no longer kept (dropped at a limit); `payload` is then empty. */
  readonly dropped?: number
}

/** An attempt starts. Attempt 0 has the whole specification of the connection. */
export interface ConnectEvent extends OnConnection, Partial<Omit<ConnectionSpec, 'url' | 'transport'>> {
  readonly type: 'connect'
  readonly transport: TransportName | 'auto'
  readonly url: string
  /** 0 for the first attempt, then the number of the `reconnect` that scheduled it. */
  readonly attempt: number
  /** Absent: `client`. */
  readonly source?: TrafficSource
  /** The line of the program that opened it. */
  readonly initiator?: SourceLocation
}

export interface TlsInfo {
  readonly protocol: string
  readonly cipher: string
  /** End of the certificate's validity, ISO 8601. */
  readonly validTo: string
}

/** How long each phase of an attempt or a cycle took, in milliseconds; absent if it did not happen, as on a reused connection. */
export interface Timing {
  /** Until the server allowed one more request on an HTTP/2 connection. */
  readonly queued?: number
  readonly dns?: number
  readonly tcp?: number
  readonly tls?: number
  /** From the request to the first byte of its response. */
  readonly firstByte?: number
}

/**
 * Bytes of the heads of a request and of its response on the connection: the first line, the fields and the empty line,
 * with those of redirects, challenges and informational responses before it. Absent if not known exactly.
 */
interface WithHeads {
  readonly requestHeadSize?: number
  readonly headSize?: number
}

/** A redirect that was followed. */
export interface Redirect {
  readonly status: number
  readonly location: string
}

/**
 * The WebSocket handshake or the response head was accepted. That of a poll has no sizes of heads: the `response` of its
 * first cycle has them.
 */
export interface OpenEvent extends OnConnection, WithHeads {
  readonly type: 'open'
  /** The transport that `auto` chose, or that of the spec. Files of other programs may omit it. */
  readonly transport?: TransportName
  readonly status?: number
  readonly headers: Headers
  readonly httpVersion?: string
  readonly subprotocol?: string
  readonly extensions?: string
  readonly remoteAddress?: string
  readonly tls?: TlsInfo
  readonly timing?: Timing
  /** The framing of a stream. */
  readonly framing?: string
  readonly redirects?: readonly Redirect[]
  /** Refusals (401) before it that were answered, such as challenges of digest authentication. */
  readonly challenges?: number
  /** What is unusual about the response head, in phrases. */
  readonly oddities?: readonly string[]
}

/** A WebSocket message, an SSE event, a poll's body, or a stream's record. */
export interface MessageEvent extends OnConnection, WithPayload {
  readonly type: 'message'
  readonly direction: Direction
  readonly opcode?: 'text' | 'binary'
  /** Number of WebSocket frames. */
  readonly frames?: number
  readonly compressed?: boolean
  /** The SSE event type; `message` if the stream does not name one. */
  readonly event?: string
  /** The SSE last event ID at this event. */
  readonly id?: string
  /**
   * The last event ID is the one last recorded on the connection. Used if it is too long to repeat with every event.
   */
  readonly sameId?: boolean
  /** The framing of this record, if it differs from that of the `open` event. */
  readonly framing?: string
  /** Where its framing deviates from the standard, in phrases. */
  readonly oddities?: readonly string[]
  /** The stream ended inside this record. */
  readonly truncated?: boolean
  /** Why it was sent, if the user did not send it. */
  readonly automatic?: Automatic
  /** What a proxy did to it on purpose, such as `delay=200`. */
  readonly faults?: readonly string[]
  /** The line of the program that sent it. */
  readonly initiator?: SourceLocation
}

/** A WebSocket control frame. */
export interface ControlEvent extends OnConnection, WithPayload {
  readonly type: 'ping' | 'pong'
  readonly direction: Direction
}

/** An SSE comment line, without the colon. */
export interface CommentEvent extends OnConnection, WithPayload {
  readonly type: 'comment'
}

/** A cycle of a poll or long-poll starts, or a protocol over HTTP sends something beside the response that is read. */
export interface RequestEvent extends OnConnection {
  readonly type: 'request'
  /** If it differs from that of the connection. */
  readonly method?: string
  readonly url?: string
  readonly headers: Headers
  /** If it differs from that of the connection. */
  readonly body?: ConnectionSpec['body']
  readonly cursor?: string
  /** Why it was sent, if the user did not send it. */
  readonly automatic?: Automatic
}

/** The response of a cycle: its head arrived, or the body that the server held back after the head. */
export interface ResponseEvent extends OnConnection, WithHeads {
  readonly type: 'response'
  readonly status?: number
  readonly headers: Headers
  /** Milliseconds from the request until the server released the response. */
  readonly held?: number
  /** Milliseconds from the request to the response head, if the server then held back the body. */
  readonly head?: number
  readonly timing?: Timing
  /** The response brought nothing new. */
  readonly empty: boolean
  readonly cursor?: string
  readonly redirects?: readonly Redirect[]
  /** Refusals (401) before it that were answered, such as challenges of digest authentication. */
  readonly challenges?: number
  /** What is unusual about the head, in phrases. */
  readonly oddities?: readonly string[]
}

export type EndedBy = 'client' | 'server' | 'network'

export interface CloseEvent extends OnConnection {
  readonly type: 'close'
  /** RFC 6455 section 7.4; 1006 if the peer disappeared without a close frame. */
  readonly code?: number
  readonly reason?: string
  readonly by?: EndedBy
  readonly wireSize?: number
  /** Trailer fields of a chunked body (RFC 9112 section 7.1.2). */
  readonly trailers?: Headers
  /** The rule that closed it. */
  readonly rule?: string
  /** What is unusual about the body, in phrases. */
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
  /** As in `MessageEvent`. */
  readonly sameId?: boolean
  readonly cursor?: string
}

/** Events that are known to be missed or repeated after a reconnect. */
export interface GapEvent extends OnConnection {
  readonly type: 'gap'
  readonly missed?: number
  readonly repeated?: number
}

/**
 * Reading from the connection went on at `time`, after it was paused because what takes the events could take no more.
 * Meanwhile, what the peer sent waited in the buffers of the system.
 */
export interface PauseEvent extends OnConnection {
  readonly type: 'pause'
  /** Milliseconds. */
  readonly duration: number
}

/**
 * A note of the user or of a rule. Also stands in for an event whose type this version does not know; `extra` then holds
 * the whole event, including its `type`.
 */
export interface MarkEvent {
  readonly type: 'mark'
  readonly time: number
  readonly text: string
  /** The rule that added it; absent if the user did. */
  readonly rule?: string
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
  | PauseEvent
  | MarkEvent

export type PayloadEvent = Extract<RealtimeEvent, { readonly payload: Uint8Array }>

/** What is known of an event without its payload. */
export interface PayloadHead
  extends Partial<
    Pick<
      MessageEvent,
      'direction' | 'opcode' | 'frames' | 'compressed' | 'event' | 'id' | 'sameId' | 'framing' | 'truncated'
    >
  > {
  readonly type: PayloadEvent['type']
}

/** Receives events. Everything that stores or prints a session is an `EventSink`. */
export interface EventSink {
  /**
   * Takes an event. Copies or writes its payload before it returns. Returns false if the sink is full: the caller
   * pauses its sources until `onWritable`.
   */
  append(event: RealtimeEvent): boolean
  /** Calls back once, when the sink has room again. */
  onWritable(callback: () => void): void
}

type Without<T, K extends PropertyKey> = T extends unknown ? Omit<T, K> : never

/** An event as a transport reports it; the connection adds its number. */
export type TransportEvent = Without<
  Exclude<RealtimeEvent, MarkEvent | ConnectEvent | ReconnectEvent | PauseEvent>,
  'connection'
>
