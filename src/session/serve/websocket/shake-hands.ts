/** Repeats the recorded opening handshake for a new client. */
import type { IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import { type PerMessageDeflateOptions, type WebSocket, WebSocketServer } from 'ws'
import type { OpenEvent } from '../../../shared/event.ts'
import { MASK } from '../../../shared/secrets.ts'
import { DEFAULT_MAX_MESSAGE_SIZE } from '../../../shared/spec.ts'
import { ExtensionError, parseDeflateResponse } from '../../../transport/websocket/extensions.ts'
import { servedFields } from '../response-headers.ts'

/** Shakes hands as recorded. Calls `opened` once the WebSocket is open, but not if the client is refused. */
export function shakeHands(
  request: IncomingMessage,
  socket: Duplex,
  head: Buffer,
  open: OpenEvent | undefined,
  opened: (ws: WebSocket) => void,
): void {
  const server = new WebSocketServer({
    noServer: true,
    maxPayload: DEFAULT_MAX_MESSAGE_SIZE,
    perMessageDeflate: deflateOf(open?.extensions),
    handleProtocols: (offered) => chooseSubprotocol(offered, open?.subprotocol),
  })
  server.on('headers', (lines: string[]) => {
    for (const [name, values] of servedFields(open?.headers ?? {}))
      for (const value of values) lines.push(`${name}: ${value}`)
  })
  server.handleUpgrade(request, socket, head, opened)
}

/** The negotiated permessage-deflate parameters. False if it was not negotiated. */
function deflateOf(extensions: string | undefined): PerMessageDeflateOptions | false {
  if (extensions === undefined) return false
  try {
    const agreed = parseDeflateResponse(extensions)
    return {
      threshold: 0,
      serverNoContextTakeover: agreed.server_no_context_takeover,
      clientNoContextTakeover: agreed.client_no_context_takeover,
      ...(agreed.server_max_window_bits !== undefined && {
        serverMaxWindowBits: agreed.server_max_window_bits,
      }),
    }
  } catch (thrown) {
    if (!(thrown instanceof ExtensionError)) throw thrown
    // The recorded parameters are not supported: do not negotiate the extension.
    return false
  }
}

/** The recorded subprotocol if the client offers it, or the client's first if the recorded one is masked. */
function chooseSubprotocol(offered: ReadonlySet<string>, recorded: string | undefined): string | false {
  if (recorded === undefined) return false
  if (offered.has(recorded)) return recorded
  const [first] = offered
  return recorded === MASK && first !== undefined ? first : false
}
