/** Failures of HTTP requests and responses, as sentences. Those of the network are in `network-failures.ts`. */
import { STATUS_CODES } from 'node:http'
import { Failure, sentenceOf } from '../../shared/failure.ts'
import { type Headers, readableField } from '../../shared/headers.ts'
import { maskUrl } from '../../shared/secrets.ts'
import { cutText } from '../../shared/text/shortened.ts'
import { proxyOrigin } from './host-port.ts'
import { networkFailure } from './network-failures.ts'

/** Longest part of a URL that a sentence quotes. */
const MAX_URL = 200

// The request.

export function badRequest(url: string, why: string, advice: string): Failure {
  return new Failure('BAD_REQUEST', `The request to ${maskUrl(url)} cannot be sent: ${why}; ${advice}.`)
}

export function badAuthorities(): Failure {
  return new Failure(
    'BAD_CERTIFICATE',
    'A file of trusted authorities (ca) contains no certificate; give a PEM file, which has a line -----BEGIN CERTIFICATE-----.',
  )
}

export function badCertificate(error: unknown): Failure {
  return new Failure(
    'BAD_CERTIFICATE',
    `The certificates or the key cannot be used (${sentenceOf(error)}); give PEM files, and the key that belongs to the certificate.`,
  )
}

export function encryptedKey(): Failure {
  return new Failure(
    'BAD_CERTIFICATE',
    'The key of the client certificate is encrypted, and its passphrase is not known; give it (in the terminal: REALTIME_KEY_PASSPHRASE), or name the key in the setting realtimeInspector.certificates, which asks for it.',
  )
}

export function badHostCertificates(host: string, problem: string): Failure {
  return new Failure('BAD_CERTIFICATE', `The certificates for ${host} cannot be used. ${problem}`)
}

/** A connection did not open, or a response head did not arrive, in time. */
export function timedOut(url: string, milliseconds: number, what: 'connection' | 'answer'): Failure {
  return new Failure(
    'TIMEOUT',
    `${what === 'connection' ? `Could not connect to ${maskUrl(url)}` : `${maskUrl(url)} did not answer`} within ${milliseconds} ms; check the address and the server, or allow more time.`,
  )
}

/** The user ended the connection. */
export function disconnectedHere(url: string): Failure {
  return new Failure(
    'DISCONNECTED',
    `${maskUrl(url)} was disconnected by this program; connect again to continue.`,
  )
}

/** This program closed a connection that it keeps for further requests. */
export function connectionClosedHere(): Failure {
  return new Failure('DISCONNECTED', 'The connection was closed by this program; connect again to continue.')
}

/** A transport does not need the rest of a response. */
export function aborted(url: string): Failure {
  return new Failure('ABORTED', `Reading from ${maskUrl(url)} was stopped; connect again to continue.`)
}

// Proxies.

export function badProxy(proxy: string): Failure {
  return new Failure(
    'BAD_PROXY',
    `The proxy "${maskUrl(proxy)}" cannot be used; give a URL such as http://proxy.example:3128, https://proxy.example, socks5://proxy.example:1080 or socks5h://proxy.example:1080.`,
  )
}

export function proxyOfSocket(): Failure {
  return new Failure(
    'BAD_PROXY',
    'A connection to a Unix socket or a named pipe goes through no proxy; leave out the proxy, or the socket.',
  )
}

/** A proxy answered with an error status; `authorization` is the `Proxy-Authorization` that it was sent. */
export function proxyRefused(
  status: number,
  proxy: string,
  target: string,
  authorization: string | undefined,
): Failure {
  if (status === 407)
    return new Failure(
      'PROXY_AUTH',
      authorization === undefined
        ? `The proxy ${proxy} requires a user name and a password; put them into its URL, before the host and an @ sign.`
        : `The proxy ${proxy} does not accept the user name and password that it was given; check those in its URL, or in the editor's settings.`,
      status,
    )
  return new Failure(
    'PROXY',
    `The proxy ${proxy} answered ${status} and did not connect to ${target}; check that the proxy allows connections to ${target}, or bypass the proxy for ${target} (NO_PROXY).`,
    status,
  )
}

/** A proxy cannot be reached, or ended the connection; `target` is the host it was asked for. */
export function proxyUnusable(error: unknown, proxy: URL, target: string): Failure {
  if (error instanceof Failure) return error
  const { code, message } = networkFailure(error, proxyOrigin(proxy))
  return new Failure(code, `${target} cannot be reached through its proxy. ${message}`)
}

// Redirects.

export function redirectNotUrl(from: URL, location: string): Failure {
  return new Failure(
    'BAD_REDIRECT',
    `${maskUrl(from.href)} redirects to "${maskUrl(location.slice(0, MAX_URL))}", which is not a URL; fix the server's Location.`,
  )
}

export function redirectToOtherScheme(from: URL, to: URL): Failure {
  return new Failure(
    'BAD_REDIRECT',
    `${maskUrl(from.href)} redirects to ${to.protocol}, which this transport does not support; connect to ${maskUrl(to.href.slice(0, MAX_URL))} directly, with a transport that supports it.`,
  )
}

export function redirectToPlain(from: URL, to: URL): Failure {
  return new Failure(
    'BAD_REDIRECT',
    `${maskUrl(from.href)} redirects to ${maskUrl(to.href.slice(0, MAX_URL))}, which is not encrypted; connect to it directly (in the terminal, --plain-redirects follows it).`,
  )
}

