import * as l10n from '@vscode/l10n'
import { findingCount } from '../format/count.ts'
import { FINDINGS_HEAD } from '../state/findings.ts'
import { usePage } from '../state/page.ts'
import { Chip } from '../ui/buttons.tsx'
import { RuleText } from '../ui/RuleText.tsx'
import { type MutedGroup, mutedGroups } from './muted-groups.ts'

/** Muted rules that are listed. */
const MOST_LISTED = 100

/** The muted rules that would have findings, each with a button to unmute it. */
export function MutedRules() {
  const page = usePage()
  const groups = mutedGroups(page.findings.list.value?.muted ?? [])
  const unmute = async ({ rule, connection }: MutedGroup) => {
    document.getElementById(FINDINGS_HEAD)?.focus()
    await page.call('unmuteRule', { rule, connection: connection ?? null })
    page.findings.refresh()
  }
  if (groups.length === 0) return null
  return (
    <ul class="muted-rules" aria-label={l10n.t('Muted rules')}>
      {groups.slice(0, MOST_LISTED).map((group) => {
        const { rule, connection, findings } = group
        const [first] = findings
        const look =
          connection === undefined ? '' : `finding-connection connection-${page.looks.colorOf(connection)}`
        return (
          <li key={`${rule} ${connection}`}>
            <code class="mono">{rule}</code>
            <span class={`clip ${look}`}>
              {connection === undefined ? l10n.t('whole session') : page.looks.nameOf(connection)}
            </span>
            <span class="dim clip">
              {first !== undefined && findings.length === 1 ? (
                <RuleText text={first.title ?? first.message} />
              ) : (
                findingCount(findings.length)
              )}
            </span>
            <Chip class="small" aria-label={l10n.t('Unmute {0}', rule)} onClick={() => void unmute(group)}>
              {l10n.t('Unmute')}
            </Chip>
          </li>
        )
      })}
    </ul>
  )
}
