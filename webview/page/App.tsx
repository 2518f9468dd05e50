import { useComputed } from '@preact/signals'
import { Composer } from '../composer/Composer.tsx'
import { DetailPane } from '../detail/DetailPane.tsx'
import { EmptyState } from '../empty/EmptyState.tsx'
import { FilterBar } from '../filter/FilterBar.tsx'
import { FilterMistake } from '../filter/FilterMistake.tsx'
import { ShownEvents } from '../filter/ShownEvents.tsx'
import { EventList } from '../list/EventList.tsx'
import { SelectionSummary } from '../list/SelectionSummary.tsx'
import { NoEvents } from '../recording/NoEvents.tsx'
import { ReplayBar } from '../recording/ReplayBar.tsx'
import { ReportView } from '../report/ReportView.tsx'
import { ServingBar } from '../serving/ServingBar.tsx'
import { usePage } from '../state/page.ts'
import { ConnectionStrip } from '../strip/ConnectionStrip.tsx'
import { Timeline } from '../timeline/Timeline.tsx'
import { Announcer } from './Announcer.tsx'
import { Notices } from './Notices.tsx'
import { Split } from './Split.tsx'

/** The whole page, from top to bottom. */
export function App() {
  const page = usePage()
  const { session, selection } = page
  const { isRecording } = page
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
      {!page.isReady.value ? null : isEmpty ? (
        isRecording ? (
          <NoEvents />
        ) : (
          <EmptyState />
        )
      ) : page.report.isOpen.value ? (
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

/** Figures of the list and of its selection, and the mistake in the filter. Always there, so that nothing moves. */
function StatusLine() {
  return (
    <div class="status-line mono">
      <FilterMistake />
      <ShownEvents />
      <SelectionSummary />
    </div>
  )
}
