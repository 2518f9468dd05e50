/** Where a redirected handshake goes, and what it may take along. */
import type { Headers } from '../../shared/event.ts'
import { Failure } from '../../shared/failure.ts'
import { MASK, maskSubprotocols, maskUrl } from '../../shared/secrets.ts'
import type { ConnectionSpec } from '../../shared/spec.ts'
import { forAnotherOrigin } from '../http/fields.ts'
import { refusePlainRedirect } from '../http/named-origin.ts'

export interface HandshakeTarget {
  /** ws: or wss:. */
  readonly url: URL
  readonly headers: Headers
  readonly subprotocols: readonly string[]
}

const SOCKET_SCHEME: Readonly<Record<string, string>> = {
  'http:': 'ws:',
  'https:': 'wss:',
  'ws:': 'ws:',
  'wss:': 'wss:',
}

/** A http or https URL stands for the WebSocket at the same place, as in the WHATWG's WebSocket constructor. */
function resolve(location: string, base: URL): URL {
  const text = `The redirect to "${maskUrl(location)}" cannot be followed`
  if (!URL.canParse(location, base.href))
    throw new Failure('BAD_REDIRECT', `${text}: it is not a URL; connect to the right URL directly.`)
  const url = new URL(location, base)
  const scheme = SOCKET_SCHEME[url.protocol]
  if (scheme === undefined)
    throw new Failure(
      'BAD_REDIRECT',
      `${text}: a WebSocket is not reached by ${url.protocol}; connect to the right URL directly.`,
    )
  return new URL(`${scheme}${url.href.slice(url.protocol.length).replace(/#.*$/, '')}`)
}

/** The target of a redirect; credentials stay behind where it leads to another origin. Throws `BAD_REDIRECT`. */
export function redirected(target: HandshakeTarget, location: string, spec: ConnectionSpec): HandshakeTarget {
  const url = resolve(location, target.url)
  refusePlainRedirect(target.url, url, spec)
  if (url.origin === target.url.origin) return { ...target, url }
  const masked = maskSubprotocols(target.subprotocols)
  return {
    url,
    headers: forAnotherOrigin(target.headers),
    subprotocols: target.subprotocols.filter((_, index) => masked[index] !== MASK),
  }
}
