import { FixButtons, fixable } from '../connecting/FixButtons.tsx'
import { usePage } from '../state/page.ts'
import type { Layout } from './layout/layout.ts'

/** Edits or retries the connections of lanes that failed. Shown while the pointer or the focus is on the timeline. */
export function LaneActions({ layout }: { layout: Layout }) {
  const page = usePage()
  return layout.lanes.map(({ connection, shared, top }) => {
    const failed = shared === undefined ? fixable(page, connection) : undefined
    if (failed === undefined || failed.state === 'closed') return null
    return (
      <span
        key={connection}
        class="lane-actions"
        style={{ top: `${top}px`, right: `calc(100% - ${layout.left}px)` }}
      >
        <FixButtons connection={failed} />
      </span>
    )
  })
}