export function tooManyRedirects(url: URL, limit: number): Failure {
  return new Failure(
    'TOO_MANY_REDIRECTS',
    `${maskUrl(url.href)} redirects more than ${limit} times; check it for a loop.`,
  )
}

// Statuses.

const STATUS_ADVICE: Readonly<Record<number, string>> = {
  400: 'check the URL, the header fields and the body',
  401: 'give credentials, for example an Authorization header',
  403: 'check the credentials and what the account may do',
  404: 'check the path of the URL',
  405: 'try another method',
  406: 'check the Accept header',
  407: "give the proxy's user and password in its URL",
  410: 'the resource is gone; check the URL, or start again without a cursor if it was resuming',
  413: 'send a smaller body',
  415: 'check the Content-Type header',
  426: 'if it is a WebSocket, connect by ws:// or wss://',
  429: 'slow down and try later',
}

/** What to try after a response with that status. */
export function statusAdvice(status: number): string {
  return (
    STATUS_ADVICE[status] ??
    (status >= 500 ? "check the server's log, or try later" : 'check that the URL is the one you mean')
  )
}

/** What the body of a response says. */
export interface SaidInBody {
  /** Its beginning, in one line. */
  readonly excerpt: string
  /** The reason that it gives for an error. */
  readonly reason?: string
  /** What to try, if that follows from the reason. */
  readonly advice?: string
}

/** A response status that ends the attempt. */
export function statusFailure(
  status: number,
  url: string,
  { excerpt, reason, advice: ofReason }: SaidInBody,
  advice = statusAdvice(status),
): Failure {
  const phrase = STATUS_CODES[status]
  return new Failure(
    'HTTP_STATUS',
    `${maskUrl(url)} answered ${status}${phrase === undefined ? '' : ` ${phrase}`}${reason === undefined ? quoted(excerpt) : `: ${reason}`}; ${ofReason ?? advice}.`,
    status,
  )
}

/** An excerpt of a body as part of a sentence; empty if there is none. */
export function quoted(excerpt: string): string {
  return excerpt === '' ? '' : ` ("${excerpt}")`
}

// The body.

/** No more of a body arrived in time. */
export function stalled(url: string, limit: number): Failure {
  return new Failure(
    'TIMEOUT',
    `Nothing more of the answer from ${maskUrl(url)} came within ${limit} ms; what came before is kept. Check the server, or allow more time.`,
  )
}

export function unknownCoding(coding: string): Failure {
  return new Failure(
    'BAD_ENCODING',
    `The body has the encoding "${coding}", which cannot be decoded here; request it without an encoding (Accept-Encoding: identity).`,
  )
}

export function tooManyCodings(count: number): Failure {
  return new Failure(
    'BAD_ENCODING',
    `The body has ${count} content encodings; fix the server, or request it without an encoding (Accept-Encoding: identity).`,
  )
}

/** The bytes are not of the coding that the head names. */
export function notCoded(coding: string): Failure {
  return new Failure(
    'BAD_ENCODING',
    `The body is not ${coding}, although its Content-Encoding says so; request it without an encoding (Accept-Encoding: identity).`,
  )
}

export function badChecksum(coding: string): Failure {
  return new Failure(
    'BAD_ENCODING',
    `The checksum of the body's ${coding} coding is wrong, so bytes of it were changed or lost; what came is kept. Connect again, and fix the server if the error persists.`,
  )
}

export function endedInsideCoding(coding: string): Failure {
  return new Failure(
    'TRUNCATED',
    `The body ended inside its ${coding} coding; what came before is kept. Connect again for the rest.`,
  )
}

export function decompressionBomb(limit: number): Failure {
  return new Failure(
    'TOO_LARGE',
    `The body expands to more than ${limit} bytes from very few, as a decompression bomb does, so reading it was stopped; raise the maximum message size if this is intended.`,
  )
}

/** Values of a trailer that mean that there was no error. */
const NO_ERROR: ReadonlySet<string> = new Set(['', '0', 'none', 'false', 'null', 'ok'])
const MAX_TRAILER = 200

/**
 * The failure if trailers name an error (RFC 9110 section 6.5), such as `X-Stream-Error` or a `grpc-status` other than
 * 0; undefined if none does.
 */
export function trailerFailure(url: string, trailers: Headers): Failure | undefined {
  const named = Object.entries(trailers).filter(([name, value]) => {
    const isNamed = name === 'grpc-status' || name.split(/[-_]/).includes('error')
    return isNamed && !NO_ERROR.has([value].flat().join().trim().toLowerCase())
  })
  if (named.length === 0) return undefined
  const message = trailers['grpc-message']
  const fields = message === undefined ? named : [...named, ['grpc-message', message] as const]
  const text = fields
    .map(([name, value]) => `${name}: ${readableField([value].flat().join(', '))}`)
    .join(', ')
  return streamError(url, text)
}

/** A server ended a stream with an error that it names. */
export function streamError(url: string, text: string): Failure {
  return new Failure(
    'STREAM_ERROR',
    `The server ended the body of ${maskUrl(url)} with an error (${cutText(text, MAX_TRAILER)}); what came before is kept. Check the server's log for why.`,
  )
}
