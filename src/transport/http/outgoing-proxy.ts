/** Which proxy a URL is reached through, and with which credentials. */
import { basicOf } from '../../shared/credentials.ts'
import { isProxyUrl } from '../../shared/outgoing-proxy-url.ts'
import type { ConnectionSpec, NetworkSettings } from '../../shared/spec.ts'
import { protocolIn } from '../../shared/transports.ts'
import { badProxy, proxyOfSocket } from './failures.ts'
import { portOf, proxyOrigin } from './host-port.ts'
import { isNamedOrigin } from './named-origin.ts'
import { isListed } from './no-proxy.ts'

/**
 * The proxy for a URL (http, https, ws or wss); undefined if it is reached directly. It is the spec's, else the editor's,
 * else the environment's HTTP_PROXY (also for ws), HTTPS_PROXY (also for wss) or ALL_PROXY. Hosts in the NO_PROXY lists
 * are reached directly, unless the spec names a proxy. Throws a `Failure` `BAD_PROXY`.
 */
export function proxyFor(url: URL, spec: ConnectionSpec, network: NetworkSettings): URL | undefined {
  const isLocal = spec.socketPath !== undefined && isNamedOrigin(url, spec)
  if (spec.proxy !== undefined && spec.proxy !== '') {
    if (isLocal) throw proxyOfSocket()
    return parseProxy(spec.proxy)
  }
  if (isLocal) return undefined
  const protocol = protocolIn('http', url.protocol)
  const port = String(portOf(url))
  if (isListed(url.hostname, port, network.noProxy ?? '')) return undefined
  const proxy = network.proxy || environmentProxy(protocol, url.hostname, port)
  return proxy === '' ? undefined : parseProxy(proxy)
}

/** The environment's proxy; empty if there is none, or if NO_PROXY lists the host. */
function environmentProxy(protocol: string, hostname: string, port: string): string {
  if (isListed(hostname, port, environment('no_proxy'))) return ''
  return environment(`${protocol.slice(0, -1)}_proxy`) || environment('all_proxy')
}

/**
 * An environment variable, by its name in lower or else upper case; empty if it is not set. On Windows, case does not matter,
 * but it does in the copy of the environment that a worker thread has.
 */
export function environment(
  name: string,
  variables: NodeJS.ProcessEnv = process.env,
  platform: NodeJS.Platform = process.platform,
): string {
  const exact = variables[name] || variables[name.toUpperCase()] || ''
  if (exact !== '' || platform !== 'win32') return exact
  const written = Object.keys(variables).find((each) => each.toLowerCase() === name)
  return (written && variables[written]) || ''
}

/**
 * The `Proxy-Authorization` value for a proxy: from the user and password in its URL, else the editor's, if it is the
 * editor's proxy (`http.proxy`), even if the spec or the environment names it.
 */
export function proxyAuthorization(proxy: URL, network: NetworkSettings): string | undefined {
  if (proxy.username !== '') return basicOf(proxy)
  if (!network.proxy || proxyOrigin(parseProxy(network.proxy)) !== proxyOrigin(proxy)) return undefined
  return network.proxyAuthorization
}

function parseProxy(text: string): URL {
  const href = text.includes('://') ? text : `http://${text}`
  if (!isProxyUrl(href)) throw badProxy(text)
  return new URL(href)
}
