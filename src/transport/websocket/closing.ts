/** What a close means (RFC 6455 section 7.4), and what may be sent as one. */
import { isCloseCode } from '../../shared/close-codes.ts'
import { Failure } from '../../shared/failure.ts'
import type { DisconnectRequest, Outcome } from '../transport.ts'
import { meaningOf, type Peer } from './close-codes.ts'

/** How an attempt ended that the peer closed with this code. */
export function closedByServer(code: number, reason: string, peer: Peer): Outcome {
  const { meaning, end } = meaningOf(code, peer)
  const said = reason === '' ? '' : `: ${reason}`
  return { end, reason: `server closed with ${code} (${meaning})${said}` }
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
