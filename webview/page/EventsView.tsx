import { Composer } from '../composer/Composer.tsx'
import { DetailPane } from '../detail/DetailPane.tsx'
import { FaultsBar } from '../faults/FaultsBar.tsx'
import { FilterBar } from '../filter/FilterBar.tsx'
import { FilterMistake } from '../filter/FilterMistake.tsx'
import { ShownEvents } from '../filter/ShownEvents.tsx'
import { EventList } from '../list/EventList.tsx'
import { SelectionSummary } from '../list/SelectionSummary.tsx'
import { ReplayBar } from '../recording/ReplayBar.tsx'
import { usePage } from '../state/page.ts'
import { TimelineFrame } from '../timeline/TimelineFrame.tsx'
import { Split } from './Split.tsx'

/** The timeline, the list of events and the details of one of them. */
export function EventsView() {
  const { isRecording, selection, layout } = usePage()
  return (
    <>
      {isRecording && <ReplayBar />}
      <TimelineFrame />
      <FilterBar />
      <Split
        first={<EventList />}
        second={<DetailPane />}
        hasSecond={layout.current.value.details && selection.current.value !== undefined}
      />
      <StatusLine />
      {!isRecording && <FaultsBar />}
      {!isRecording && <Composer />}
    </>
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
