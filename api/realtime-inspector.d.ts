/**
 * The API of Realtime Inspector for other extensions: copy this file into yours. docs/api.md explains it. Fields may be added;
 * none is removed or changes its meaning.
 */
import type { Event, Uri } from 'vscode'

/** What `activate()` of the extension `realtime-inspector.realtime-inspector` resolves to. */
export interface RealtimeInspectorApi {
  /**
   * Opens a connection, and resolves to its id once the attempt has started. Rejects with a sentence if the specification is
   * invalid. Failures of the network show in `connections()` and `onEvent`.
   */
  connect(spec: ConnectionSpec): Promise<number>
  /** Every connection of the live session, including those that have ended, as of a moment ago. */
  connections(): readonly ConnectionStatus[]
  /**
   * Fires for every event of the live session from the time of subscribing, in order, at most a fraction of a second late.
   * Skips only events that the capture had to drop before they were read.
   */
  readonly onEvent: Event<SessionEvent>
  /**
   * The events of a connection so far that a filter finds (docs/filter.md): at most 10,000. An empty filter finds all. Rejects
   * if the filter is wrong.
   */
  events(connection: number, filter?: string): Promise<readonly SessionEvent[]>
  /** Writes the live session so far to an `.rtsession` file, with secrets masked. */
  save(uri: Uri): Promise<SaveResult>
  /**
   * What the rules have found (docs/findings.md), in the live session or in a session file or HAR: the most severe first,
   * without those that the user has muted. Resolves once all events so far are diagnosed. Rejects if the file cannot be read.
   */
  diagnose(uri?: Uri): Promise<readonly Finding[]>
  /** The session files that are open in editors; `status` is undefined until the file has been opened. */
  recordings(): readonly OpenRecording[]
}

export type Transport = 'websocket' | 'sse' | 'long-poll' | 'poll' | 'http-stream'

/** Where to connect, by which transport, and how. */
export interface ConnectionSpec {
  /** An `http:`, `https:`, `ws:` or `wss:` URL. */
  readonly url: string
  /** Default `auto`. */
  readonly transport?: Transport | 'auto'
  /** HTTP only. Default GET, or POST if there is a body. */
  readonly method?: string
  readonly headers?: Readonly<Record<string, string | readonly string[]>>
  /** Body of an HTTP request: text, or bytes in base64. */
  readonly body?: string | { readonly base64: string }
  readonly subprotocols?: readonly string[]
  /** Sent to the origin that the URL names only. */
  readonly credentials?: Credentials
  /** `never`, exponential `backoff`, or milliseconds. Default: backoff after the connection has been open. */
  readonly reconnect?: 'never' | 'backoff' | number
  /** Consecutive attempts before giving up. */
  readonly maxAttempts?: number
  /** Milliseconds between the requests of a poll. */
  readonly interval?: number
  /** Milliseconds in which an attempt must open. Default 30000. */
  readonly timeout?: number
  /** How a stream is split into records. */
  readonly framing?:
    | 'auto'
    | 'lines'
    | 'ndjson'
    | 'json-seq'
    | 'multipart'
    | 'sse'
    | 'length-prefixed'
    | 'grpc'
    | 'raw'
  /** How a poll resumes: `auto`, `header:NAME:PARAM`, `json:/pointer:PARAM`, `json:$.path:PARAM`, or `none`. */
  readonly cursor?: string
  /** PEM texts, not file names. */
  readonly tls?: {
    readonly insecure?: boolean
    readonly ca?: readonly string[]
    readonly cert?: string
    readonly key?: string
    readonly passphrase?: string
    /** Follow redirects from an encrypted connection to one that is not. */
    readonly plainRedirects?: boolean
  }
  /** The version of HTTP; with `auto`, the server chooses over TLS. Default `1.1`. */
  readonly http?: '1.1' | '2' | 'auto'
  /** Send and keep the cookies of the session. Default false. */
  readonly cookieJar?: boolean
  /** Send the header fields of a browser. Default false. */
  readonly asBrowser?: boolean
  /** Proxy URL. Default: that of the environment or the editor. */
  readonly proxy?: string
  /** The Unix socket, or the named pipe of Windows, at which the origin of the URL is reached: an absolute path. */
  readonly socketPath?: string
  /** Bytes. Default 64 MiB. */
  readonly maxMessageSize?: number
  /** A complete response that is not a stream ends the connection normally. By default it is a failure. */
  readonly plainResponse?: boolean
  /** Offer permessage-deflate. Default true. */
  readonly compression?: boolean
  /** WebSocket: milliseconds between pings. Default: none are sent. */
  readonly pingInterval?: number
  /** The decoder of the messages (docs/protocols.md); `none` for none. Default: the one that is recognized. */
  readonly decoder?: string
  /** A JSONPath to the time at which a message was sent. Default: it is found. */
  readonly latencyField?: string
  /** The protocol to speak (docs/protocols.md): its handshake and heartbeats are sent. */
  readonly protocol?: string
  readonly protocolOptions?: Readonly<Record<string, unknown>>
}

