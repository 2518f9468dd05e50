/** What goes wrong in a WebSocket, in sentences. */
import { Failure } from '../../shared/failure.ts'
import { hostAndPort, isPermanent, networkFailure, quoted, statusFailure } from '../http/failures.ts'
import type { Outcome } from '../transport.ts'
import { CloseReasonError, FrameError } from './frame-rules.ts'

function errorCode(error: Error): string | undefined {
  return 'code' in error && typeof error.code === 'string' ? error.code : undefined
}

/** A frame that made us fail the connection: why, and the close code sent for it (RFC 6455 section 7.1.7). */
export interface FrameFailure {
  readonly failure: Failure
  readonly closeCode: number
}

/** The failure for an error of `ws` on an open connection; `maxMessageSize` is the limit in bytes. */
export function frameFailure(error: Error, maxMessageSize: number): FrameFailure {
  const code = errorCode(error) ?? ''
  switch (code) {
    case 'WS_ERR_INVALID_UTF8':
      return {
        failure: new Failure(
          'BAD_UTF8',
          error instanceof CloseReasonError
            ? `The server sent a close frame whose reason is not valid UTF-8 (${error.message}), so the connection was closed (RFC 6455 section 8.1); let it give its reason in UTF-8.`
            : 'The server sent text that is not valid UTF-8, so the connection was closed (RFC 6455 section 8.1); its bytes are kept, let it send such as a binary message.',
        ),
        closeCode: 1007,
      }
    case 'WS_ERR_UNSUPPORTED_MESSAGE_LENGTH':
    case 'WS_ERR_UNSUPPORTED_DATA_PAYLOAD_LENGTH':
      return {
        failure: new Failure(
          'TOO_LARGE',
          `A message is larger than the limit of ${maxMessageSize} bytes, so the connection was closed; raise maxMessageSize to receive it.`,
        ),
        closeCode: 1009,
      }
    case 'WS_ERR_TOO_MANY_BUFFERED_PARTS':
      return {
        failure: new Failure(
          'TOO_LARGE',
          'A message came in more fragments than can be kept, so the connection was closed; let the server send larger frames.',
        ),
        closeCode: 1008,
      }
  }
  if (code.startsWith('Z_'))
    return {
      failure: new Failure(
        'BAD_FRAME',
        'The server sent a compressed message that cannot be inflated, so the connection was closed, and the message is not kept; turn compression off to see whether it helps.',
      ),
      closeCode: 1007,
    }
  return {
    failure: new Failure(
      'BAD_FRAME',
      `The server sent a malformed frame (${error.message}${headerOf(error)}), so the connection was closed; mend the server, or check that nothing in between changes the bytes.`,
    ),
    closeCode: 1002,
  }
}

/** What the frame began with, for those who look for where it came from. */
function headerOf(error: Error): string {
  if (!(error instanceof FrameError) || error.header === undefined) return ''
  return `; its header is ${Buffer.from(error.header)
    .toString('hex')
    .replaceAll(/..(?!$)/g, '$& ')}`
}

/** A handshake that failed, and whether another attempt is worth it. */
export interface HandshakeFailure {
  readonly failure: Failure
  readonly end: Outcome['end']
}

/** What refuses a handshake often is no WebSocket server but a proxy before one. */
const STATUS_ADVICE: Readonly<Record<number, string>> = {
  400: 'check the URL and the header fields, and that no proxy in between drops the Upgrade header',
  426: 'check that no proxy in between drops the Upgrade header, and that the server speaks version 13 (RFC 6455)',
}

/** The failure for an answer other than 101 to the handshake with a URL; `words` is what its body says. */
export function answerFailure(status: number, url: string, words: string): HandshakeFailure {
  const failure =
    status >= 400
      ? statusFailure(status, url, words, STATUS_ADVICE[status])
      : new Failure(
          'HTTP_STATUS',
          `${hostAndPort(url)} answered ${status}${quoted(words)} rather than opening a WebSocket; check that the URL is that of a WebSocket.`,
          status,
        )
  return worthOf(failure)
}

function worthOf(failure: Failure): HandshakeFailure {
  return { failure, end: isPermanent(failure) ? 'failed' : 'lost' }
}

/** What `ws` and Node's HTTP parser say of an answer that opens no WebSocket, to what to try. */
function handshakeHint(message: string): string {
  if (/subprotocol/i.test(message)) return 'offer a subprotocol the server speaks, or none'
  if (/extension/i.test(message)) return 'turn compression off, or mend the server'
  return 'check that the URL is that of a WebSocket'
}

/** The failure for an error before the WebSocket with a URL was open. */
export function handshakeFailure(error: unknown, url: string): HandshakeFailure {
  return worthOf((error instanceof Error && notWebSocket(error, url)) || networkFailure(error, url))
}

/** An answer came, or the connection ended, but no WebSocket opened; undefined for any other error. */
function notWebSocket(error: Error, url: string): Failure | undefined {
  if (error instanceof Failure) return undefined
  const code = errorCode(error)
  const host = hostAndPort(url)
  if (code === 'HPE_HEADER_OVERFLOW')
    return new Failure(
      'TOO_LARGE',
      `${host} answered the handshake with header fields that do not end within the limit; check that the URL is that of a WebSocket.`,
    )
  if (error.message === 'socket hang up')
    return new Failure(
      'CLOSED',
      `${host} closed the connection without answering the handshake; check the URL, or look in the server’s log.`,
    )
  if (code !== undefined && !code.startsWith('HPE_')) return undefined
  return new Failure(
    'BAD_HANDSHAKE',
    `${host} did not answer as a WebSocket does (${error.message}); ${handshakeHint(error.message)}.`,
  )
}
