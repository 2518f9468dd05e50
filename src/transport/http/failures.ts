/** What goes wrong on a network, as sentences a person can act on. The one table for every transport. */
import { STATUS_CODES } from 'node:http'
import type { EndedBy } from '../../shared/event.ts'
import { Failure } from '../../shared/failure.ts'
import { type Headers, readableField } from '../../shared/headers.ts'
import { maskUrl } from '../../shared/secrets.ts'

interface Row {
  /** What failed; `Connecting to URL failed: …`. */
  readonly doing?: 'Connecting to' | 'Reading from'
  /** Default: the error's own code. */
  readonly code?: string
  readonly what: (host: string, error: Error) => string
  readonly advice: string
}

const UNTRUSTED =
  'trust the authority that signed it (ca), or accept any certificate (insecure) where you know the server'

const NO_HTTP = 'check the port, and whether the URL should begin with http: or ws: instead'

const ROWS: Readonly<Record<string, Row>> = {
  ECONNREFUSED: {
    what: (host) => `${host} refused the connection`,
    advice: 'check that the server runs and that the port is right',
  },
  ENOTFOUND: {
    what: (host) => `there is no host ${host}`,
    advice: 'check its spelling, or your DNS and VPN',
  },
  EAI_AGAIN: {
    what: (host) => `the name ${host} could not be looked up just now`,
    advice: 'check the network connection and try again',
  },
  EHOSTUNREACH: {
    what: (host) => `no route leads to ${host}`,
    advice: 'check the network connection, VPN and firewall',
  },
  ENETUNREACH: {
    what: (host) => `the network of ${host} cannot be reached`,
    advice: 'check the network connection, VPN and firewall',
  },
  ETIMEDOUT: {
    what: (host) => `${host} did not answer`,
    advice: 'check the address, the firewall, and whether a proxy is needed',
  },
  EACCES: { what: (host) => `the system does not allow it for ${host}`, advice: 'check the firewall' },
  ECONNRESET: {
    doing: 'Reading from',
    what: (host) => `${host} reset the connection`,
    advice: "look into the server's log for why, or try again",
  },
  EPIPE: {
    doing: 'Reading from',
    code: 'ECONNRESET',
    what: (host) => `${host} closed the connection while the request was sent`,
    advice: "look into the server's log for why, or try again",
  },
  EPROTO: { code: 'TLS', what: (host) => `${host} and this side agree on no TLS`, advice: NO_HTTP },
  ERR_SSL_WRONG_VERSION_NUMBER: {
    code: 'TLS',
    what: (host) => `${host} did not answer with TLS`,
    advice: NO_HTTP,
  },
  ERR_SSL_PACKET_LENGTH_TOO_LONG: {
    code: 'TLS',
    what: (host) => `${host} did not answer with TLS`,
    advice: NO_HTTP,
  },
  DEPTH_ZERO_SELF_SIGNED_CERT: {
    what: (host) => `the certificate of ${host} is signed by itself`,
    advice: UNTRUSTED,
  },
  SELF_SIGNED_CERT_IN_CHAIN: {
    what: (host) => `the certificate of ${host} is signed by an authority that is not trusted here`,
    advice: UNTRUSTED,
  },
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: {
    what: (host) => `the certificate of ${host} is signed by an authority that is not known here`,
    advice: UNTRUSTED,
  },
  UNABLE_TO_GET_ISSUER_CERT: {
    what: (host) => `the certificate of ${host} comes without that of its authority`,
    advice: UNTRUSTED,
  },
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: {
    what: (host) => `the certificate of ${host} is signed by an authority that is not known here`,
    advice: UNTRUSTED,
  },
  CERT_HAS_EXPIRED: {
    what: (host) => `the certificate of ${host} has expired`,
    advice: 'renew it, check the clock of this machine, or accept any certificate (insecure)',
  },
  CERT_NOT_YET_VALID: {
    what: (host) => `the certificate of ${host} is not valid yet`,
    advice: 'check the clock of this machine',
  },
  CERT_REVOKED: {
    what: (host) => `the certificate of ${host} was revoked`,
    advice: 'do not trust this server',
  },
  CERT_UNTRUSTED: { what: (host) => `the certificate of ${host} is not trusted`, advice: UNTRUSTED },
  ERR_TLS_CERT_ALTNAME_INVALID: {
    what: (host) => `the certificate of ${host} is for another host`,
    advice: 'use a host name the certificate names, or accept any certificate (insecure)',
  },
  HTTP_OVERLONG: {
    doing: 'Reading from',
    code: 'TOO_LARGE',
    what: (host, error) => `${host} sent ${error.message}`,
    advice: 'check that the URL is the one you mean',
  },
  HTTP_CUT_LENGTH: {
    doing: 'Reading from',
    code: 'TRUNCATED',
    what: (host) => `${host} ended the body short of its Content-Length`,
    advice: 'what came before is kept; connect again for the rest',
  },
  HTTP_CUT_CHUNKS: {
    doing: 'Reading from',
    code: 'TRUNCATED',
    what: (host) => `${host} closed the connection before the end of the body`,
    advice: 'what came before is kept; connect again for the rest',
  },
  HTTP_NO_HEAD: {
    doing: 'Reading from',
    code: 'CLOSED',
    what: (host) => `${host} closed the connection without answering`,
    advice: "look into the server's log for why, or try again",
  },
  HTTP_CHUNK_SIZE: {
    doing: 'Reading from',
    code: 'BAD_RESPONSE',
    what: (host) => `${host} sent a chunk without a valid size`,
    advice: 'what came before is kept; mend the server or the proxy before it',
  },
  HTTP_NOT_SPOKEN: {
    doing: 'Reading from',
    code: 'BAD_RESPONSE',
    what: (host, error) => `${host} does not speak HTTP/1.1 (${error.message})`,
    advice: 'check the port, and whether the URL should begin with https:',
  },
  HTTP_FRAMING: {
    doing: 'Reading from',
    code: 'BAD_RESPONSE',
    what: (host, error) => `${host} sent a response that HTTP does not allow (${error.message})`,
    advice: 'check the port and that it is an HTTP server',
  },
  HTTP_INVALID: {
    doing: 'Reading from',
    code: 'BAD_RESPONSE',
    what: (host, error) => `${host} sent what HTTP/1.1 does not allow (${error.message})`,
    advice: 'mend the server or the proxy before it',
  },
  ERR_SSL_TLSV1_ALERT_NO_APPLICATION_PROTOCOL: {
    code: 'TLS',
    what: (host) => `${host} does not speak HTTP/1.1, the only one spoken here`,
    advice: 'have the server accept it beside HTTP/2, or connect to another that does',
  },
  ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED: {
    code: 'TLS',
    what: (host) => `${host} wants a client certificate`,
    advice: 'give one and its key (cert and key)',
  },
}