export type Credentials =
  | { readonly kind: 'basic' | 'digest'; readonly user: string; readonly password: string }
  | { readonly kind: 'bearer'; readonly token: string }
  | {
      readonly kind: 'api-key'
      readonly in: 'header' | 'query' | 'subprotocol'
      readonly name: string
      readonly value: string
    }
  | {
      readonly kind: 'aws'
      readonly accessKeyId: string
      readonly secretAccessKey: string
      readonly sessionToken?: string
      readonly region?: string
      readonly service?: string
      readonly in: 'header' | 'query'
    }

export type ConnectionState = 'connecting' | 'open' | 'waiting' | 'closing' | 'closed' | 'failed'

export interface ConnectionStatus {
  readonly id: number
  /** With secrets masked. */
  readonly url: string
  readonly transport: Transport | 'auto'
  /** `waiting`: between two attempts. `closed`: ended by the user or as the peer intended. `failed`: needs the user. */
  readonly state: ConnectionState
  /** Session time of the last change of state in milliseconds. */
  readonly since: number
  /** Session time of the first successful open in milliseconds; undefined if it never opened. */
  readonly openedAt: number | undefined
  readonly messagesIn: number
  readonly messagesOut: number
  readonly bytesIn: number
  readonly bytesOut: number
  /** Inbound messages in the last second. */
  readonly rate: number
  readonly reconnects: number
  /** Why it failed, as one sentence. */
  readonly error: string | undefined
  /** Code of that failure, such as `ECONNREFUSED`. */
  readonly errorCode?: string | undefined
  /** Whether this transport can send messages. */
  readonly canSend: boolean
}

export type EventType =
  | 'connect'
  | 'open'
  | 'message'
  | 'ping'
  | 'pong'
  | 'comment'
  | 'request'
  | 'response'
  | 'close'
  | 'error'
  | 'reconnect'
  | 'gap'
  | 'mark'
  | 'pause'

/** One event as in a session file (docs/session-format.md), with secrets masked. */
export interface SessionEvent {
  /** Versions to come may have further types. */
  readonly type: EventType
  /** Counts from 1; absent on a `mark`. */
  readonly connection?: number
  /** Milliseconds since the session started. */
  readonly time: number
  readonly direction?: 'in' | 'out'
  /** Payload bytes. */
  readonly size?: number
  /** Bytes that the event took on the connection; absent if that is not known exactly. */
  readonly wireSize?: number
  /** The payload if it is valid UTF-8 text. */
  readonly text?: string
  /** The payload if it is not valid UTF-8 text. */
  readonly base64?: string
  /** The other fields of its type. */
  readonly [field: string]: unknown
}

export interface SaveResult {
  /** Number of events that were written. */
  readonly events: number
  /** Names of the secrets that were written as `***`. */
  readonly masked: readonly string[]
  /** Number of these events whose payload is missing because it is no longer kept. Default 0. */
  readonly withoutPayload?: number
}

export interface Finding {
  /** The rule that found it, such as `no-heartbeat`. */
  readonly rule: string
  readonly severity: 'error' | 'warning' | 'info'
  /** Undefined if it concerns the whole session. */
  readonly connection?: number
  /** Session times in milliseconds. */
  readonly from?: number
  readonly to?: number
  /** Numbers of the events that show it, counted from 1. */
  readonly events?: readonly number[]
  /** A few words without a period. */
  readonly title?: string
  /** One sentence or two: what was found, with its figures. */
  readonly message: string
  /** What to do about it. */
  readonly advice?: string
  /** The figures that it rests on. */
  readonly evidence: Readonly<Record<string, number | string>>
  /** A standard or a document. */
  readonly source?: { readonly title: string; readonly url: string }
}

export interface OpenRecording {
  readonly uri: Uri
  readonly status: SessionStatus | undefined
}

export interface SessionStatus {
  /** An ISO 8601 time. */
  readonly startedAt: string
  /** Number of events. */
  readonly events: number
  readonly connections: readonly ConnectionStatus[]
}
