/** Failures of HTTP/2, as sentences. */
import { Failure } from '../../shared/failure.ts'
import { maskUrl } from '../../shared/secrets.ts'
import { hostAndPort } from '../http/host-port.ts'

/** RFC 9113 section 7, by code. */
const ERROR_NAMES = [
  'NO_ERROR',
  'PROTOCOL_ERROR',
  'INTERNAL_ERROR',
  'FLOW_CONTROL_ERROR',
  'SETTINGS_TIMEOUT',
  'STREAM_CLOSED',
  'FRAME_SIZE_ERROR',
  'REFUSED_STREAM',
  'CANCEL',
  'COMPRESSION_ERROR',
  'CONNECT_ERROR',
  'ENHANCE_YOUR_CALM',
  'INADEQUATE_SECURITY',
  'HTTP_1_1_REQUIRED',
] as const

/** Why the peer ends the connection: its GOAWAY frame. */
export interface GoAway {
  readonly code: number
  /** The last stream that it processed, or might. */
  readonly lastStream: number
  /** What it says besides, one Latin-1 character per byte. */
  readonly text: string
}

/** The code of an error by its name in RFC 9113. */
export function errorCode(name: (typeof ERROR_NAMES)[number]): number {
  return ERROR_NAMES.indexOf(name)
}

function errorName(code: number): string {
  return ERROR_NAMES[code] ?? `error ${code}`
}

const USE_HTTP_1 = 'use HTTP/1.1 (in the terminal: --http 1.1)'

/** What to try after an error of the peer. */
function adviceFor(code: number): string {
  switch (ERROR_NAMES[code]) {
    case 'REFUSED_STREAM':
    case 'ENHANCE_YOUR_CALM':
      return 'open fewer connections to it at a time, or try later'
    case 'HTTP_1_1_REQUIRED':
      return USE_HTTP_1
    case 'INADEQUATE_SECURITY':
      return `check the TLS settings of the server, or ${USE_HTTP_1}`
    default:
      return `check the server's log for why, or ${USE_HTTP_1}`
  }
}

function reading(url: string, during: 'head' | 'body', what: string, advice: string): string {
  const kept = during === 'body' ? 'what came before is kept; ' : ''
  return `Reading from ${maskUrl(url)} failed: ${hostAndPort(url)} ${what}; ${kept}${advice}.`
}

/** The server did not choose HTTP/2 in the TLS handshake. */
export function notChosen(url: string): Failure {
  return new Failure(
    'NO_HTTP2',
    `Connecting to ${maskUrl(url)} failed: ${hostAndPort(url)} does not offer HTTP/2; ${USE_HTTP_1}, or let the server choose (--http auto).`,
  )
}

/** The settings of the server do not allow an extended CONNECT, which opens WebSockets (RFC 8441 section 3). */
export function noWebSockets(url: string): Failure {
  return new Failure(
    'NO_HTTP2',
    `Connecting to ${maskUrl(url)} failed: ${hostAndPort(url)} has no WebSockets over HTTP/2 (RFC 8441), as its settings say; ${USE_HTTP_1}, or let the server choose (--http auto).`,
  )
}

/** The bytes of the server are not frames of HTTP/2, or it closed the connection before it sent any. */
export function notSpoken(url: string): Failure {
  return new Failure(
    'NO_HTTP2',
    `Reading from ${maskUrl(url)} failed: ${hostAndPort(url)} does not speak HTTP/2; check the port, or ${USE_HTTP_1}.`,
  )
}

/** The peer ended the stream by RST_STREAM. */
export function streamReset(url: string, code: number, during: 'head' | 'body'): Failure {
  return new Failure(
    'STREAM_RESET',
    reading(url, during, `ended the stream by RST_STREAM (${errorName(code)})`, adviceFor(code)),
  )
}

/** The peer ended the connection by GOAWAY. */
export function goneAway(url: string, { code, text }: GoAway, during: 'head' | 'body'): Failure {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are removed
  const said = text.replaceAll(/[\0-\x1f\x7f-\xff]+/g, ' ').trim()
  const quoted = said === '' ? '' : `, "${said}"`
  return new Failure(
    'GOAWAY',
    reading(url, during, `ended the connection by GOAWAY (${errorName(code)}${quoted})`, adviceFor(code)),
  )
}

/** The peer sent what HTTP/2 does not allow. `code` is that of the error by which Node.js answered it. */
export function invalid(url: string, code = 1): Failure {
  return new Failure(
    'BAD_RESPONSE',
    reading(
      url,
      'head',
      `sent what HTTP/2 does not allow (${errorName(code)})`,
      `fix the server or the proxy in front of it, or ${USE_HTTP_1}`,
    ),
  )
}

/** The fields of a head or of trailers exceed the limit. */
export function fieldsTooLarge(url: string): Failure {
  return new Failure(
    'TOO_LARGE',
    reading(url, 'head', 'sent header fields of more than 64 KiB', 'check that the URL is the one you mean'),
  )
}

/** A request waited in vain for others on the same connection to end. */
export function noPlace(url: string, limit: number, milliseconds: number): Failure {
  const requests = limit === 1 ? 'one request' : `${limit} requests`
  return new Failure(
    'TIMEOUT',
    `The request to ${maskUrl(url)} was not sent within ${milliseconds} ms, because ${hostAndPort(url)} allows ${requests} at a time on an HTTP/2 connection, and others are in progress; end some of these, or ${USE_HTTP_1}.`,
  )
}
