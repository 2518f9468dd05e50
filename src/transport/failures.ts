/** Failures of a connection as a whole, and short phrases for the reasons of outcomes. */
import { Failure } from '../shared/failure.ts'
import { maskUrl } from '../shared/secrets.ts'
import type { ConnectionState } from '../shared/status.ts'

export function cannotSend(transport: string): Failure {
  return new Failure('CANNOT_SEND', `${transport} only receives; connect by WebSocket to send.`)
}

export function notOpen(state: ConnectionState): Failure {
  return new Failure(
    'NOT_OPEN',
    `The connection is ${state}, so nothing can be sent; wait until it is open or reconnect.`,
  )
}

/** The failure after `attempts` attempts in a row; `reason` is that of the last outcome. */
export function gaveUp(url: string, attempts: number, reason: string): Failure {
  return new Failure(
    'GAVE_UP',
    `Gave up on ${maskUrl(url)} after ${attempts} ${attempts === 1 ? 'attempt' : 'attempts'} (${reason}); check the server, then reconnect.`,
  )
}

/** The failure if a connection ended for the `reason` of its outcome, without an error. */
export function connectionLost(url: string, reason: string): Failure {
  return new Failure('LOST', `The connection to ${maskUrl(url)} ended: ${reason}; reconnect to continue.`)
}

/** The failure if a callback of a connection threw; `reason` is the error's message. */
export function internalFailure(transport: string, reason: string): Failure {
  return new Failure(
    'INTERNAL',
    `The ${transport} connection ended by an internal error: ${reason}; reconnect, and please report it.`,
  )
}

const PHRASES: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'connection refused',
  ECONNRESET: 'connection reset',
  ETIMEDOUT: 'no answer',
  ENOTFOUND: 'host not found',
  EAI_AGAIN: 'name lookup failed',
  EHOSTUNREACH: 'host unreachable',
  ENETUNREACH: 'network unreachable',
  TIMEOUT: 'timed out',
  CLOSED: 'closed without an answer',
  TRUNCATED: 'cut off',
  TOO_LARGE: 'too large',
  REFUSED: 'refused by the protocol',
  PROTOCOL: 'ended by the protocol',
}

/** A failure as the short reason of an outcome: "connection refused", "HTTP 503", or its code if it has no phrase. */
export function phraseOf({ code, status }: Failure): string {
  if (code === 'HTTP_STATUS' && status !== undefined) return `HTTP ${status}`
  return PHRASES[code] ?? code
}
