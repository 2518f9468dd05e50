/** The variables with which a program sends its traffic through a recording proxy. Does not import `vscode`. */
import type { ProxyStatus } from '../../shared/protocol/traffic.ts'
import { proxyUrl } from '../../shared/proxy-url.ts'

/** What the variable for the URL of a proxy is called if the user does not name one. */
export const DEFAULT_VARIABLE = 'REALTIME_PROXY_URL'

/** A name that every shell and system takes. */
const NAME = /^[A-Za-z_]\w*$/
/** Such a variable is expected to be the URL of a WebSocket. */
const WEBSOCKET_NAME = /(?:^|_)(?:WSS?|WEB_?SOCKETS?|SOCKETS?)(?:_|$)/i

export type Variables = Readonly<Record<string, string | null>>

export function isVariableName(name: string): boolean {
  return NAME.test(name)
}

/** The URL of a proxy as the value of a variable: with the scheme `ws:` if the name says that it is for a WebSocket. */
export function valueFor(name: string, proxy: Pick<ProxyStatus, 'listening' | 'target'>): string {
  const url = proxyUrl(proxy)
  return WEBSOCKET_NAME.test(name) ? url.replace(/^http/, 'ws') : url
}

/**
 * The variables of a forward proxy. Both spellings are in use. Node.js follows them if `NODE_USE_ENV_PROXY` is set. Null
 * removes a variable: exceptions such as `localhost` would not be recorded.
 */
export function forwardVariables({ listening }: Pick<ProxyStatus, 'listening'>): Variables {
  const url = proxyUrl({ listening })
  return {
    ...{ HTTP_PROXY: url, http_proxy: url, HTTPS_PROXY: url, https_proxy: url },
    ...{ NODE_USE_ENV_PROXY: '1', NO_PROXY: null, no_proxy: null },
  }
}
