import * as l10n from '@vscode/l10n'
import type { ConnectionStatus } from '../../src/shared/status.ts'
import { formatCount } from '../format/count.ts'
import { SEVERITY_LOOKS, severitiesText, worstOf } from '../format/finding.ts'
import { openFindingsOf } from '../state/finding-actions.ts'
import { usePage } from '../state/page.ts'
import { Icon } from '../ui/Icon.tsx'

/** The worst severity found on a connection, and how many findings have it. A press shows them. Hints are only in the view of findings. */
export function FindingBadge({ connection: { id, findings } }: { connection: ConnectionStatus }) {
  const page = usePage()
  const worst = findings && worstOf(findings)
  if (findings === undefined || worst === undefined || worst === 'info') return null
  const { icon, tone } = SEVERITY_LOOKS[worst]
  const name = l10n.t('Show {0} on {1}', severitiesText(findings), page.looks.nameOf(id))
  return (
    <button
      type="button"
      class={`finding-badge tone-${tone}`}
      aria-label={name}
      title={name}
      onClick={() => openFindingsOf(page, id)}
    >
      <Icon name={icon} />
      <span class="tabular">{formatCount(findings[worst])}</span>
    </button>
  )
}
