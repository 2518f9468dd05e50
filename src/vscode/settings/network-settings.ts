/** VS Code's `http.*` settings for the engine, because VS Code does not patch the network of worker threads. */
import type { NetworkSettings } from '../../shared/spec.ts'

export const NETWORK_SETTINGS = [
  'http.proxy',
  'http.noProxy',
  'http.proxyAuthorization',
  'http.proxyStrictSSL',
  'http.proxySupport',
] as const

function text(value: unknown): string | undefined {
  return typeof value === 'string' && value.trim() !== '' ? value.trim() : undefined
}

function hosts(value: unknown): string | undefined {
  const list = Array.isArray(value) ? value.filter((host) => typeof host === 'string' && host !== '') : []
  return list.length === 0 ? undefined : list.join(',')
}

/**
 * Reads the settings through `get`. With `http.proxySupport` off, all connections are direct, even if the environment
 * names a proxy. Without `http.proxy`, the environment decides.
 */
export function networkSettings(get: (key: (typeof NETWORK_SETTINGS)[number]) => unknown): NetworkSettings {
  const strictTls = get('http.proxyStrictSSL') !== false
  if (get('http.proxySupport') === 'off') return { noProxy: '*', strictTls }
  const proxy = text(get('http.proxy'))
  const noProxy = hosts(get('http.noProxy'))
  const proxyAuthorization = text(get('http.proxyAuthorization'))
  return {
    ...(proxy === undefined ? {} : { proxy }),
    ...(noProxy === undefined ? {} : { noProxy }),
    ...(proxyAuthorization === undefined ? {} : { proxyAuthorization }),
    strictTls,
  }
}
