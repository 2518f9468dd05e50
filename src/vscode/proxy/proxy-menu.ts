/** Says that a recording proxy runs, and offers what can be done with it. */
import * as vscode from 'vscode'
import type { ProxyStatus } from '../../shared/protocol/traffic.ts'
import { proxyUrl } from '../../shared/proxy-url.ts'
import { askChoice } from '../ui/asking.ts'
import type { Action, Notifier } from '../ui/notifier.ts'
import { askFaults } from './ask-faults.ts'
import { debugThrough } from './debug-configuration.ts'
import { nameOf, type Proxies } from './proxies.ts'
import { copyUrl, openInBrowser, openTerminal } from './use-proxy.ts'

export interface ProxyUseOptions {
  readonly proxies: Proxies
  readonly notifier: Notifier
  /** `preserveFocus` leaves the focus where it is. */
  readonly showPanel: (preserveFocus?: boolean) => void
}

interface Use extends Action {
  readonly icon: string
  /** Offered with the message that the proxy has started. */
  readonly isFirst?: true
}

function usesOf(proxy: ProxyStatus, { proxies, showPanel }: ProxyUseOptions): readonly Use[] {
  const { recent } = proxies
  return [
    { title: vscode.l10n.t('Copy URL'), icon: 'copy', run: () => copyUrl(proxy) },
    ...(proxy.target === undefined
      ? []
      : [
          {
            title: vscode.l10n.t('Open in Browser'),
            icon: 'link-external',
            isFirst: true as const,
            run: () => openInBrowser(proxy),
          },
        ]),
    {
      title: vscode.l10n.t('Open Terminal with the Proxy Set'),
      icon: 'terminal',
      isFirst: true,
      run: () => openTerminal(proxy, recent),
    },
    {
      title: vscode.l10n.t('Debug with the Proxy Set…'),
      icon: 'debug-alt',
      run: () => debugThrough(proxy, recent),
    },
    {
      title: vscode.l10n.t('Faults on Purpose…'),
      icon: 'zap',
      run: async () => await proxies.setFaults(proxy.id, await askFaults(proxies.find(proxy.id))),
    },
    { title: vscode.l10n.t('Show in Panel'), icon: 'pulse', run: () => showPanel() },
    { title: vscode.l10n.t('Stop'), icon: 'debug-stop', run: () => proxies.stop(proxy.id) },
  ]
}

/** Copies the URL of a proxy that has just started, says so, and offers how to use it. */
export async function introduce(proxy: ProxyStatus, options: ProxyUseOptions): Promise<void> {
  const url = proxyUrl(proxy)
  await vscode.env.clipboard.writeText(url)
  const sentence =
    proxy.target === undefined
      ? vscode.l10n.t(
          'The recording proxy listens on {0}. The URL is copied: set it as HTTP_PROXY of a program to record what it sends.',
          url,
        )
      : vscode.l10n.t(
          'Recording {0} at {1}. The URL is copied: use it in place of the server’s.',
          nameOf(proxy),
          url,
        )
  const first = usesOf(proxy, options).filter(({ isFirst }) => isFirst)
  const more = { title: vscode.l10n.t('More…'), run: () => showUses(proxy, options) }
  options.notifier.info(sentence, ...first, more)
}

/** Shows a menu, and does what the user picks. */
export async function showUses(proxy: ProxyStatus, options: ProxyUseOptions): Promise<void> {
  const items = usesOf(proxy, options).map(({ title, icon, run }) => ({ label: `$(${icon}) ${title}`, run }))
  const chosen = await askChoice(items, { title: `${nameOf(proxy)} · ${proxyUrl(proxy)}` })
  await chosen?.run()
}
