/** A tunnel through an HTTP proxy (RFC 9110 section 9.3.6). */
import type net from 'node:net'
import { MalformedResponse } from '../../parse/http/malformed.ts'
import { ResponseReader } from '../../parse/http/response.ts'
import type { StopSignal } from '../deadline.ts'
import { proxyRefused, proxyUnusable } from './failures.ts'
import { hostAndPort } from './host-port.ts'
import { requestHead } from './request-head.ts'

/** Requests a tunnel to the origin from the proxy at the other end of `socket`. Rejects with a `Failure`. */
export function openTunnel(
  socket: net.Socket,
  proxy: URL,
  origin: URL,
  authorization: string | undefined,
  signal: StopSignal,
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
    // Not by `data`, which would leave the socket in flowing mode for the one who reads the tunnel.
    const onReadable = () => {
      // What follows the answer is for the one who reads the tunnel: an HTTP/2 server speaks first.
      while (status === undefined) {
        const chunk: Buffer | null = socket.read()
        if (chunk === null) return
        try {
          const rest = chunk.subarray(reader.push(chunk))
          if (rest.length > 0) socket.unshift(rest)
        } catch (error) {
          return settle(error)
        }
      }
      settle(status < 300 ? undefined : proxyRefused(status, proxy.host, target, authorization))
    }
    signal.addEventListener('abort', onAbort)
    socket.on('readable', onReadable).on('end', onEnd).on('error', onEnd)
    socket.write(head, 'latin1')
  })
}
