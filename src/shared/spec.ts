/** What a user asks for: where to connect, by which transport, and how. */
import type { Headers } from './headers.ts'
import type { TransportName } from './transports.ts'

export { TRANSPORTS, type TransportName } from './transports.ts'

export const FRAMINGS = [
  'auto',
  'lines',
  'ndjson',
  'json-seq',
  'multipart',
  'sse',
  'length-prefixed',
  'raw',
] as const
export type Framing = (typeof FRAMINGS)[number]

/** `never`, exponential `backoff`, or a fixed delay in milliseconds. */
export type ReconnectPolicy = 'never' | 'backoff' | number

export interface TlsOptions {
  /** Accept any certificate of the origin that the URL names. */
  readonly insecure?: boolean
  /** PEM texts, not paths. */
  readonly ca?: readonly string[]
  /** For the origin that the URL names. */
  readonly cert?: string
  readonly key?: string
  /** Follow redirects from an encrypted connection to one that is not. */
  readonly plainRedirects?: boolean
}

export interface ConnectionSpec {
  readonly url: string
  /** Default `auto`. */
  readonly transport?: TransportName | 'auto'
  /** HTTP only. Default GET, or POST where there is a body. */
  readonly method?: string
  readonly headers?: Headers
  /** HTTP request body: text, or bytes in base64. */
  readonly body?: string | { readonly base64: string }
  readonly subprotocols?: readonly string[]
  /**
   * If absent: exponential backoff once the connection has been open; a connection that never opened fails at
   * once, and one to which coming back cannot help is left. If given, other than `never`: those are tried again, too.
   */
  readonly reconnect?: ReconnectPolicy
  /**
   * Attempts in a row before giving up; one that stayed open for a while starts the count over. Where
   * absent: 10, not counting attempts that brought something.
   */
  readonly maxAttempts?: number
  /**
   * Milliseconds from one request of `poll` to the next, and of `long-poll` after an answer that was not held. Default
   * 1000, and 100 for `long-poll`; see `longPollSchedule`.
   */
  readonly interval?: number
  /**
   * Milliseconds allowed for an attempt to open, and in which more of the body of a poll or a plain answer has to come.
   * Default 30000, but for a long-poll's answer, which may be held for ever.
   */
  readonly timeout?: number
  readonly framing?: Framing
  /** How a poll resumes: `auto` (ETag and Last-Modified), `header:NAME:PARAM`, `json:/pointer:PARAM`, or `none`. */
  readonly cursor?: string
  readonly tls?: TlsOptions
  /** Proxy URL; absent: what the environment or the editor says. */
  readonly proxy?: string
  /** Bytes. Default 64 MiB. */
  readonly maxMessageSize?: number
  /** Offer permessage-deflate. Default true. */
  readonly compression?: boolean
}

export const DEFAULT_MAX_MESSAGE_SIZE = 64 * 1024 * 1024
export const DEFAULT_TIMEOUT = 30_000
export const DEFAULT_INTERVAL = 1000
export const DEFAULT_MAX_ATTEMPTS = 10

/** A message to send over a connection. */
export interface OutboundMessage {
  readonly opcode: 'text' | 'binary'
  readonly payload: Uint8Array
}

/** What every connection needs to know of the machine it runs on; given as data, so a worker can have it. */
export interface NetworkSettings {
  /** Proxy URL used where a spec names none; absent: the environment's HTTP(S)_PROXY. */
  readonly proxy?: string
  /** Hosts that go direct, in NO_PROXY's form. */
  readonly noProxy?: string
  /** `Proxy-Authorization` value for the proxy. */
  readonly proxyAuthorization?: string
  /** Whether certificates are checked; VS Code's `http.proxyStrictSSL`. Default true. */
  readonly strictTls?: boolean
}
