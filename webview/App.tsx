import { useComputed } from '@preact/signals'
import { Announcer } from './Announcer.tsx'
import { Composer } from './composer/Composer.tsx'
import { DetailPane } from './detail/DetailPane.tsx'
import { EmptyState } from './empty/EmptyState.tsx'
import { FilterBar } from './filter/FilterBar.tsx'
import { Split } from './layout/Split.tsx'
import { EventList } from './list/EventList.tsx'
import { Notices } from './Notices.tsx'
import { usePanel } from './panel.ts'
import { ConnectionStrip } from './strip/ConnectionStrip.tsx'
import { Timeline } from './timeline/Timeline.tsx'

/** The whole page, from top to bottom. */
export function App() {
  const { session, selection } = usePanel()
  const isEmpty = useComputed(() => {
    const status = session.status.value
    return status === undefined || (status.events === 0 && status.connections.length === 0)
  }).value
  return (
    <main class="page">
      <Announcer />
      <ConnectionStrip />
      <Notices />
      {isEmpty ? (
        <EmptyState />
      ) : (
        <>
          <Timeline />
          <FilterBar />
          <Split
            first={<EventList />}
            second={<DetailPane />}
            secondWanted={selection.current.value !== undefined}
          />
          <Composer />
        </>
      )}
    </main>
  )
}
