import { usePanel } from '../panel.ts'

/** What was open before a reload, to be opened again. */
export function Reopen() {
  const panel = usePanel()
  const { reopenable = [] } = panel.context.value
  const reopen = (dismiss: boolean) => void panel.attempt(panel.host.call('reopen', { dismiss }, 0))
  if (reopenable.length === 0) return null
  return (
    <section class="reopen" aria-labelledby="reopen-title">
      <h2 id="reopen-title">Open before the window was reloaded</h2>
      <ul>
        {reopenable.map((url) => (
          <li key={url}>
            <code>{url}</code>
          </li>
        ))}
      </ul>
      <vscode-button secondary onClick={() => reopen(false)}>
        Connect again
      </vscode-button>{' '}
      <vscode-button secondary onClick={() => reopen(true)}>
        Forget them
      </vscode-button>
    </section>
  )
}
