/** Which proxy a URL goes through, and how it is told who asks. */
import { Failure } from '../../shared/failure.ts'
import { maskUrl } from '../../shared/secrets.ts'
import type { ConnectionSpec, NetworkSettings } from '../../shared/spec.ts'
import { isListed } from './no-proxy.ts'

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
  if (isListed(url.hostname, port, network.noProxy ?? '')) return undefined
  const proxy = network.proxy || environmentProxy(protocol, url.hostname, port)
  return proxy === '' ? undefined : parseProxy(proxy)
}

/** The proxy that the environment names; empty where there is none, or it has the host go direct. */
function environmentProxy(protocol: string, hostname: string, port: string): string {
  if (isListed(hostname, port, environment('no_proxy'))) return ''
  return environment(`${protocol.slice(0, -1)}_proxy`) || environment('all_proxy')
}

/** A variable of the environment, in lower case or else in upper case; empty where there is none. */
function environment(name: string): string {
  return process.env[name] || process.env[name.toUpperCase()] || ''
}

/**
 * The `Proxy-Authorization` value for a proxy: by the user and password of its URL, else the editor's if it is the
 * editor's proxy (`http.proxy`), whoever named it.
 */
export function proxyAuthorization(proxy: URL, network: NetworkSettings): string | undefined {
  if (proxy.username !== '') return basic(proxy)
  if (!network.proxy || parseProxy(network.proxy).origin !== proxy.origin) return undefined
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
