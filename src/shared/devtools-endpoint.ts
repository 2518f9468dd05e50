/** The DevTools endpoint of a program. */
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
  return url
}
