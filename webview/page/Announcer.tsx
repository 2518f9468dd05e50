import { useRef } from 'preact/hooks'
import { usePage } from '../state/page.ts'
import { Announcements } from './announcements.ts'

/** Tells screen readers when a live connection opens, breaks or ends. */
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
