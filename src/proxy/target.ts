/** Opens connections to the servers that a proxy passes requests on to. */
import type { Socket } from 'node:net'
import type { Clock } from '../shared/clock.ts'
import type { TlsOptions } from '../shared/spec.ts'
import { type OpenSocket, openSocket } from '../transport/http/connect.ts'

export interface TargetOptions {
  /** An `http:` or `https:` URL. */
  readonly origin: URL
  readonly tls?: TlsOptions
  readonly signal: AbortSignal
  /** Measures how long each step takes. */
  readonly clock: Clock
}

/**
 * Connects to an origin directly, with TLS for `https:`. The end of what the server sends does not close the connection.
 * Rejects with a `Failure`, or with an error for `networkFailure`.
 */
export async function openTarget({ origin, tls, signal, clock }: TargetOptions): Promise<OpenSocket> {
  const url = new URL(origin.origin)
  const opened = await openSocket(
    { origin: url, proxy: undefined, tunnel: false, proxyAuthorization: undefined, servername: undefined },
    {
      spec: { url: url.href, ...(tls !== undefined && { tls }) },
      network: {},
      clock,
      signal,
    },
  )
  keepHalfOpen(opened.socket)
  return opened
}

/** Node closes a socket of which the peer has closed its side, unless it was created to stay half open. */
function keepHalfOpen(socket: Socket): void {
  socket.allowHalfOpen = true
}
