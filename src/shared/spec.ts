/** The specification of a connection: where to connect, by which transport, and how. */
import type { Credentials, OAuthCredentials } from './credentials.ts'
import type { Headers } from './headers.ts'
import type { HostCertificates } from './host-certificates.ts'
import type { TransportName } from './transports.ts'

export const FRAMINGS = [
  'auto',
  'lines',
  'ndjson',
  'json-seq',
  'multipart',
  'sse',
  'length-prefixed',
  'grpc',
  'raw',
] as const
export type Framing = (typeof FRAMINGS)[number]

/** A version of HTTP. `auto`: over TLS, that which the server chooses (RFC 7301); otherwise HTTP/1.1. */
export const HTTP_VERSIONS = ['1.1', '2', 'auto'] as const
export type HttpVersion = (typeof HTTP_VERSIONS)[number]

/** `never`, exponential `backoff`, or a fixed delay in milliseconds. */
export type ReconnectPolicy = 'never' | 'backoff' | number

export interface TlsOptions {
  /** Accept any certificate of the origin that the URL names. */
  readonly insecure?: boolean
  /** PEM texts, not file names. */
  readonly ca?: readonly string[]
  /** For the origin that the URL names. */
  readonly cert?: string
  readonly key?: string
  /** Of an encrypted key. */
  readonly passphrase?: string
  /** Follow redirects from an encrypted connection to one that is not. */
  readonly plainRedirects?: boolean
}

export interface ConnectionSpec {
  readonly url: string
  /** Default `auto`. */
  readonly transport?: TransportName | 'auto'
  /** Default `1.1`. Without TLS, `2` assumes that the server speaks HTTP/2 (RFC 9113 section 3.3). */
  readonly http?: HttpVersion
  /** HTTP only. Default GET, or POST if there is a body. */
  readonly method?: string
  readonly headers?: Headers
  /** Body of an HTTP request: text, or bytes in base64. */
  readonly body?: string | { readonly base64: string }
  readonly subprotocols?: readonly string[]
  /** What the requests are sent with, to the origin that the URL names only. */
  readonly credentials?: Credentials
  /**
   * Access tokens by the texts that they replace in the URL, the headers and the options of the protocol: fetched before
   * each attempt, and renewed while it lasts. Not remembered, and in no event.
   */
  readonly tokens?: Readonly<Record<string, OAuthCredentials>>
  /**
   * If absent: exponential backoff after the connection has been open. A connection that never opened, or that cannot
   * succeed by reconnecting, fails at once. If set to anything but `never`, these are tried again too.
   */
  readonly reconnect?: ReconnectPolicy
  /**
   * Consecutive attempts before giving up; an attempt that stays open for a while restarts the count. If absent: 10,
   * without attempts that received something.
   */
  readonly maxAttempts?: number
  /**
   * Milliseconds between requests of `poll`, and of `long-poll` after a response that was not held. Default 1000, for
   * `long-poll` 100; see `longPollSchedule`.
   */
  readonly interval?: number
  /**
   * Milliseconds in which an attempt must open, and in which more of the body of a poll or a plain response must
   * arrive. Default 30000; none for the response of a long-poll, which may be held for any time.
   */
  readonly timeout?: number
  readonly framing?: Framing
  /**
   * How a poll resumes: `auto` (ETag and Last-Modified), `header:NAME:PARAM`, `json:/pointer:PARAM`, `json:$.path:PARAM`, or
   * `none`. How an HTTP stream resumes: by `json`, from its last record.
   */
  readonly cursor?: string
  readonly tls?: TlsOptions
  /** Send the cookies that earlier responses of the session set, and store those of new ones. Default false. */
  readonly cookieJar?: boolean
  /**
   * Send the header fields that Chromium sends for such a request, among them an `Accept-Encoding`. Fields in `headers`
   * win. Default false.
   */
  readonly asBrowser?: boolean
  /** Proxy URL: `http:`, `https:`, `socks5:`, or `socks5h:` if the proxy looks up names. Default: that of the environment or the editor. */
  readonly proxy?: string
  /** The Unix socket, or the named pipe of Windows, at which the origin of the URL is reached: an absolute path. */
  readonly socketPath?: string
  /** Bytes. Default 64 MiB. */
  readonly maxMessageSize?: number
  /** `auto`: a complete response that is not a stream ends the connection normally. By default it is a failure. */
  readonly plainResponse?: boolean
  /** Offer permessage-deflate. Default true. */
  readonly compression?: boolean
  /** WebSocket: milliseconds between pings, which measure the round trip. Default: none are sent. */
  readonly pingInterval?: number
  /** The decoder of the messages, instead of the one that is recognized; `none` for none. */
  readonly decoder?: string
  /**
   * Where messages carry the time at which they were sent: a JSONPath that leads to one value, such as `$.sentAt`. By
   * default, it is found.
   */
  readonly latencyField?: string
  /** The protocol to speak: its handshake and heartbeats are sent. Its decoder is then the default. */
  readonly protocol?: string
  /** Options of the protocol, such as credentials. Each protocol has its own. */
  readonly protocolOptions?: Readonly<Record<string, unknown>>
}

export const DEFAULT_MAX_MESSAGE_SIZE = 64 * 1024 * 1024
export const DEFAULT_TIMEOUT = 30_000
export const DEFAULT_INTERVAL = 1000
export const DEFAULT_MAX_ATTEMPTS = 10

/** Why a message is sent that the user does not send. */
export const AUTOMATIC = ['protocol', 'rule', 'keep-alive'] as const
export type Automatic = (typeof AUTOMATIC)[number]

/** A message to send over a connection. */
export interface OutboundMessage {
  readonly opcode: 'text' | 'binary'
  readonly payload: Uint8Array
  /** Absent for a message of the user. */
  readonly automatic?: Automatic
}

/** Network settings of this machine for every connection. Plain data, so that it can be passed to a worker. */
export interface NetworkSettings {
  /** Proxy URL if a spec does not set one. Default: HTTP(S)_PROXY of the environment. */
  readonly proxy?: string
  /** Hosts that are connected to without a proxy, in the format of NO_PROXY. */
  readonly noProxy?: string
  /** Value of `Proxy-Authorization`. */
  readonly proxyAuthorization?: string
  /** Whether certificates are verified; VS Code's `http.proxyStrictSSL`. Default true. */
  readonly strictTls?: boolean
  /** Certificates by host, also for the targets of redirects. Those of a specification win. */
  readonly certificates?: readonly HostCertificates[]
}
