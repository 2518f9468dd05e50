/** What a failure means for its connection: who ended it, and whether another attempt may help. */
import type { EndedBy } from '../../shared/event.ts'
import type { Failure } from '../../shared/failure.ts'

/** Failures of a response on which the client closes the connection. */
const CLOSED_BY_CLIENT: ReadonlySet<string> = new Set([
  'TOO_LARGE',
  'TIMEOUT',
  'BAD_ENCODING',
  'BAD_FRAMING',
  'BAD_RESPONSE',
  'BAD_CURSOR',
  'INTERNAL',
])

/** Who ended a connection that was open before the failure. */
export function endedBy({ code, status }: Failure): EndedBy {
  if (status !== undefined) return 'server'
  return CLOSED_BY_CLIENT.has(code) ? 'client' : 'network'
}

/** Failures that another attempt would meet again: wrong settings, certificates, credentials. */
const PERMANENT =
  /^(?:BAD_(?!RESPONSE)|CERT_|DEPTH_ZERO_|SELF_SIGNED_|UNABLE_TO_|ERR_TLS_|PROXY_AUTH$|AUTH$|CANCELLED$|TOO_LARGE$|TOO_MANY_REDIRECTS$|TLS$|INTERNAL$)/

/** Whether another attempt would fail in the same way. */
export function isPermanent({ code, status }: Failure): boolean {
  if (code === 'HTTP_STATUS' && status !== undefined) return !isTransientStatus(status)
  return PERMANENT.test(code)
}

/** Statuses after which another attempt may help: 408, 425, 429 and server errors (RFC 9110 section 15, RFC 6585). */
export function isTransientStatus(status: number): boolean {
  return status >= 500 || status === 408 || status === 425 || status === 429
}
