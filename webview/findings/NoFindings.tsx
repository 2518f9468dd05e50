import * as l10n from '@vscode/l10n'
import { connectionCount, eventCount, ruleCount } from '../format/count.ts'
import { usePage } from '../state/page.ts'
import { Chip } from '../ui/buttons.tsx'

/** Says what was checked if nothing is shown. If nothing was found, something can still be wrong. */
export function NoFindings() {
  const { findings, session } = usePage()
  const list = findings.list.value
  if (list === undefined) return null
  if (list.findings.length > 0)
    return (
      <div class="no-findings">
        <p>{l10n.t('There are findings, but not of these severities on this connection.')}</p>
        <Chip onClick={() => findings.showAllOf(undefined)}>{l10n.t('Show all findings')}</Chip>
      </div>
    )
  if (list.events === 0) return null
  const connections = connectionCount(session.status.value?.connections.length ?? 0)
  const [rules, events] = [ruleCount(list.rules), eventCount(list.events)]
  return (
    <div class="no-findings">
      <p>
        {list.muted.length === 0
          ? l10n.t(
              '{0} looked at {1} on {2} and found nothing above their thresholds.',
              rules,
              events,
              connections,
            )
          : l10n.t('{0} looked at {1} on {2}. All that they found is muted.', rules, events, connections)}
      </p>
      <p class="dim">
        {l10n.t(
          'Rules look for faults that show in traffic: silences and ends at limits, held-back or repeated events, missing answers, polls that bring nothing. They do not know what the traffic should have said, and need some of it to tell a fault from noise.',
        )}
      </p>
    </div>
  )
}
