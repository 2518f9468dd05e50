/** The menu of the timeline where nothing is painted. */
import * as l10n from '@vscode/l10n'
import type { PageState } from '../state/page.ts'
import * as views from '../state/timeline/view.ts'
import { restoring } from '../strip/connection-menu.ts'
import type { Stage } from './gestures.ts'

/** `time` is the time under the pointer. */
export function openTimelineMenu(page: PageState, stage: Stage, time: number, event: MouseEvent): void {
  event.preventDefault()
  const { timeline, isRecording } = page
  const { whole, now } = stage
  const items = () => [
    {
      label: l10n.t('Show the Whole Session'),
      keys: '0',
      choose: () => timeline.move(() => views.showAll(whole.to, whole.from), now),
    },
    ...(isRecording
      ? []
      : [
          { label: l10n.t('Follow Now'), keys: 'End', choose: () => timeline.move(views.goLive, now) },
          'line' as const,
          {
            label: l10n.t('Mark This Moment'),
            choose: () => void page.call('mark', { text: '', time: Math.max(0, Math.min(now, time)) }),
          },
          ...restoring(page),
        ]),
  ]
  page.menu.value = { name: l10n.t('Timeline'), x: event.clientX, y: event.clientY, items }
}
