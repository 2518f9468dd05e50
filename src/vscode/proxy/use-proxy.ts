/** What can be done with a recording proxy that runs, so that the traffic of a program goes through it. */
import * as vscode from 'vscode'
import type { ProxyStatus } from '../../shared/protocol/traffic.ts'
import { proxyUrl } from '../../shared/proxy-url.ts'
import { askText } from '../ui/asking.ts'
import {
  DEFAULT_VARIABLE,
  forwardVariables,
  isVariableName,
  type Variables,
  valueFor,
} from './environment.ts'
import { nameOf } from './proxies.ts'
import type { RecentTargets } from './recent-targets.ts'

/** Copies the URL and says so. */
export async function copyUrl(proxy: ProxyStatus): Promise<void> {
  const url = proxyUrl(proxy)
  await vscode.env.clipboard.writeText(url)
  vscode.window.setStatusBarMessage(vscode.l10n.t('Copied {0}', url), 3000)
}

/** Opens the URL of a reverse proxy. VS Code forwards its port if the browser is on another machine. */
export async function openInBrowser(proxy: ProxyStatus): Promise<void> {
  await vscode.env.openExternal(vscode.Uri.parse(proxyUrl(proxy)))
}

/**
 * Opens a terminal in which programs find the proxy: a reverse proxy by the variable `name`, which is asked for if it is
 * absent. Rejects with `CANCELLED`.
 */
export async function openTerminal(proxy: ProxyStatus, recent: RecentTargets, name?: string): Promise<void> {
  const env = await variablesFor(proxy, recent, name)
  const [first] = Object.keys(env)
  const terminal = vscode.window.createTerminal({
    name: proxy.target === undefined ? vscode.l10n.t('Recorded') : `${first}`,
    env,
    iconPath: new vscode.ThemeIcon('arrow-swap'),
    message: messageFor(proxy, env),
  })
  terminal.show()
}

/** The variables of the proxy. For a reverse proxy, asks for the name of one if it is absent. Rejects with `CANCELLED`. */
export async function variablesFor(
  proxy: ProxyStatus,
  recent: RecentTargets,
  name?: string,
): Promise<Variables> {
  if (proxy.target === undefined) return forwardVariables(proxy)
  const named = name ?? (await askVariable(proxy, recent))
  return { [named]: valueFor(named, proxy) }
}

async function askVariable(proxy: ProxyStatus, recent: RecentTargets): Promise<string> {
  const typed = await askText({
    title: vscode.l10n.t('Variable for the URL of the Proxy'),
    prompt: vscode.l10n.t(
      'The variable from which your program reads the URL of {0}, such as API_URL. If WS is a word of the name, as in VITE_WS_URL, it gets the ws: URL.',
      nameOf(proxy),
    ),
    value: recent.variable ?? DEFAULT_VARIABLE,
    validateInput: (text) =>
      isVariableName(text.trim())
        ? undefined
        : vscode.l10n.t('Enter letters, digits and underscores, not beginning with a digit.'),
  })
  await recent.nameVariable(typed.trim())
  return typed.trim()
}

/** What the terminal says first. */
function messageFor(proxy: ProxyStatus, env: Variables): string {
  const set = Object.entries(env).flatMap(([name, value]) => (value === null ? [] : [`${name}=${value}`]))
  return proxy.target === undefined
    ? vscode.l10n.t(
        'Programs that follow HTTP_PROXY are recorded while the proxy runs. Set: {0}',
        set.join(' '),
      )
    : vscode.l10n.t(
        'What goes to this URL is recorded and passed on to {0}. Set: {1}',
        nameOf(proxy),
        set.join(' '),
      )
}
