import { useComputed } from '@preact/signals'
import * as l10n from '@vscode/l10n'
import { formatCount } from '../format/count.ts'
import { can } from '../state/can.ts'
import { usePage } from '../state/page.ts'
import { VIEW_ELEMENT, VIEW_IDS, type ViewId } from '../state/views.ts'
import { MarkButton } from '../strip/MarkButton.tsx'
import { PauseButton } from '../strip/PauseButton.tsx'
import { RecordingLabel } from '../strip/RecordingLabel.tsx'
import { SaveMenu } from '../strip/SaveMenu.tsx'
import { IconButton } from '../ui/buttons.tsx'
import { Tabs } from '../ui/Tabs.tsx'
import { VIEWS } from './views.tsx'

/** The views to choose from, and the actions on the session. */
export function PageBar({ hasViews }: { hasViews: boolean }) {
  const page = usePage()
  const isLive = page.isReady.value && !page.isRecording
  const isEmpty = useComputed(() => {
    void page.session.frame.value
    return page.session.columns.end === page.session.columns.first
  }).value
  return (
    <header class="bar page-bar">
      {page.isRecording && <RecordingLabel />}
      {hasViews && (
        <Tabs
          name={l10n.t('Views')}
          tabs={tabsWith({ answers: page.answers.count.value, findings: page.findings.known.value.length })}
          selected={page.view.value}
          controls={VIEW_ELEMENT}
          prefix="view"
          onSelect={(view) => page.show(view)}
        />
      )}
      <span class="spacer" />
      <div class="actions" role="toolbar" aria-label={l10n.t('Session')}>
        {isLive && !isEmpty && <PauseButton />}
        {isLive && !isEmpty && <MarkButton />}
        {can(page, 'save') && <SaveMenu disabled={isEmpty} />}
        {isLive && (
          <IconButton
            icon="clear-all"
            name={l10n.t('Clear')}
            disabled={isEmpty}
            onClick={() => void page.call('clear', null)}
          />
        )}
      </div>
    </header>
  )
}

/** The views that there are. Those of answers and findings have their number. */
function tabsWith(counts: Partial<Readonly<Record<ViewId, number>>>) {
  return VIEW_IDS.filter((id) => id !== 'answers' || counts.answers !== 0).map((id) => {
    const { name } = VIEWS[id]
    const count = counts[id] ?? 0
    if (count === 0) return { id, name }
    return {
      id,
      name: (
        <>
          {name} <span class="badge tabular">{formatCount(count)}</span>
        </>
      ),
    }
  })
}
