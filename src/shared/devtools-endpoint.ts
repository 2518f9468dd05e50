/** The DevTools endpoint of a program. */
import { basicOf } from './credentials.ts'
import { Failure } from './failure.ts'

/** A host with a port. No endpoint has the default port of HTTP. */
const HOST_AND_PORT = /^(?:[\w.-]{1,255}|\[[\da-f:.]{2,45}\]):\d{1,5}$/i

/** The URL of an endpoint, as people write it: a port of this machine, a host with a port, or a URL. Throws a `Failure` `BAD_ENDPOINT`. */
export function parseEndpoint(typed: string): URL {
  const text = typed.trim()
  const host = /^\d{1,5}$/.test(text) ? `127.0.0.1:${text}` : text
  const full = HOST_AND_PORT.test(host) ? `http://${host}` : text
  const url = URL.canParse(full) ? new URL(full) : undefined
  if (url === undefined || !/^(?:https?|wss?):$/.test(url.protocol))
    throw new Failure(
      'BAD_ENDPOINT',
      'An endpoint is a URL such as http://127.0.0.1:9222, or the ws: URL that a program prints.',
    )
  url.hash = ''
  return url
}

/** The URL without its user and password, and the header fields that carry them (RFC 7617). */
export function withoutUserinfo(text: string | URL): {
  readonly url: URL
  readonly headers: Readonly<Record<string, string>>
} {
  const url = new URL(text)
  if (url.username === '' && url.password === '') return { url, headers: {} }
  const headers = { authorization: basicOf(url) }
  url.username = ''
  url.password = ''
  return { url, headers }
}
