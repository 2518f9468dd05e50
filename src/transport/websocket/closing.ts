/** What a close frame means for the connection (RFC 6455 section 7.4), and which ones may be sent. */
import { isCloseCode } from '../../shared/close-codes.ts'
import type { DisconnectRequest, Outcome } from '../transport.ts'
import { meaningOf, type Peer } from './close-codes.ts'
import { badCloseCode, closeReasonTooLong } from './failures.ts'

/** The outcome of an attempt that the server closed with this code. */
export function closedByServer(code: number, reason: string, peer: Peer): Outcome {
  const { meaning, end } = meaningOf(code, peer)
  return { end, reason: `server closed with ${code} (${meaning})${reason === '' ? '' : `: ${reason}`}` }
}

/** RFC 6455 section 5.5: a control frame's payload has at most 125 bytes, of which the code takes 2. */
const MAX_REASON_BYTES = 123

/** Throws a `Failure` `BAD_CLOSE` if a close frame must not carry the code or the reason. */
export function checkClose({ code, reason }: DisconnectRequest): void {
  if (code !== undefined && !(Number.isInteger(code) && isCloseCode(code))) throw badCloseCode(code)
  if (reason !== undefined && new TextEncoder().encode(reason).length > MAX_REASON_BYTES)
    throw closeReasonTooLong(MAX_REASON_BYTES)
}
