/** Where a redirect sends a handshake, and what it may take along. */
import type { Headers } from '../../shared/event.ts'
import { MASK, maskSubprotocols, maskUrl } from '../../shared/secrets.ts'
import type { ConnectionSpec } from '../../shared/spec.ts'
import { protocolIn, schemeOf } from '../../shared/transports.ts'
import { forAnotherOrigin } from '../http/fields.ts'
import { refusePlainRedirect } from '../http/named-origin.ts'
import { badRedirect } from './failures.ts'

export interface HandshakeTarget {
  /** ws: or wss:. */
  readonly url: URL
  readonly headers: Headers
  readonly subprotocols: readonly string[]
}

/** As in the constructor of the WHATWG's WebSocket, an http or https URL stands for the ws or wss URL. */
function resolve(location: string, base: URL): URL {
  if (!URL.canParse(location, base.href)) throw badRedirect(maskUrl(location), 'it is not a URL')
  const url = new URL(location, base)
  if (schemeOf(url.protocol) === undefined)
    throw badRedirect(maskUrl(location), `a WebSocket URL cannot begin with ${url.protocol}`)
  return new URL(
    `${protocolIn('ws', url.protocol)}${url.href.slice(url.protocol.length).replace(/#.*$/, '')}`,
  )
}

/** The target of a redirect, without credentials if it is of another origin. Throws a `Failure` `BAD_REDIRECT`. */
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
