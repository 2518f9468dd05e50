/** The views of the session: their names, and what shows them. */
import * as l10n from '@vscode/l10n'
import type { FunctionComponent } from 'preact'
import { AnswersView } from '../answers/AnswersView.tsx'
import { FindingsView } from '../findings/FindingsView.tsx'
import { ReportView } from '../report/ReportView.tsx'
import type { ViewId } from '../state/views.ts'
import { TechniquesView } from '../techniques/TechniquesView.tsx'
import { EventsView } from './EventsView.tsx'

export const VIEWS: Readonly<
  Record<ViewId, { readonly name: string; readonly Content: FunctionComponent; readonly hasStrip: boolean }>
> = {
  events: { name: l10n.t('Events'), Content: EventsView, hasStrip: true },
  answers: { name: l10n.t('Answers'), Content: AnswersView, hasStrip: true },
  findings: { name: l10n.t('Findings'), Content: FindingsView, hasStrip: true },
  report: { name: l10n.t('Report'), Content: ReportView, hasStrip: false },
  techniques: { name: l10n.t('Techniques'), Content: TechniquesView, hasStrip: false },
}