/** Rows for families of codes, by prefix. */
const FAMILIES: readonly (readonly [prefix: string, row: Row])[] = [
  [
    'ERR_SSL_',
    {
      code: 'TLS',
      what: (host, error) => `the TLS handshake with ${host} failed (${sslReason(error)})`,
      advice: 'check its TLS version, and whether it wants a client certificate (cert and key)',
    },
  ],
]

/** The system asked it and got no answer. */
const SILENT_BODY: Row = {
  doing: 'Reading from',
  what: (host) => `${host} is no longer there: it does not answer`,
  advice: 'check the network connection and the server, and try again',
}

const UNKNOWN: Row = {
  doing: 'Connecting to',
  what: (_host, error) => error.message || 'the network gave no reason',
  advice: 'check the address and the network, and try again',
}

/** OpenSSL's reason out of its message, which also has file and line in it. */
function sslReason(error: Error): string {
  const reason = 'reason' in error && typeof error.reason === 'string' ? error.reason : undefined
  return reason ?? error.message.split(':').find((part) => part.includes(' ')) ?? error.message
}

/** The error that says most: of several attempts (RFC 8305) the first, of a wrapped one its cause. */
function rootError(error: unknown): Error & { code?: unknown } {
  if (error instanceof AggregateError && error.errors.length > 0) return rootError(error.errors[0])
  if (!(error instanceof Error)) return new Error(String(error))
  if (!('code' in error) && error.cause !== undefined) return rootError(error.cause)
  return error
}

function rowFor(code: string, during: 'head' | 'body'): Row {
  if (code === 'ETIMEDOUT' && during === 'body') return SILENT_BODY
  return ROWS[code] ?? FAMILIES.find(([prefix]) => code.startsWith(prefix))?.[1] ?? UNKNOWN
}

/** `host:port` of a URL, the port its scheme implies included. */
export function hostAndPort(url: string): string {
  if (!URL.canParse(url)) return 'the host'
  const { hostname, port, protocol } = new URL(url)
  return `${hostname}:${port || (protocol === 'https:' || protocol === 'wss:' ? '443' : '80')}`
}

/**
 * What Node, TLS or the reader of responses threw about the exchange with a URL, as a `Failure`: one sentence with
 * host, port and the URL (secrets masked). A `Failure` comes back as it is. `during` tells whether the
 * response's head or its body was under way; `advice` stands in for the table's.
 */
