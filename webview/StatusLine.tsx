import { Shown } from './filter/Shown.tsx'
import { SelectionSummary } from './list/SelectionSummary.tsx'

/** What the list shows and what is selected in it, in figures; always there, so that nothing moves when they change. */
export function StatusLine() {
  return (
    <div class="status-line mono">
      <Shown />
      <SelectionSummary />
    </div>
  )
}
