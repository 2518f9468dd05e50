/** Passes the bytes of a WebSocket on in both directions, and reports what they say. */
import type { Socket } from 'node:net'
import type { SeenFailure, SeenHead, SeenStart, TrafficHost } from '../../shared/traffic.ts'
import { passBytes } from '../pass-bytes.ts'

/** The two connections of a WebSocket after its handshake. Neither is read yet, and neither has listeners. */
export interface WebSocketLegs {
  readonly client: Socket
  readonly server: Socket
  /** The response with status 101, as the server sent it. */
  readonly head: SeenHead
  /** What followed the handshake in the same chunk, and when it arrived. */
  readonly fromClient: { readonly bytes: Uint8Array; readonly time: number }
  readonly fromServer: { readonly bytes: Uint8Array; readonly time: number }
}

/** The handshake of a WebSocket passes through the HTTP legs, which then call one of the methods once. */
export interface WebSocketRelay {
  /** The server has switched to the WebSocket protocol, and the client has got the response. */
  open(legs: WebSocketLegs): void
  /** The server refuses with another status. The HTTP legs pass the response on. */
  refuse(head: SeenHead): void
  /** There is no response. */
  fail(failure: SeenFailure): void
}

/** Begins when the client asks for a WebSocket. `cut` ends the handshake. */
export function relayWebSocket(start: SeenStart, host: TrafficHost, cut: () => void): WebSocketRelay {
  let legs: WebSocketLegs | undefined
  const socket = host.webSocket(start, {
    disconnect: () => (legs === undefined ? cut() : legs.client.destroy()),
  })
  return {
    open(opened) {
      legs = opened
      const { client, server, head, fromClient, fromServer } = opened
      socket.emit({ type: 'open', ...head })
      passBytes(client, server)
      passBytes(server, client)
      if (fromClient.bytes.length > 0) server.write(fromClient.bytes)
      if (fromServer.bytes.length > 0) client.write(fromServer.bytes)
      server.once('close', () => socket.emit({ type: 'close', time: host.clock.now() }))
    },
    refuse({ time, status }) {
      const message = `The server answered the request for a WebSocket with ${status}.`
      socket.emit({ type: 'error', time, code: 'HTTP_STATUS', status, message })
      socket.emit({ type: 'close', time, by: 'server' })
    },
    fail({ time, by, error }) {
      if (error !== undefined) socket.emit({ type: 'error', time, ...error })
      socket.emit({ type: 'close', time, by })
    },
  }
}
