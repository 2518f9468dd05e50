import * as l10n from '@vscode/l10n'
import { usePage } from '../state/page.ts'
import { Icon } from '../ui/Icon.tsx'

/** Says that the page shows a recording, the name of its file, and how far it has been read. */
export function RecordingLabel() {
  const { context, recording } = usePage()
  const { name = '' } = context.value
  const { file, replay } = recording
  const { loading } = file ?? {}
  const percent =
    loading === undefined || loading.of === 0 ? 0 : Math.floor((100 * loading.bytes) / loading.of)
  return (
    <span class="chip recording-label" title={name}>
      <Icon name={replay === undefined ? 'file' : 'history'} />
      {replay === undefined ? l10n.t('Recording') : l10n.t('Replay')}
      <span class="dim" aria-hidden="true">
        ·
      </span>
      <b class="clip">{name}</b>
      {loading !== undefined && (
        <span
          class="dim tabular"
          role="progressbar"
          aria-label={l10n.t('Reading {0}', name)}
          aria-valuemin={0}
          aria-valuemax={100}
          aria-valuenow={percent}
        >
          {l10n.t('reading {0}%', percent)}
        </span>
      )}
    </span>
  )
}