export function networkFailure(
  error: unknown,
  url: string,
  during: 'head' | 'body' = 'head',
  advice?: string,
): Failure {
  if (error instanceof Failure) return error
  const root = rootError(error)
  if (root instanceof Failure) return root
  const code = typeof root.code === 'string' ? root.code : 'NETWORK'
  const row = rowFor(code, during)
  const { doing = 'Connecting to' } = row
  return new Failure(
    row.code ?? code,
    `${doing} ${maskUrl(url)} failed: ${row.what(hostAndPort(url), root)}; ${advice ?? row.advice}.`,
  )
}

/** Failures of an answer for which this side hangs up. */
const HUNG_UP: ReadonlySet<string> = new Set([
  'TOO_LARGE',
  'TIMEOUT',
  'BAD_ENCODING',
  'BAD_RESPONSE',
  'BAD_CURSOR',
  'INTERNAL',
])

/** Whether TLS did not accept the peer's certificate. */
export function isCertificateError(error: unknown): boolean {
  const { code } = rootError(error)
  return /^(?:CERT_|DEPTH_ZERO_|SELF_SIGNED_|UNABLE_TO_|ERR_TLS_CERT_)/.test(String(code))
}

/** Who ended a connection that had been open before that failure. */
export function endedBy({ code, status }: Failure): EndedBy {
  if (status !== undefined) return 'server'
  return HUNG_UP.has(code) ? 'client' : 'network'
}

/** Failures that another attempt would meet again: of settings, of certificates, of who may pass. */
const PERMANENT =
  /^(?:BAD_(?!RESPONSE)|CERT_|DEPTH_ZERO_|SELF_SIGNED_|UNABLE_TO_|ERR_TLS_|PROXY_AUTH$|TOO_LARGE$|TOO_MANY_REDIRECTS$|TLS$|INTERNAL$)/

/** Whether another attempt would fail the same way. */
export function isPermanent({ code, status }: Failure): boolean {
  if (code === 'HTTP_STATUS' && status !== undefined) return !isTransientStatus(status)
  return PERMANENT.test(code)
}

/** Statuses that ask to try again: 408, 425, 429, and the server's own failures (RFC 9110 section 15, RFC 6585). */
export function isTransientStatus(status: number): boolean {
  return status >= 500 || status === 408 || status === 425 || status === 429
}

const STATUS_ADVICE: Readonly<Record<number, string>> = {
  400: 'check the URL, the header fields and the body',
  401: 'give credentials, for example an Authorization header',
  403: 'check the credentials and what the account may do',
  404: 'check the path of the URL',
  405: 'try another method',
  406: 'check the Accept header',
  407: "give the proxy's user and password in its URL",
  410: 'what it resumed from is gone; start over without a cursor',
  413: 'send a smaller body',
  415: 'check the Content-Type header',
  426: 'where it is a WebSocket, connect by ws:// or wss://',
  429: 'slow down and try later',
}

/** What to try after a response of that status. */
export function statusAdvice(status: number): string {
  return (
    STATUS_ADVICE[status] ??
    (status >= 500 ? "look into the server's log, or try later" : 'check that the URL is the one you mean')
  )
}

/**
 * The failure for a response status that a transport cannot go on with; `words` is what the body says of it,
 * `advice` what to try where the transport knows better.
 */
export function statusFailure(
  status: number,
  url: string,
  words = '',
  advice = statusAdvice(status),
): Failure {
  const phrase = STATUS_CODES[status]
  return new Failure(
    'HTTP_STATUS',
    `${maskUrl(url)} answered ${status}${phrase === undefined ? '' : ` ${phrase}`}${quoted(words)}; ${advice}.`,
    status,
  )
}

/** What a body says, as part of a sentence; nothing if it says nothing. */
export function quoted(words: string): string {
  return words === '' ? '' : ` ("${words}")`
}

/** Values with which a trailer says that there was no error. */
const NO_ERROR: ReadonlySet<string> = new Set(['', '0', 'none', 'false', 'null', 'ok'])
const MAX_TRAILER = 200

/**
 * The failure for trailers that name an error (RFC 9110 section 6.5), such as `X-Stream-Error`, or a `grpc-status` other
 * than 0; undefined if none does.
 */
export function trailerFailure(url: string, trailers: Headers): Failure | undefined {
  const named = Object.entries(trailers).filter(([name, value]) => {
    const isNamed = name === 'grpc-status' || name.split(/[-_]/).includes('error')
    return isNamed && !NO_ERROR.has([value].flat().join().trim().toLowerCase())
  })
  if (named.length === 0) return undefined
  const message = trailers['grpc-message']
  const fields = message === undefined ? named : [...named, ['grpc-message', message] as const]
  const words = fields
    .map(([name, value]) => `${name}: ${readableField([value].flat().join(', '))}`)
    .join(', ')
  return new Failure(
    'STREAM_ERROR',
    `The server ended the body of ${maskUrl(url)} with an error (${words.slice(0, MAX_TRAILER)}); what came before is kept, look into the server's log for why.`,
  )
}
