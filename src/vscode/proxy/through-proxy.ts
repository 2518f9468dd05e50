/** A debug configuration, changed so that the traffic of its program goes through a recording proxy. Imports only types of `vscode`. */
import type { DebugConfiguration } from 'vscode'
import { isLoopback } from '../../shared/loopback.ts'
import type { ProxyStatus } from '../../shared/protocol/traffic.ts'
import { proxyUrl } from '../../shared/proxy-url.ts'
import type { Variables } from './environment.ts'

/** The types of configurations that launch a browser. They have no environment. */
const BROWSER = /^(?:pwa-)?(?:chrome|msedge|editor-browser)$|^firefox$/

/** Whether a configuration opens the target of the proxy in a browser. */
export function opensTarget({ url }: DebugConfiguration, { target }: ProxyStatus): boolean {
  return originOf(url) !== undefined && originOf(url) === originOf(target)
}

/**
 * The configuration with the variables added to its environment. In a browser, it opens the proxy in place of the target,
 * or sends everything through a forward proxy.
 */
export function throughProxy(
  configuration: DebugConfiguration,
  proxy: ProxyStatus,
  variables: Variables,
): DebugConfiguration {
  const { listening, target } = proxy
  if (opensTarget(configuration, proxy)) {
    const { pathname, search, hash } = new URL(configuration.url)
    const base = proxyUrl({ listening, target: configuration.url })
    return { ...configuration, url: `${base}${pathname}${search}${hash}` }
  }
  if (target === undefined && BROWSER.test(configuration.type)) {
    const args: unknown = configuration.runtimeArgs
    // Browsers do not use a proxy for loopback, unless this pattern takes that rule away.
    const added = [`--proxy-server=${proxyUrl(proxy)}`, '--proxy-bypass-list=<-loopback>']
    return { ...configuration, runtimeArgs: [...(Array.isArray(args) ? args : []), ...added] }
  }
  const removed = Object.keys(variables).filter((name) => variables[name] === null)
  const env = { ...Object(configuration.env), ...variables }
  // Debuggers other than js-debug expect texts. An empty exception is none.
  for (const name of removed) env[name] = ''
  return { ...configuration, env }
}

function originOf(url: unknown): string | undefined {
  if (typeof url !== 'string' || !URL.canParse(url)) return undefined
  const { protocol, hostname, port } = new URL(url)
  return `${protocol}//${isLoopback(hostname) ? 'localhost' : hostname}:${port}`
}
