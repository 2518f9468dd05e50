import { useRef } from 'preact/hooks'
import { Announcements } from './announcements.ts'
import { usePanel } from './panel.ts'

/** Speaks to a screen reader when a live connection opens, breaks or ends, and of nothing else. */
export function Announcer() {
  const { session, isRecording, clock } = usePanel()
  void clock.ticks.value
  const announcements = useRef(new Announcements())
  const connections = isRecording ? [] : (session.status.value?.connections ?? [])
  return (
    <div role="status" class="visually-hidden">
      {announcements.current.hear(connections, performance.now())}
    </div>
  )
}
