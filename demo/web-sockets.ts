/** What the demo's WebSocket servers have in common. */
import { WebSocket, WebSocketServer } from 'ws'

const MAX_CLIENTS = 50
/** Nothing is sent to a client while more bytes than this wait for it. */
const MAX_WAITING = 1024 * 1024

/** A server that answers upgrades, with the subprotocol if a client offers it. */
export function webSocketServer(
  subprotocol: string,
  serve: (socket: WebSocket) => void,
  compresses = true,
): WebSocketServer {
  const server = new WebSocketServer({
    noServer: true,
    maxPayload: 1024 * 1024,
    perMessageDeflate: compresses && { threshold: 512 },
    handleProtocols: (offered) => (offered.has(subprotocol) ? subprotocol : false),
  })
  server.on('connection', (socket) => {
    socket.on('error', (error) => console.error(`The demo's WebSocket: ${error.message}`))
    if (server.clients.size > MAX_CLIENTS) socket.close(1013, 'too many clients')
    else serve(socket)
  })
  return server
}

/** Sends a message, unless the client is gone or too slow. */
export function send(socket: WebSocket, message: Buffer | string): void {
  if (socket.readyState === WebSocket.OPEN && socket.bufferedAmount <= MAX_WAITING) socket.send(message)
}

/** The value of a JSON text; undefined if it is not JSON. */
export function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
