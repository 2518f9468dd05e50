/** Which requests a forward proxy passes on: those that name a server, and those inside a tunnel. */
import { newField, withValue } from '../http/message-head.ts'
import { originForm } from '../http/origin-form.ts'
import type { Route } from '../http/proxied-exchange.ts'
import { Refusal } from '../http/refusal.ts'
import type { RequestHead } from '../http/request-head.ts'

/**
 * The route of a request in absolute form (RFC 9112 section 3.2.2), or of one inside a tunnel to `tunnelTo`. Throws a
 * `Refusal`.
 */
export function forwardRoute(request: RequestHead, tunnelTo: URL | undefined): Route {
  const url = tunnelTo === undefined ? urlOf(request) : undefined
  const origin = tunnelTo ?? new URL(url?.origin ?? '')
  const { host } = origin
  return {
    origin,
    target: originForm(request),
    request: (fields) => {
      if (url === undefined) return fields
      // The target of the request counts, not what the client wrote into the field.
      const changed = fields.map((field) => (field.name === 'host' ? withValue(field, host) : field))
      return changed.some(({ name }) => name === 'host') ? changed : [newField('Host', host), ...changed]
    },
    response: (fields) => fields,
  }
}

function urlOf({ target }: RequestHead): URL {
  const url = URL.canParse(target) ? new URL(target) : undefined
  const scheme = url?.protocol.replace(/^ws/, 'http')
  if (url === undefined || (scheme !== 'http:' && scheme !== 'https:'))
    throw new Refusal(
      400,
      'This is a forward proxy for HTTP: set it as the proxy of a program, for example as HTTP_PROXY, instead of opening it.',
    )
  if (url.username !== '' || url.password !== '')
    throw new Refusal(400, 'This proxy does not pass on URLs with a password; send it in a header.')
  return new URL(url.href.replace(/^ws/, 'http'))
}
