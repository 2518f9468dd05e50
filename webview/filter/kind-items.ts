/** The menu of the kinds of events that a narrow list shows. */
import * as l10n from '@vscode/l10n'
import { HEARTBEATS } from '../state/layout.ts'
import type { MenuItem } from '../state/menu.ts'
import type { PageState } from '../state/page.ts'
import { type Group, toggleGroup } from '../state/scope.ts'
import { HEARTBEAT_WORDS, setHeartbeats } from './HeartbeatsButton.tsx'

/** `switches` are the groups of events with their labels. */
export function kindItems(page: PageState, switches: readonly (readonly [Group, string])[]): MenuItem[] {
  const { session, layout } = page
  return [
    ...switches.map(([group, label]) => ({
      label,
      isOn: !session.scope.value.hidden.has(group),
      choose: () => session.setScope(toggleGroup(session.scope.value, group)),
    })),
    'line',
    ...HEARTBEATS.map((each) => ({
      label: l10n.t('Heartbeats: {0}', HEARTBEAT_WORDS[each].name),
      isOn: layout.current.value.heartbeats === each,
      choose: () => setHeartbeats(page, each),
    })),
  ]
}
