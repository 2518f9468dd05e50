import { useRef } from 'preact/hooks'
import { usePage } from '../state/page.ts'
import { Announcements } from './announcements.ts'

/** Speaks to a screen reader when a live connection opens, breaks or ends, and of nothing else. */
export function Announcer() {
  const { session, isRecording, clock } = usePage()
  void clock.ticks.value
  const announcements = useRef(new Announcements())
  const connections = isRecording ? [] : (session.status.value?.connections ?? [])
  return (
    <div role="status" class="visually-hidden">
      {announcements.current.hear(connections, performance.now())}
    </div>
  )
}
