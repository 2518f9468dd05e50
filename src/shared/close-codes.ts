/** The WebSocket close codes: RFC 6455 section 7.4.1, and IANA's registry of WebSocket close codes. */

export interface CloseMeaning {
  readonly meaning: string
  /** `done`: nothing more to come. `lost`: worth another attempt. `failed`: another attempt would fail the same way. */
  readonly end: 'done' | 'lost' | 'failed'
}

export const CLOSE_CODES: Readonly<Record<number, CloseMeaning>> = {
  1000: { meaning: 'normal closure', end: 'done' },
  1001: { meaning: 'going away', end: 'lost' },
  1002: { meaning: 'protocol error', end: 'failed' },
  1003: { meaning: 'unsupported data', end: 'failed' },
  // Stands for a close frame without a code.
  1005: { meaning: 'no status received', end: 'done' },
  1006: { meaning: 'abnormal closure', end: 'lost' },
  1007: { meaning: 'invalid payload data', end: 'failed' },
  1008: { meaning: 'policy violation', end: 'failed' },
  1009: { meaning: 'message too big', end: 'failed' },
  1010: { meaning: 'mandatory extension', end: 'failed' },
  1011: { meaning: 'internal error', end: 'lost' },
  1012: { meaning: 'service restart', end: 'lost' },
  1013: { meaning: 'try again later', end: 'lost' },
  1014: { meaning: 'bad gateway', end: 'lost' },
  1015: { meaning: 'TLS handshake', end: 'lost' },
  3000: { meaning: 'unauthorized', end: 'failed' },
  3003: { meaning: 'forbidden', end: 'failed' },
  3008: { meaning: 'timeout', end: 'lost' },
}

/** Whether a close frame may carry the code (RFC 6455 section 7.4): 1004 to 1006 and 1015 may not be sent. */
export function isCloseCode(code: number): boolean {
  return (code >= 1000 && code <= 1014 && (code < 1004 || code > 1006)) || (code >= 3000 && code <= 4999)
}
