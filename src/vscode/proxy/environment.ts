/** The variables with which a program sends its traffic through a recording proxy. Does not import `vscode`. */
import type { ProxyStatus } from '../../shared/protocol/traffic.ts'

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
export function valueFor(name: string, listening: string): string {
  const url = listening.replace(/\/$/, '')
  return WEBSOCKET_NAME.test(name) ? url.replace(/^http/, 'ws') : url
}

/**
 * The URL of a proxy for a browser: at `localhost` if the target is there too, because cookies depend on the name of the
 * host, but not on the port.
 */
export function browserUrl({ listening, target }: Pick<ProxyStatus, 'listening' | 'target'>): string {
  const url = new URL(listening)
  if (target !== undefined && new URL(target).hostname === 'localhost' && url.hostname === '127.0.0.1')
    url.hostname = 'localhost'
  return url.href
}

/**
 * The variables of a forward proxy. Both spellings are in use. Node.js follows them if `NODE_USE_ENV_PROXY` is set. Null
 * removes a variable: exceptions such as `localhost` would not be recorded.
 */
export function forwardVariables({ listening }: Pick<ProxyStatus, 'listening'>): Variables {
  const url = listening.replace(/\/$/, '')
  return {
    ...{ HTTP_PROXY: url, http_proxy: url, HTTPS_PROXY: url, https_proxy: url },
    ...{ NODE_USE_ENV_PROXY: '1', NO_PROXY: null, no_proxy: null },
  }
}
