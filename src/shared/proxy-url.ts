/** The URL under which clients use a recording proxy. */
import type { ProxyStatus } from './protocol/traffic.ts'

/**
 * The origin to use in place of the target's, or as the HTTP proxy. It is at `localhost` if the target is there too: cookies, and what
 * counts as the same site, depend on the name of the host, but not on the port.
 */
export function proxyUrl({ listening, target }: Pick<ProxyStatus, 'listening' | 'target'>): string {
  const url = new URL(listening)
  const isNamed = target !== undefined && new URL(target).hostname === 'localhost'
  if (isNamed && url.hostname === '127.0.0.1') url.hostname = 'localhost'
  return url.origin
}
