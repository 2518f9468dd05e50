import type { Failure } from '../shared/failure.ts'

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
}

/** A failure in a few words, for the reason of an outcome: "connection refused", "HTTP 503"; else its code. */
export function phraseOf({ code, status }: Failure): string {
  if (code === 'HTTP_STATUS' && status !== undefined) return `HTTP ${status}`
  return PHRASES[code] ?? code
}
