/** Headers that a client makes itself, and that a request therefore does not have. */

/** Of the handshake of a WebSocket (RFC 6455 section 4.1). */
const HANDSHAKE: ReadonlySet<string> = new Set([
  'connection',
  'upgrade',
  'sec-websocket-key',
  'sec-websocket-version',
  'sec-websocket-extensions',
])
/** They say how the body is sent (RFC 9112 section 6). */
const FRAMING: ReadonlySet<string> = new Set(['content-length', 'transfer-encoding'])

/** Whether a client makes the header with this name itself. */
export function isMadeByClient(name: string, isSocket: boolean): boolean {
  const lower = name.toLowerCase()
  return FRAMING.has(lower) || (isSocket && HANDSHAKE.has(lower))
}
