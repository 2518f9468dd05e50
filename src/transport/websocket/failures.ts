/** Failures of WebSockets, as sentences. */
import { Failure, sentenceOf } from '../../shared/failure.ts'
import { isPermanent } from '../http/failure-kinds.ts'
import { quoted, type SaidInBody, statusFailure } from '../http/failures.ts'
import { hostAndPort } from '../http/host-port.ts'
import { networkFailure } from '../http/network-failures.ts'
import type { Outcome } from '../transport.ts'
import { CloseReasonError, FrameError } from './frame-rules.ts'

/** A failure during the handshake, and whether another attempt may help. */
export interface HandshakeFailure {
  readonly failure: Failure
  readonly end: Outcome['end']
}

/** A frame that made us fail the connection, and the close code that tells the server so (RFC 6455 section 7.1.7). */
export interface FrameFailure {
  readonly failure: Failure
  readonly closeCode: number
}

// The handshake.

/** A subprotocol or a header field cannot be sent. */
export function badRequest(thrown: unknown): Failure {
  return new Failure(
    'BAD_REQUEST',
    `The handshake cannot be sent (${sentenceOf(thrown)}); correct the headers or the subprotocols.`,
  )
}

export function handshakeTimeout(url: string, timeout: number): Failure {
  return new Failure(
    'TIMEOUT',
    `${hostAndPort(url)} did not open the WebSocket within ${timeout} ms; check the URL, or allow more time.`,
  )
}

export function tooManyRedirects(limit: number): Failure {
  return new Failure(
    'BAD_REDIRECT',
    `The server redirected more than ${limit} times; connect to the right URL directly.`,
  )
}

/** The failure for a redirect that cannot be followed; `target` is its `Location`, masked. */
export function badRedirect(target: string, why: string): Failure {
  return new Failure(
    'BAD_REDIRECT',
    `The redirect to "${target}" cannot be followed: ${why}; connect to the right URL directly.`,
  )
}

/** What refuses a handshake is often a proxy rather than the WebSocket server. */
const STATUS_ADVICE: Readonly<Record<number, string>> = {
  400: 'check the URL and the header fields, and that no proxy in between drops the Upgrade header',
  426: 'check that no proxy in between drops the Upgrade header, and that the server supports version 13 (RFC 6455)',
}

/** The failure for a response other than 101. */
export function statusNot101(status: number, url: string, said: SaidInBody): HandshakeFailure {
  const failure =
    status >= 400
      ? statusFailure(status, url, said, STATUS_ADVICE[status])
      : new Failure(
          'HTTP_STATUS',
          `${hostAndPort(url)} answered ${status}${quoted(said.excerpt)} rather than opening a WebSocket; check that the URL is that of a WebSocket.`,
          status,
        )
  return withEnd(failure)
}

/** The failure for an error before the WebSocket opened. */
export function handshakeFailure(error: unknown, url: string): HandshakeFailure {
  return withEnd((error instanceof Error && notWebSocket(error, url)) || networkFailure(error, url))
}

function withEnd(failure: Failure): HandshakeFailure {
  return { failure, end: isPermanent(failure) ? 'failed' : 'lost' }
}

/** The failure if a response arrived or the connection ended without a WebSocket; undefined for any other error. */
function notWebSocket(error: Error, url: string): Failure | undefined {
  if (error instanceof Failure) return undefined
  const code = errorCode(error)
  const host = hostAndPort(url)
  if (code === 'HTTP_OVERLONG')
    return new Failure(
      'TOO_LARGE',
      `${host} answered the handshake with more header data than the limit allows; check that the URL is that of a WebSocket.`,
    )
  if (code === 'HTTP_NO_HEAD')
    return new Failure(
      'CLOSED',
      `${host} closed the connection without answering the handshake; check the URL and the server's log.`,
    )
  if (code !== undefined && !code.startsWith('HTTP_')) return undefined
  return new Failure(
    'BAD_HANDSHAKE',
    `${host} did not answer as a WebSocket server does (${error.message}); ${handshakeAdvice(error.message)}.`,
  )
}

/** What to try, by the message of what refuses the response. */
function handshakeAdvice(message: string): string {
  if (/subprotocol/i.test(message)) return 'offer a subprotocol that the server supports, or none'
  if (/extension/i.test(message))
    return 'turn compression off (in the terminal: --no-compression), or fix the server'
  if (message.startsWith('No Upgrade'))
    return 'check that no proxy in between drops the header fields Upgrade and Connection'
  return 'check that the URL is that of a WebSocket'
}

