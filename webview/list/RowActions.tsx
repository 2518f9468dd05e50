import { FixButtons, fixable } from '../connecting/FixButtons.tsx'
import { usePage } from '../state/page.ts'

/** What can be done about an error of a connection that is still down. The row's menu has it for the keyboard. */
export function RowActions({ connection }: { connection: number }) {
  const failed = fixable(usePage(), connection)
  if (failed === undefined) return null
  const keep = (event: Event) => event.stopPropagation()
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: a press is for the buttons, not for the row.
    <span class="row-actions" onMouseDown={keep} onDblClick={keep}>
      <FixButtons connection={failed} />
    </span>
  )
}
