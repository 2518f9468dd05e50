/** Which requests a reverse proxy passes on, and as what. */
import { isIP } from 'node:net'
import { originForm } from './http/origin-form.ts'
import type { Route } from './http/proxied-exchange.ts'
import { Refusal } from './http/refusal.ts'
import type { RequestHead } from './http/request-head.ts'
import { ReverseRewriting } from './rewriting/reverse-rewriting.ts'

/** A host name or an address, and a port (RFC 9110 section 7.2). */
const HOST = /^(?:[\w.-]+|\[[\da-f:.]+\])(?::\d{1,5})?$/i

/**
 * Whether others cannot point the name at this machine: it is an address, or a name of this machine, or a name without a
 * dot. Otherwise, a page of another site could read the target through the proxy (DNS rebinding).
 */
function isOwnName(host: string): boolean {
  const name = host
    .replace(/:\d+$/, '')
    .replace(/^\[|\]$/g, '')
    .toLowerCase()
  return isIP(name) !== 0 || !name.includes('.') || name.endsWith('.localhost')
}

/** Makes the routes of a proxy for `target`. `anyHost`: requests may name any host. */
export function reverseRoute(target: URL, anyHost: boolean): (request: RequestHead) => Route {
  return (request) => {
    const host = request.host === '' ? 'localhost' : request.host
    if (!HOST.test(host) || !URL.canParse(`http://${host}`))
      throw new Refusal(400, 'The Host field of the request is not valid.')
    if (!anyHost && !isOwnName(host))
      throw new Refusal(
        421,
        `This proxy does not answer requests to the host ${host}; use its address, or start it with --host and an address of the network to allow every name.`,
      )
    const rewriting = new ReverseRewriting(target, host)
    return {
      origin: target,
      target: originForm(request),
      request: (fields) => rewriting.request(fields),
      response: (fields) => rewriting.response(fields),
    }
  }
}
