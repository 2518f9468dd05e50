/** The recorded opening handshake, given to a new client. */
import type { IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import { type PerMessageDeflateOptions, type WebSocket, WebSocketServer } from 'ws'
import type { OpenEvent } from '../../../shared/event.ts'
import { MASK } from '../../../shared/secrets.ts'
import { DEFAULT_MAX_MESSAGE_SIZE } from '../../../shared/spec.ts'
import { ExtensionError, parseDeflateResponse } from '../../../transport/websocket/extensions.ts'
import { servedFields } from '../response-headers.ts'

/** Shakes hands as recorded. `opened` is called once the WebSocket is open, and not where the client is refused. */
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

/** permessage-deflate as it was agreed on; false if it was not. */
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
    // Whatever it was, it is not what this side can speak.
    return false
  }
}

/** The recorded one where the client offers it; the client's first where the recorded one is masked. */
function chooseSubprotocol(offered: ReadonlySet<string>, recorded: string | undefined): string | false {
  if (recorded === undefined) return false
  if (offered.has(recorded)) return recorded
  const [first] = offered
  return recorded === MASK && first !== undefined ? first : false
}
