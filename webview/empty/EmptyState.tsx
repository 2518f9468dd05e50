import { usePage } from '../state/page.ts'
import { Examples } from './Examples.tsx'
import { Reopen } from './Reopen.tsx'
import { UnsavedSessions } from './UnsavedSessions.tsx'
import { UrlForm } from './UrlForm.tsx'

/** Shown before the first connection: a field for a URL, and examples. */
export function EmptyState() {
  const page = usePage()
  return (
    <section class="empty" aria-labelledby="empty-title">
      <UnsavedSessions />
      <h1 id="empty-title">No connections yet</h1>
      <p>
        Open a connection to see each of its events as it happens, with its time, direction and size, and
        every reconnect.
      </p>
      <UrlForm />
      <p class="hint">
        <code>ws://</code> and <code>wss://</code> are WebSockets. For <code>http://</code>, the response
        decides the transport. To set headers, a method or a body:{' '}
        <button type="button" class="link" onClick={() => page.connect()}>
          more options…
        </button>
      </p>
      <Reopen />
      <Examples />
    </section>
  )
}
