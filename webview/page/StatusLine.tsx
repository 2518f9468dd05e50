import { Mistake } from '../filter/Mistake.tsx'
import { Shown } from '../filter/Shown.tsx'
import { SelectionSummary } from '../list/SelectionSummary.tsx'

/** What the list shows and what is selected in it, in figures, and what is wrong with the filter: always there, so that nothing moves. */
export function StatusLine() {
  return (
    <div class="status-line mono">
      <Mistake />
      <Shown />
      <SelectionSummary />
    </div>
  )
}
