/** The DevTools endpoint of a program. */
import { Failure } from './failure.ts'

/** The URL of an endpoint; text without a scheme is a host. Throws a `Failure` `BAD_ENDPOINT`. */
export function parseEndpoint(text: string): URL {
  const url = URL.parse(/^[a-z]+:\/\//i.test(text) ? text : `http://${text}`)
  if (url === null || !/^(?:https?|wss?):$/.test(url.protocol))
    throw new Failure(
      'BAD_ENDPOINT',
      'An endpoint is a URL such as http://127.0.0.1:9222, or the ws: URL that a program prints.',
    )
  return url
}
