/** Serves the sessions of a protocol that may use several connections. */
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Duplex } from 'node:stream'

export interface SessionService {
  /** Whether the service answers requests to a URL. */
  takes(url: URL, isUpgrade: boolean): boolean
  /** Settles when the request is answered or held. Rejects if its client disconnects. */
  answer(request: IncomingMessage, response: ServerResponse, url: URL): Promise<void>
  /** Accepts a WebSocket. */
  upgrade?(request: IncomingMessage, socket: Duplex, head: Buffer, url: URL): void
  /** Ends all sessions. */
  close(): void
}
