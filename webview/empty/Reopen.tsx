import * as l10n from '@vscode/l10n'
import { usePage } from '../state/page.ts'

/** Offers to open the connections again that were open before the engine or the window ended. */
export function Reopen() {
  const page = usePage()
  const { urls, why } = page.reopenable.value
  const reopen = (dismiss: boolean) => void page.call('reopen', { dismiss }, 0)
  if (urls.length === 0) return null
  return (
    <section class="reopen" aria-labelledby="reopen-title">
      <h2 id="reopen-title">
        {why === undefined
          ? l10n.t('Previous connections')
          : l10n.t('Connections that were open when the engine stopped')}
      </h2>
      {why !== undefined && <p>{why}</p>}
      <ul>
        {urls.map((url) => (
          <li key={url}>
            <code>{url}</code>
          </li>
        ))}
      </ul>
      <vscode-button secondary onClick={() => reopen(false)}>
        {l10n.t('Connect again')}
      </vscode-button>{' '}
      <vscode-button secondary onClick={() => reopen(true)}>
        {l10n.t('Forget them')}
      </vscode-button>
    </section>
  )
}
