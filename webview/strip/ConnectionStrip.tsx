import { useComputed } from '@preact/signals'
import { laneNames } from '../format/connection.ts'
import { usePage } from '../state/page.ts'
import { IconButton } from '../ui/Icon.tsx'
import { ConnectionChip } from './ConnectionChip.tsx'
import { MarkButton } from './MarkButton.tsx'
import { PauseButton } from './PauseButton.tsx'
import { RecordingLabel } from './RecordingLabel.tsx'
import { SaveMenu } from './SaveMenu.tsx'
import { Total } from './Total.tsx'

/** Number of connections above which each is shown in few words. */
const MOST_ROOMY = 2

/** Every connection, and the actions on the session. */
export function ConnectionStrip() {
  const page = usePage()
  const isLive = page.isReady.value && !page.isRecording
  const isEmpty = useComputed(() => {
    void page.session.frame.value
    return page.session.columns.end === page.session.columns.first
  }).value
  const connections = page.session.status.value?.connections ?? []
  const names = connections.length > MOST_ROOMY ? laneNames(connections) : undefined
  return (
    <header class="bar strip">
      {page.isRecording && <RecordingLabel />}
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
        {isLive && <IconButton icon="add" name="Connect…" onClick={() => page.connect()} />}
        <Total connections={connections} />
        <span class="spacer" />
        {isLive && !isEmpty && <PauseButton />}
        {isLive && !isEmpty && <MarkButton />}
        <SaveMenu disabled={isEmpty} />
        <IconButton icon="graph" name="Report" disabled={isEmpty} onClick={() => page.report.toggle()} />
        {isLive && (
          <IconButton
            icon="clear-all"
            name="Clear"
            disabled={isEmpty}
            onClick={() => void page.attempt(page.host.call('clear', null))}
          />
        )}
      </div>
    </header>
  )
}
