import { useComputed } from '@preact/signals'
import { useEffect } from 'preact/hooks'
import { ConnectForm } from '../connecting/ConnectForm.tsx'
import { EmptyState } from '../empty/EmptyState.tsx'
import { NoEvents } from '../recording/NoEvents.tsx'
import { ServingBar } from '../serving/ServingBar.tsx'
import { usePage } from '../state/page.ts'
import { VIEW_ELEMENT } from '../state/views.ts'
import { ConnectionStrip } from '../strip/ConnectionStrip.tsx'
import { MenuLayer } from '../ui/Menu.tsx'
import { Announcer } from './Announcer.tsx'
import { KeysOverlay } from './KeysOverlay.tsx'
import { NoteDialog } from './NoteDialog.tsx'
import { Notices } from './Notices.tsx'
import { PageBar } from './PageBar.tsx'
import { VIEWS } from './views.tsx'

/** The whole page, from top to bottom. */
export function App() {
  const page = usePage()
  const { session } = page
  const isEmpty = useComputed(() => {
    const status = session.status.value
    if (status?.file?.replay !== undefined) return false
    return status === undefined || (status.events === 0 && status.connections.length === 0)
  }).value
  const view = page.view.value
  const { Content, hasStrip } = VIEWS[view]
  const form = page.connecting.form.value
  // A view that is chosen is shown.
  useEffect(() => page.connecting.closeForm(), [view])
  return (
    <main class="page">
      <Announcer />
      <PageBar hasViews={!isEmpty} />
      {!isEmpty && hasStrip && <ConnectionStrip />}
      <Notices />
      <ServingBar />
      {!page.isReady.value ? null : form !== undefined ? (
        <ConnectForm key={form.draft.id} open={form} />
      ) : isEmpty ? (
        page.isRecording ? (
          <NoEvents />
        ) : (
          <EmptyState />
        )
      ) : (
        <div class="view" id={VIEW_ELEMENT} role="tabpanel" aria-labelledby={`view-${view}`}>
          <Content />
        </div>
      )}
      <MenuLayer />
      <NoteDialog />
      <KeysOverlay />
    </main>
  )
}
