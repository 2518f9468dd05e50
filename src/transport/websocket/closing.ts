/** What a close means (RFC 6455 section 7.4), and what may be sent as one. */
import { Failure } from '../../shared/failure.ts'
import type { DisconnectRequest, Outcome } from '../transport.ts'
import { isCloseCode } from './frame-rules.ts'

const MEANINGS: Readonly<Record<number, string>> = {
  1000: 'normal closure',
  1001: 'going away',
  1002: 'protocol error',
  1003: 'unsupported data',
  1005: 'no status',
  1006: 'connection lost',
  1007: 'invalid payload data',
  1008: 'policy violation',
  1009: 'message too big',
  1010: 'extension needed',
  1011: 'internal error',
  1012: 'service restart',
  1013: 'try again later',
  1014: 'bad gateway',
  3000: 'unauthorized',
  3003: 'forbidden',
  3008: 'timeout',
}

/** The peer had nothing more to say. An empty close frame (1005) is one too. */
const DONE = new Set([1000, 1005])

/**
 * The peer objects to what we send or who we are, and would again: 1002, 1003, 1007 and 1009 object to our
 * frames, 1008, 3000 and 3003 to us, 1010 to our extensions. Codes from 4000 are the application's own, so
 * nothing is known of them, and another attempt is worth it.
 */
const FAILED = new Set([1002, 1003, 1007, 1008, 1009, 1010, 3000, 3003])

/** How an attempt ended that the peer closed with this code. */
export function closedByServer(code: number, reason: string): Outcome {
  const meaning = MEANINGS[code] ?? 'application code'
  const said = reason === '' ? '' : `: ${reason}`
  return {
    end: DONE.has(code) ? 'done' : FAILED.has(code) ? 'failed' : 'lost',
    reason: `server closed with ${code} (${meaning})${said}`,
  }
}

/** RFC 6455 section 5.5: a control frame's payload is at most 125 bytes, 2 of which are the code. */
const MAX_REASON_BYTES = 123

/** Throws a `Failure` `BAD_CLOSE` where the close could not be sent as asked. */
export function checkClose({ code, reason }: DisconnectRequest): void {
  if (code !== undefined && !(Number.isInteger(code) && isCloseCode(code)))
    throw new Failure('BAD_CLOSE', `The close code ${code} may not be sent; use 1000, or 3000 to 4999.`)
  if (reason !== undefined && new TextEncoder().encode(reason).length > MAX_REASON_BYTES)
    throw new Failure('BAD_CLOSE', `The close reason is longer than ${MAX_REASON_BYTES} bytes; shorten it.`)
}
