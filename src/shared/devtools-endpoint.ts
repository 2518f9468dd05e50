/** The DevTools endpoint of a program. */
import { basicOf } from './credentials.ts'
import { Failure } from './failure.ts'

/** The URL of an endpoint; a number is a port of this machine, and other text without a scheme a host. Throws a `Failure` `BAD_ENDPOINT`. */
export function parseEndpoint(text: string): URL {
  const host = /^\d{1,5}$/.test(text) ? `127.0.0.1:${text}` : text
  const full = /^[a-z]+:\/\//i.test(host) ? host : `http://${host}`
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
