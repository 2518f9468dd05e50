import { useComputed } from '@preact/signals'
import { IconButton } from '../Icon.tsx'
import { usePanel } from '../panel.ts'
import { RecordingLabel } from '../recording/RecordingLabel.tsx'
import { laneNames } from '../timeline/words.ts'
import { ConnectionChip } from './ConnectionChip.tsx'
import { MarkButton } from './MarkButton.tsx'
import { PauseButton } from './PauseButton.tsx'
import { SaveMenu } from './SaveMenu.tsx'
import { Total } from './Total.tsx'

/** More connections than these are shown in few words each. */
const MOST_ROOMY = 2

/** Every connection at a glance, and what can be done with the session. */
export function ConnectionStrip() {
  const panel = usePanel()
  const isLive = panel.isReady.value && !panel.isRecording
  const isEmpty = useComputed(() => {
    void panel.session.frame.value
    return panel.session.columns.end === panel.session.columns.first
  }).value
  const connections = panel.session.status.value?.connections ?? []
  const names = connections.length > MOST_ROOMY ? laneNames(connections) : undefined
  return (
    <header class="bar strip">
      {panel.isRecording && <RecordingLabel />}
      <ul
        class={`chips${names === undefined ? '' : ' many'}`}
        aria-label="Connections"
        style={{ '--count': connections.length, '--half': Math.ceil(connections.length / 2) }}
      >
        {connections.map((connection) => (
          <li key={connection.id}>
            <ConnectionChip connection={connection} shortName={names?.get(connection.id)} />
          </li>
        ))}
      </ul>
      <div class="actions" role="toolbar" aria-label="Session">
        {isLive && <IconButton icon="add" name="Connect…" onClick={() => panel.connect()} />}
        <Total connections={connections} />
        <span class="spacer" />
        {isLive && !isEmpty && <PauseButton />}
        {isLive && !isEmpty && <MarkButton />}
        <SaveMenu disabled={isEmpty} />
        <IconButton icon="graph" name="Report" disabled={isEmpty} onClick={() => panel.report.toggle()} />
        {isLive && (
          <IconButton
            icon="clear-all"
            name="Clear"
            disabled={isEmpty}
            onClick={() => void panel.attempt(panel.host.call('clear', null))}
          />
        )}
      </div>
    </header>
  )
}
