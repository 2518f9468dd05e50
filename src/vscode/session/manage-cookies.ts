/** The list of the cookies of the session: shows the value of one, and deletes one, those of a domain, or all. */
import * as vscode from 'vscode'
import type { CookieInfo } from '../../shared/protocol/cookies.ts'
import { askChoice } from '../ui/asking.ts'
import { cancelled, type Notifier } from '../ui/notifier.ts'
import { plainText } from '../ui/untrusted-text.ts'
import type { LiveSession } from './live-session.ts'

interface Item extends vscode.QuickPickItem {
  run?(): Promise<unknown>
}

/** Asks which cookies, and then what to do with them, until the user cancels or none is left. Rejects with `CANCELLED`. */
export async function manageCookies(session: LiveSession, notifier: Notifier): Promise<void> {
  for (let isFirst = true; ; isFirst = false) {
    const cookies = session.running ? await session.call('cookies', null) : []
    if (cookies.length === 0) {
      if (isFirst)
        notifier.info(
          vscode.l10n.t(
            'There are no cookies. Requests of files store those that servers set, and so do connections that use cookies.',
          ),
        )
      return
    }
    const chosen = await askChoice(itemsOf(cookies, session), {
      title: vscode.l10n.t('Cookies'),
      placeHolder: vscode.l10n.t('They are in memory until the window closes. Choose one to see its value.'),
      matchOnDescription: true,
    })
    if (chosen === undefined) throw cancelled()
    await chosen.run?.()
  }
}

function itemsOf(cookies: readonly CookieInfo[], session: LiveSession): Item[] {
  const domains = [...new Set(cookies.map(({ domain }) => domain))]
  return [
    ...domains.flatMap((domain) => [
      { label: plainText(domain), kind: vscode.QuickPickItemKind.Separator },
      ...cookies
        .filter((cookie) => cookie.domain === domain)
        .map((cookie) => ({
          label: plainText(nameOf(cookie)),
          description: plainText(cookie.path),
          detail: detailsOf(cookie),
          run: () => showOrDelete(cookie, session),
        })),
      {
        label: vscode.l10n.t('$(trash) Delete those of {0}', plainText(domain)),
        run: () => session.call('deleteCookies', { domain }),
      },
    ]),
    { label: '', kind: vscode.QuickPickItemKind.Separator },
    { label: vscode.l10n.t('$(clear-all) Delete all'), run: () => session.call('deleteCookies', null) },
  ]
}

function nameOf({ name }: CookieInfo): string {
  return name === '' ? vscode.l10n.t('(without a name)') : name
}

/** When it expires, and which requests it is sent with. */
function detailsOf({ isHostOnly, isSecure, isHttpOnly, expires }: CookieInfo): string {
  return [
    expires === undefined
      ? vscode.l10n.t('without expiry')
      : vscode.l10n.t('expires {0}', new Date(expires).toLocaleString()),
    isHostOnly ? vscode.l10n.t('this host only') : vscode.l10n.t('also subdomains'),
    ...(isSecure ? ['Secure'] : []),
    ...(isHttpOnly ? ['HttpOnly'] : []),
  ].join(' · ')
}

async function showOrDelete(cookie: CookieInfo, session: LiveSession): Promise<void> {
  const { domain, path, name } = cookie
  const key = { domain, path, name }
  const items: Item[] = [
    {
      label: vscode.l10n.t('$(eye) Show Value'),
      run: async () => {
        const found = await session.call('cookieValue', key)
        const detail = found?.value ?? vscode.l10n.t('The cookie does not exist any more.')
        await vscode.window.showInformationMessage(plainText(nameOf(cookie)), { modal: true, detail })
      },
    },
    { label: vscode.l10n.t('$(trash) Delete'), run: () => session.call('deleteCookies', key) },
  ]
  const chosen = await askChoice(items, {
    title: vscode.l10n.t('Cookie {0} of {1}', plainText(nameOf(cookie)), plainText(domain)),
  })
  await chosen?.run?.()
}
