import { usePanel } from './panel.ts'

/** What the page says before the first connection. */
export function EmptyState() {
  const panel = usePanel()
  const { reopenable = [] } = panel.context.value
  const reopen = (dismiss: boolean) => void panel.attempt(panel.host.call('reopen', { dismiss }, 0))
  return (
    <section class="empty" aria-label="Getting started">
      <h1>Nothing here yet</h1>
      <p>
        Open a connection and every event of it appears here as it happens: when it came, which way it went,
        how big it was, and every reconnect.
      </p>
      <vscode-button onClick={() => panel.connect()}>Connect…</vscode-button>
      {reopenable.length > 0 && (
        <div class="reopen">
          <p>Open before the window was reloaded:</p>
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
        </div>
      )}
      <dl>
        <dt>
          <code>wss://host/path</code>
        </dt>
        <dd>WebSocket: messages, pings and the close, both ways</dd>
        <dt>
          <code>https://host/events</code>
        </dt>
        <dd>Server-Sent Events, or a stream of records; which one is found from the answer</dd>
        <dt>
          <code>https://host/poll</code>
        </dt>
        <dd>Long polling or plain polling: each request, how long it was held and what it brought</dd>
      </dl>
    </section>
  )
}
