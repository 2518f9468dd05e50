import * as l10n from '@vscode/l10n'
import { usePage } from '../state/page.ts'

/** Shown if a recording has no events. */
export function NoEvents() {
  const { context, recording } = usePage()
  const { name = l10n.t('The file') } = context.value
  const { file } = recording
  return (
    <section class="empty" aria-label={l10n.t('Recording')}>
      {file?.failure === undefined ? (
        <p role="status">
          {file === undefined || file.loading !== undefined
            ? l10n.t('Reading {0}…', name)
            : l10n.t('{0} has no events.', name)}
        </p>
      ) : (
        <p role="alert" class="tone-error">
          {file.failure}
        </p>
      )}
    </section>
  )
}
