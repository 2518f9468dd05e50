import { useRef } from 'preact/hooks'
import { connectionName } from './format/connection.ts'
import { usePanel } from './panel.ts'

/** Speaks to a screen reader when a live connection changes its state, and of nothing else. */
export function Announcer() {
  const { session, isRecording } = usePanel()
  const known = useRef(new Map<number, string>())
  const said = useRef('')
  const news: string[] = []
  for (const connection of session.status.value?.connections ?? []) {
    const { id, state } = connection
    if (!isRecording && known.current.get(id) !== state) {
      const why = connection.error ?? connection.retry?.reason
      news.push(`${connectionName(connection)} ${state}${why === undefined ? '' : `: ${why}`}`)
    }
    known.current.set(id, state)
  }
  if (news.length > 0) said.current = news.join('. ')
  return (
    <div role="status" class="visually-hidden">
      {said.current}
    </div>
  )
}
