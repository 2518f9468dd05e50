/** Which proxy a URL goes through, and how it is told who asks. */
import { getProxyForUrl } from 'proxy-from-env'
import { Failure } from '../../shared/failure.ts'
import { maskUrl } from '../../shared/secrets.ts'
import type { ConnectionSpec, NetworkSettings } from '../../shared/spec.ts'

const HTTP_SCHEME: Readonly<Record<string, string>> = { 'ws:': 'http:', 'wss:': 'https:' }
const DEFAULT_PORT: Readonly<Record<string, string>> = { 'http:': '80', 'https:': '443' }

/**
 * The proxy for a URL (http, https, ws or wss), or undefined where it goes direct: the spec's own, else the
 * editor's, else the environment's HTTP_PROXY (also ws), HTTPS_PROXY (also wss) or ALL_PROXY. Hosts in
 * NO_PROXY's lists go direct, except where the spec names a proxy. Throws a `Failure` `BAD_PROXY`.
 */
export function proxyFor(url: URL, spec: ConnectionSpec, network: NetworkSettings): URL | undefined {
  if (spec.proxy !== undefined && spec.proxy !== '') return parseProxy(spec.proxy)
  const protocol = HTTP_SCHEME[url.protocol] ?? url.protocol
  const port = url.port || (DEFAULT_PORT[protocol] ?? '')
  if (bypasses(url.hostname, port, network.noProxy ?? '')) return undefined
  const proxy = network.proxy || getProxyForUrl(`${protocol}//${url.host}/`)
  return proxy === '' ? undefined : parseProxy(proxy)
}

/** The `Proxy-Authorization` value for a proxy: the editor's, else from the proxy URL's user and password. */
export function proxyAuthorization(proxy: URL, network: NetworkSettings): string | undefined {
  if (proxy.username !== '') return basic(proxy)
  return network.proxyAuthorization
}

/** Basic credentials (RFC 7617) of a URL's user and password. */
export function basic(url: URL): string {
  const credentials = `${percentDecode(url.username)}:${percentDecode(url.password)}`
  return `Basic ${Buffer.from(credentials).toString('base64')}`
}

function percentDecode(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    // A percent sign that encodes nothing stands for itself.
    return text
  }
}

function parseProxy(text: string): URL {
  const href = text.includes('://') ? text : `http://${text}`
  const url = URL.canParse(href) ? new URL(href) : undefined
  if (url !== undefined && url.hostname !== '' && (url.protocol === 'http:' || url.protocol === 'https:'))
    return url
  throw new Failure(
    'BAD_PROXY',
    `The proxy "${maskUrl(text)}" cannot be used; give an http: or https: URL such as http://proxy.example:3128.`,
  )
}

/** Whether a list of hosts in NO_PROXY's form (`host`, `.domain`, `*.domain`, `host:port`, `*`) names this one. */
function bypasses(hostname: string, port: string, list: string): boolean {
  return list
    .toLowerCase()
    .split(/[\s,]+/)
    .some((entry) => {
      const [, host = entry, onlyPort] = /^(.+):(\d+)$/.exec(entry) ?? []
      if (host === '' || (onlyPort !== undefined && onlyPort !== port)) return false
      if (host === '*') return true
      const suffix = host.startsWith('*') ? host.slice(1) : host
      return suffix.startsWith('.') ? hostname.endsWith(suffix) : hostname === host
    })
}
