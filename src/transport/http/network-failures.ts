/** Errors of the network, TLS and the HTTP reader, as sentences with advice. All transports use this table. */
import { Failure, isCertificateCode } from '../../shared/failure.ts'
import { maskUrl } from '../../shared/secrets.ts'
import { hostAndPort } from './host-port.ts'

interface ErrorText {
  /** The beginning of the sentence: `Connecting to URL failed: …`. Default `Connecting to`. */
  readonly doing?: 'Connecting to' | 'Reading from'
  /** The failure's code. Default: the error's own. */
  readonly code?: string
  readonly what: (host: string, error: Error) => string
  readonly advice: string
}

const NO_CHECK = 'turn the certificate check off (Configure… › Certificate; in the terminal: --insecure)'

const UNTRUSTED = `have this machine trust the authority that signed it (in the terminal: --ca), or ${NO_CHECK}`

const NO_HTTP = 'check the port, and whether the URL should begin with http: or ws: instead'

const CHECK_NETWORK = 'check the network connection, VPN and firewall'

/** What rows of the table share: the server or the connection to it is gone, the body is incomplete, or it is invalid. */
const GONE = { doing: 'Reading from', advice: "check the server's log for why, or try again" } as const
const CUT = {
  doing: 'Reading from',
  code: 'TRUNCATED',
  advice: 'what came before is kept; connect again for the rest',
} as const
const INVALID = { doing: 'Reading from', code: 'BAD_RESPONSE' } as const

function certificate(problem: string, advice: string): ErrorText {
  return { what: (host) => `the certificate of ${host} ${problem}`, advice }
}

const ERRORS: Readonly<Record<string, ErrorText>> = {
  ECONNREFUSED: {
    what: (host) => `${host} refused the connection`,
    advice: 'check that the server runs and that the port is right',
  },
  ENOTFOUND: {
    what: (host) => `there is no host ${host}`,
    advice: 'check its spelling, or your DNS and VPN',
  },
  EAI_AGAIN: {
    what: (host) => `the name ${host} could not be looked up`,
    advice: 'check the network connection and try again',
  },
  EHOSTUNREACH: {
    what: (host) => `no route leads to ${host}`,
    advice: CHECK_NETWORK,
  },
  ENETUNREACH: {
    what: (host) => `the network of ${host} cannot be reached`,
    advice: CHECK_NETWORK,
  },
  ETIMEDOUT: {
    what: (host) => `${host} did not answer`,
    advice: 'check the address, the firewall, and whether a proxy is needed',
  },
  EACCES: {
    what: (host) => `the system does not allow a connection to ${host}`,
    advice: 'check the firewall',
  },
  ECONNRESET: {
    ...GONE,
    what: (host) => `${host} reset the connection`,
  },
  EPIPE: {
    ...GONE,
    code: 'ECONNRESET',
    what: (host) => `${host} closed the connection while the request was being sent`,
  },
  EPROTO: { code: 'TLS', what: (host) => `${host} and this program could not agree on TLS`, advice: NO_HTTP },
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
  DEPTH_ZERO_SELF_SIGNED_CERT: certificate(
    'is self-signed',
    `trust the certificate on this machine (in the terminal: --ca), or ${NO_CHECK}`,
  ),
  SELF_SIGNED_CERT_IN_CHAIN: certificate('is signed by an authority that is not trusted here', UNTRUSTED),
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: certificate('is signed by an authority that is not known here', UNTRUSTED),
  UNABLE_TO_GET_ISSUER_CERT: certificate(
    'comes without the certificate of the authority that signed it',
    UNTRUSTED,
  ),
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: certificate(
    'is signed by an authority that is not known here',
    UNTRUSTED,
  ),
  CERT_HAS_EXPIRED: certificate(
    'has expired',
    `have it renewed, check the clock of this machine, or ${NO_CHECK}`,
  ),
  CERT_NOT_YET_VALID: certificate('is not valid yet', 'check the clock of this machine'),
  CERT_REVOKED: certificate('was revoked', 'do not trust this server'),
  CERT_UNTRUSTED: certificate('is not trusted', UNTRUSTED),
  ERR_TLS_CERT_ALTNAME_INVALID: certificate(
    'is for another host',
    `use a host name that the certificate names, or ${NO_CHECK}`,
  ),
  HTTP_OVERLONG: {
    doing: 'Reading from',
    code: 'TOO_LARGE',
    what: (host, error) => `${host} sent ${error.message}`,
    advice: 'check that the URL is the one you mean',
  },
  HTTP_CUT_LENGTH: {
    ...CUT,
    what: (host) => `${host} ended the body before its Content-Length`,
  },
  HTTP_CUT_CHUNKS: {
    ...CUT,
    what: (host) => `${host} closed the connection before the end of the body`,
  },
  HTTP_NO_HEAD: {
    ...GONE,
    code: 'CLOSED',
    what: (host) => `${host} closed the connection without answering`,
  },
  HTTP_CHUNK_SIZE: {
    ...INVALID,
    what: (host) => `${host} sent a chunk without a valid size`,
    advice: 'what came before is kept; fix the server or the proxy in front of it',
  },
  HTTP_NOT_SPOKEN: {
    ...INVALID,
    what: (host, error) => `${host} does not speak HTTP/1.1 (${error.message})`,
    advice: 'check the port, and whether the URL should begin with https:',
  },
  HTTP_FRAMING: {
    ...INVALID,
    what: (host, error) => `${host} sent a response that HTTP does not allow (${error.message})`,
    advice: 'check the port and that it is an HTTP server',
  },
  HTTP_INVALID: {
    ...INVALID,
    what: (host, error) => `${host} sent what HTTP/1.1 does not allow (${error.message})`,
    advice: 'fix the server or the proxy in front of it',
  },
  ERR_SSL_TLSV1_ALERT_NO_APPLICATION_PROTOCOL: {
    code: 'TLS',
    what: (host) => `${host} does not support HTTP/1.1`,
    advice: 'use HTTP/2 (in the terminal: --http 2), or enable HTTP/1.1 on the server',
  },
  ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED: {
    code: 'TLS',
    what: (host) => `${host} requires a client certificate`,
    advice: 'give one and its key (in the terminal: --cert and --key)',
  },
}