function errorCode(error: Error): string | undefined {
  return 'code' in error && typeof error.code === 'string' ? error.code : undefined
}

// Frames that the server sends.

/** The failure for an error of the receiver on an open connection; `maxMessageSize` is the limit in bytes. */
export function frameFailure(error: Error, maxMessageSize: number): FrameFailure {
  const code = errorCode(error) ?? ''
  const fail = (failureCode: string, message: string, closeCode: number): FrameFailure => ({
    failure: new Failure(failureCode, message),
    closeCode,
  })
  if (code === 'WS_ERR_INVALID_UTF8')
    return fail(
      'BAD_UTF8',
      error instanceof CloseReasonError
        ? `The server sent a close frame whose reason is not valid UTF-8 (${error.message}), so the connection was closed (RFC 6455 section 8.1); have it send the reason in UTF-8.`
        : 'The server sent a text message that is not valid UTF-8, so the connection was closed (RFC 6455 section 8.1); its bytes are kept. Have the server send such data as a binary message.',
      1007,
    )
  if (code === 'WS_ERR_UNSUPPORTED_MESSAGE_LENGTH' || code === 'WS_ERR_UNSUPPORTED_DATA_PAYLOAD_LENGTH')
    return fail(
      'TOO_LARGE',
      `A message is larger than the limit of ${maxMessageSize} bytes, so the connection was closed; raise maxMessageSize to receive it.`,
      1009,
    )
  if (code === 'WS_ERR_TOO_MANY_BUFFERED_PARTS')
    return fail(
      'TOO_LARGE',
      'A message has more fragments than the limit allows, so the connection was closed; have the server send larger frames.',
      1008,
    )
  if (code.startsWith('Z_'))
    return fail(
      'BAD_FRAME',
      'The server sent a compressed message that cannot be inflated, so the connection was closed, and the message is not kept; turn compression off (in the terminal: --no-compression) to see whether it helps.',
      1007,
    )
  return fail(
    'BAD_FRAME',
    `The server sent a malformed frame (${error.message}${headerOf(error)}), so the connection was closed; fix the server, or check that nothing in between changes the bytes.`,
    1002,
  )
}

/** The bytes that the frame began with, to help find its origin. */
export function headerOf(error: Error): string {
  if (!(error instanceof FrameError) || error.header === undefined) return ''
  return `; its header is ${Buffer.from(error.header)
    .toString('hex')
    .replaceAll(/..(?!$)/g, '$& ')}`
}

// Sending and closing.

export function notOpenYet(): Failure {
  return new Failure('NOT_OPEN', 'The WebSocket is not open yet; wait until it is.')
}

export function alreadyClosing(): Failure {
  return new Failure('NOT_OPEN', 'The WebSocket is closing, so nothing can be sent; reconnect first.')
}

export function textNotUtf8(): Failure {
  return new Failure('BAD_UTF8', 'A text message must be valid UTF-8; send these bytes as binary.')
}

export function sendQueueFull(): Failure {
  return new Failure('SEND_QUEUE_FULL', 'The server does not read what was sent so far; wait and send again.')
}

/** The failure if the connection ended before `count` messages were sent. */
export function notSent(count: number): Failure {
  const what = count === 1 ? 'A message was' : `${count} messages were`
  return new Failure(
    'NOT_SENT',
    `${what} not sent, or not completely, because the connection ended first; reconnect and send again.`,
  )
}

/** The failure if the connection ended after `size` bytes of a message. */
export function endedInsideMessage(size: number): Failure {
  return new Failure(
    'TRUNCATED',
    `The connection ended inside a message, after ${size} of its bytes; earlier messages are kept. Check the server's log for why it stopped.`,
  )
}

export function badCloseCode(code: number): Failure {
  return new Failure('BAD_CLOSE', `The close code ${code} must not be sent; use 1000, or 3000 to 4999.`)
}

/** `maxBytes` is the longest reason that fits into a close frame. */
export function closeReasonTooLong(maxBytes: number): Failure {
  return new Failure('BAD_CLOSE', `The close reason is longer than ${maxBytes} bytes; shorten it.`)
}
