/** A tunnel through an HTTP proxy (RFC 9110 section 9.3.6). */
import type net from 'node:net'
import { MalformedResponse } from '../../parse/http/malformed.ts'
import { ResponseReader } from '../../parse/http/response.ts'
import { Failure } from '../../shared/failure.ts'
import { hostAndPort, networkFailure } from './failures.ts'
import { requestHead } from './request-head.ts'

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
        ? `The proxy ${proxy} requires a user name and a password; put them into its URL, before the host and an @ sign.`
        : `The proxy ${proxy} does not accept the user name and password that it was given; check those in its URL, or in the editor's settings.`,
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
  const head = requestHead({
    ...{ url: proxy.origin, method: 'CONNECT', target, host: target, body: undefined },
    headers: authorization === undefined ? {} : { 'proxy-authorization': authorization },
  })
  return new Promise<net.Socket>((resolve, reject) => {
    let status: number | undefined
    const reader = new ResponseReader('CONNECT', {
      head: (answer) => {
        status = answer.status
      },
      data: () => {},
      end: () => {},
    })
    const settle = (error?: unknown) => {
      signal.removeEventListener('abort', onAbort)
      socket.off('readable', onReadable).off('end', onEnd).off('error', onEnd)
      if (error === undefined) return resolve(socket)
      socket.destroy()
      reject(signal.aborted ? signal.reason : proxyUnusable(error, proxy, target))
    }
    const onAbort = () => settle(signal.reason)
    const onEnd = (error: unknown = new MalformedResponse('HTTP_NO_HEAD', 'no answer')) => settle(error)
    // Not by `data`: whoever reads the tunnel is to find the socket as if nobody had read from it.
    const onReadable = () => {
      for (let chunk = socket.read(); chunk !== null && status === undefined; chunk = socket.read()) {
        try {
          const rest = chunk.subarray(reader.push(chunk))
          if (rest.length > 0) socket.unshift(rest)
        } catch (error) {
          return settle(error)
        }
      }
      if (status === undefined) return
      settle(status < 300 ? undefined : proxyRefused(status, proxy.host, target, authorization))
    }
    signal.addEventListener('abort', onAbort)
    socket.on('readable', onReadable).on('end', onEnd).on('error', onEnd)
    socket.write(head, 'latin1')
  })
}
