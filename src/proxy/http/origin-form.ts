/** The target of a request that goes to one server. */
import { Refusal } from './refusal.ts'
import type { RequestHead } from './request-head.ts'

/**
 * The path and query of a request target, which may be a whole URL (RFC 9112 section 3.2.2). Throws a `Refusal` if it has
 * none.
 */
export function originForm({ target, method }: Pick<RequestHead, 'target' | 'method'>): string {
  if (target.startsWith('/') || (target === '*' && method === 'OPTIONS')) return target
  if (method === 'CONNECT' || !URL.canParse(target))
    throw new Refusal(
      400,
      'These requests go to one server, which opens no tunnels; start the proxy without a target, and send CONNECT to it directly.',
    )
  const { pathname, search } = new URL(target)
  return pathname + search
}
