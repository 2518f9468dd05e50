/** Receives the redirect at the end of a sign-in, on a port of this machine (RFC 8252 section 7.3). */

import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Failure } from '../../shared/failure.ts'
import { isLoopback } from '../../shared/loopback.ts'

/** The default redirect URL. Its port is a free one. */
const DEFAULT_REDIRECT = 'http://127.0.0.1/callback'

export interface RedirectListener {
  /** As the authorization server has to know it: with the port. */
  readonly redirectUrl: string
  /** The URL that the browser was sent to. Pending until then, also after `close`. */
  readonly received: Promise<URL>
  close(): void
}

/**
 * Listens at `redirectUrl`, on a free port if the URL has none. Requests without that `state` are refused, because
 * any page in the browser could send them. Rejects with a `Failure` `BAD_AUTH` if that fails.
 */
export async function listenForRedirect(
  state: string,
  redirectUrl: string = DEFAULT_REDIRECT,
): Promise<RedirectListener> {
  const url = new URL(redirectUrl)
  const { hostname, pathname } = url
  if (url.protocol !== 'http:' || !isLoopback(hostname))
    throw new Failure(
      'BAD_AUTH',
      `The redirect to ${url.origin}${pathname} cannot be received; use a "Redirect URL" such as http://127.0.0.1:8085/callback.`,
    )
  let receive: (url: URL) => void = () => {}
  const received = new Promise<URL>((resolve) => {
    receive = resolve
  })
  const server = createServer((request, response) => {
    const target = new URL(request.url ?? '/', url)
    if (target.pathname !== pathname) answer(response, 404, 'There is nothing here.')
    else if (!isExpected(request, target, state)) answer(response, 400, 'This sign-in is not expected.')
    else {
      answer(response, 200, 'The sign-in is complete. You can close this page.')
      receive(target)
    }
  })
  server.listen(Number(url.port), hostname.replace(/^\[|\]$/g, ''))
  try {
    await once(server, 'listening')
  } catch {
    throw new Failure(
      'BAD_AUTH',
      `The redirect to ${url.origin} cannot be received, because another program uses that port; end it, or change "Redirect URL" here and on the server.`,
    )
  }
  url.port = String((server.address() as AddressInfo).port)
  return {
    redirectUrl: url.href,
    received,
    close: () => {
      server.close()
      server.closeIdleConnections()
    },
  }
}

function isExpected({ method }: IncomingMessage, { searchParams }: URL, state: string): boolean {
  return method === 'GET' && searchParams.get('state') === state
}

function answer(response: ServerResponse, status: number, sentence: string): void {
  response.writeHead(status, {
    'content-type': 'text/html; charset=utf-8',
    'content-security-policy': "default-src 'none'",
    'referrer-policy': 'no-referrer',
    connection: 'close',
  })
  response.end(`<!doctype html><meta charset="utf-8"><title>Realtime Inspector</title><p>${sentence}</p>`)
}
