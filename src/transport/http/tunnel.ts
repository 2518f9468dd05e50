/** A tunnel through an HTTP proxy (RFC 9110 section 9.3.6). */
import type net from 'node:net'
import Client from 'undici/lib/dispatcher/client.js'
import { Failure } from '../../shared/failure.ts'
import { hostAndPort, networkFailure } from './failures.ts'
import { InterimFilter } from './interim.ts'
import { tapSocket } from './tap.ts'

/** What a proxy's refusal comes to; `authorization` is what it was told of who asks. */
export function proxyRefused(
  status: number,
  proxy: string,
  target: string,
  authorization: string | undefined,
): Failure {
  if (status === 407)
    return new Failure(
      'PROXY_AUTH',
      authorization === undefined
        ? `The proxy ${proxy} wants a user name and a password; give them in its URL, as user:password@${proxy}.`
        : `The proxy ${proxy} does not take the user name and password that it was given; check those in its URL, or in the editor's settings.`,
      status,
    )
  return new Failure(
    'PROXY',
    `The proxy ${proxy} answered ${status} and did not connect to ${target}; check whether it may, or let ${target} go direct (NO_PROXY).`,
    status,
  )
}

/** The failure for a proxy that is not there, or breaks off; `target` is whom it was asked for. */
export function proxyUnusable(error: unknown, proxy: URL, target: string): Failure {
  if (error instanceof Failure) return error
  const { code, message } = networkFailure(error, proxy.origin)
  return new Failure(code, `The proxy for ${target} cannot be used: ${message}`)
}

/** Asks the proxy at the other end of `socket` for a tunnel to the origin. Rejects with a `Failure`. */
export function openTunnel(
  socket: net.Socket,
  proxy: URL,
  origin: URL,
  authorization: string | undefined,
  signal: AbortSignal,
): Promise<net.Socket> {
  const target = hostAndPort(origin.href)
  // undici takes the first answer to CONNECT, also an informational one, for the last.
  const interim = new InterimFilter()
  tapSocket(socket, { arrived: (bytes) => interim.push(bytes), isPaused: () => false })
  const client = new Client(proxy.origin, {
    // Only later: called back within its own `connect`, the client would not go on.
    connect: (_options, callback) => queueMicrotask(() => callback(null, socket)),
    headersTimeout: 0,
  })
  return new Promise<net.Socket>((resolve, reject) => {
    const onAbort = () => {
      socket.destroy()
      reject(signal.reason)
    }
    signal.addEventListener('abort', onAbort)
    client.dispatch(
      {
        method: 'CONNECT',
        path: target,
        headers: {
          host: target,
          ...(authorization === undefined ? {} : { 'proxy-authorization': authorization }),
        },
      },
      {
        onRequestStart() {},
        onRequestUpgrade(_controller, status) {
          signal.removeEventListener('abort', onAbort)
          if (status >= 200 && status < 300) return resolve(socket)
          socket.destroy()
          reject(proxyRefused(status, proxy.host, target, authorization))
        },
        onResponseError(_controller, error) {
          signal.removeEventListener('abort', onAbort)
          socket.destroy()
          reject(proxyUnusable(error, proxy, target))
        },
      },
    )
  })
}
