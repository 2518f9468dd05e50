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
      <h1 id="empty-title">Nothing here yet</h1>
      <p>
        Open a connection and every event of it appears here as it happens: when it came, which way it went,
        how big it was, and every reconnect.
      </p>
      <UrlForm />
      <p class="hint">
        <code>ws://</code> and <code>wss://</code> are WebSockets; what an <code>http://</code> URL speaks is
        found from its answer. Headers, a method or a body:{' '}
        <button type="button" class="link" onClick={() => page.connect()}>
          more options…
        </button>
      </p>
      <Reopen />
      <Examples />
    </section>
  )
}
