import * as l10n from '@vscode/l10n'
import type { SessionReport } from '../../src/shared/report.ts'
import { formatClock, formatDate } from '../format/time.ts'
import { usePage } from '../state/page.ts'
import { Chip, IconButton } from '../ui/buttons.tsx'
import { Icon } from '../ui/Icon.tsx'
import { Comparison } from './Comparison.tsx'
import { ConnectionTable } from './ConnectionTable.tsx'
import { ReportDetails } from './ReportDetails.tsx'
import { ReportFacts } from './ReportFacts.tsx'

/** The report on the session: figures of each connection and of all, and their charts on the same axes. */
export function ReportView() {
  const page = usePage()
  const { report: store } = page
  const report = store.report.value
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls takes the focus
    <section class="report" aria-label={l10n.t('Report')} aria-busy={store.isBusy.value} tabIndex={0}>
      <header>
        <h1>{l10n.t('Report')}</h1>
        {report !== undefined && <span class="dim tabular">{spanText(report)}</span>}
        <span class="spacer" />
        <IconButton
          icon="refresh"
          name={l10n.t('Report again')}
          disabled={store.isBusy.value}
          onClick={() => void store.refresh()}
        />
        <Chip disabled={report === undefined} onClick={() => void page.call('exportReport', null, 0)}>
          <Icon name="export" />
          {l10n.t('Export as HTML or Markdown…')}
        </Chip>
      </header>
      {report === undefined && store.isBusy.value && <p role="status">{l10n.t('Reading the session…')}</p>}
      {report !== undefined && (
        <>
          <ReportFacts report={report} />
          <ConnectionTable report={report} />
          <Comparison report={report} />
          <ReportDetails report={report} />
        </>
      )}
    </section>
  )
}

/** Empty if the recording does not say when it started. */
function spanText({ startedAt, duration }: SessionReport): string {
  if (startedAt === null) return ''
  return l10n.t(
    '{0}, {1} to {2}',
    formatDate(startedAt),
    formatClock(startedAt, 0),
    formatClock(startedAt, duration),
  )
}
