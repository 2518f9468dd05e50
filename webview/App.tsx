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
import { NoEvents } from './recording/NoEvents.tsx'
import { ReplayBar } from './recording/ReplayBar.tsx'
import { ReportView } from './report/ReportView.tsx'
import { StatusLine } from './StatusLine.tsx'
import { ServingBar } from './serving/ServingBar.tsx'
import { ConnectionStrip } from './strip/ConnectionStrip.tsx'
import { Timeline } from './timeline/Timeline.tsx'

/** The whole page, from top to bottom. */
export function App() {
  const panel = usePanel()
  const { session, selection } = panel
  const { isRecording } = panel
  const isEmpty = useComputed(() => {
    const status = session.status.value
    if (status?.file?.replay !== undefined) return false
    return status === undefined || (status.events === 0 && status.connections.length === 0)
  }).value
  return (
    <main class="page">
      <Announcer />
      <ConnectionStrip />
      <Notices />
      <ServingBar />
      {!panel.isReady.value ? null : isEmpty ? (
        isRecording ? (
          <NoEvents />
        ) : (
          <EmptyState />
        )
      ) : panel.report.isOpen.value ? (
        <ReportView />
      ) : (
        <>
          {isRecording && <ReplayBar />}
          <Timeline />
          <FilterBar />
          <Split
            first={<EventList />}
            second={<DetailPane />}
            secondWanted={selection.current.value !== undefined}
          />
          <StatusLine />
          {!isRecording && <Composer />}
        </>
      )}
    </main>
  )
}