/** Texts for families of codes, by prefix. */
const FAMILIES: readonly (readonly [prefix: string, text: ErrorText])[] = [
  [
    'ERR_SSL_',
    {
      code: 'TLS',
      what: (host, error) => `the TLS handshake with ${host} failed (${sslReason(error)})`,
      advice:
        'check its TLS version, and whether it requires a client certificate (in the terminal: --cert and --key)',
    },
  ],
]

/** `ETIMEDOUT` on an open connection: the system's keep-alive probes got no answer. */
const PEER_GONE: ErrorText = {
  doing: 'Reading from',
  what: (host) => `${host} is no longer there: it does not respond`,
  advice: 'check the network connection and the server, and try again',
}

const UNKNOWN: ErrorText = {
  what: (_host, error) => error.message || 'the network gave no reason',
  advice: 'check the address and the network, and try again',
}

/** OpenSSL's reason, out of a message that also contains a file and a line. */
function sslReason(error: Error): string {
  const reason = 'reason' in error && typeof error.reason === 'string' ? error.reason : undefined
  return reason ?? error.message.split(':').find((part) => part.includes(' ')) ?? error.message
}

/** The most telling error: the first one of several attempts (RFC 8305), or the cause of one that wraps another. */
function rootError(error: unknown): Error & { code?: unknown } {
  if (error instanceof AggregateError && error.errors.length > 0) return rootError(error.errors[0])
  if (!(error instanceof Error)) return new Error(String(error))
  if (!('code' in error) && error.cause !== undefined) return rootError(error.cause)
  return error
}

function textFor(code: string, during: 'head' | 'body'): ErrorText {
  if (code === 'ETIMEDOUT' && during === 'body') return PEER_GONE
  return ERRORS[code] ?? FAMILIES.find(([prefix]) => code.startsWith(prefix))?.[1] ?? UNKNOWN
}

/**
 * Converts an error of Node, TLS or the HTTP reader to a `Failure`: one sentence with the URL (secrets masked), host
 * and port. Returns a `Failure` as it is. `during` is the part of the response that was expected. `advice` replaces the
 * table's.
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
  const text = textFor(code, during)
  const { doing = 'Connecting to' } = text
  return new Failure(
    text.code ?? code,
    `${doing} ${maskUrl(url)} failed: ${text.what(hostAndPort(url), root)}; ${advice ?? text.advice}.`,
  )
}

/** Whether TLS rejected the peer's certificate. */
export function isCertificateError(error: unknown): boolean {
  const { code } = rootError(error)
  return isCertificateCode(String(code))
}
