import * as l10n from '@vscode/l10n'
import { SEVERITIES } from '../../src/shared/finding.ts'
import type { FindingList } from '../../src/shared/protocol/findings.ts'
import { connectionCount, eventCount, findingCount, formatCount, ruleCount } from '../format/count.ts'
import { SEVERITY_LOOKS } from '../format/finding.ts'
import { FINDINGS_HEAD } from '../state/findings.ts'
import { usePage } from '../state/page.ts'
import { Icon } from '../ui/Icon.tsx'
import { mutedNames } from './muted-groups.ts'

/** Events that are not diagnosed yet, above which the header says so. While events come, there are always some. */
const FAR_BEHIND = 5000

/** What was checked and found, and what of it is shown. */
export function FindingsHead() {
  const page = usePage()
  const list = page.findings.list.value
  return (
    <header class="findings-head" id={FINDINGS_HEAD} tabIndex={-1}>
      <Summary />
      <span class="spacer" />
      {list !== undefined && list.findings.length > 0 && (
        <>
          <Severities list={list} />
          <ConnectionChoice />
        </>
      )}
      {list !== undefined && list.muted.length > 0 && <MutedButton list={list} />}
      {list !== undefined && (
        <button type="button" class="quiet-button" onClick={() => void page.call('exportFindings', null, 0)}>
          <Icon name="export" />
          {l10n.t('Export…')}
        </button>
      )}
    </header>
  )
}

function Summary() {
  const { findings, session } = usePage()
  const list = findings.list.value
  if (list === undefined || (!list.isCurrent && list.events === 0))
    return <span role="status">{l10n.t('Reading the session…')}</span>
  const [all, shown] = [findings.known.value.length, findings.shown.value.length]
  const connections = session.status.value?.connections.length ?? 0
  return (
    <span class="findings-summary">
      <b>{shown === all ? findingCount(all) : l10n.t('{0} of {1}', formatCount(shown), findingCount(all))}</b>{' '}
      <span class="dim">
        {l10n.t('in {0} on {1}', eventCount(list.events), connectionCount(connections))}
        {' · '}
        {checkedText(list)}
        {!list.isCurrent && session.columns.end - list.events > FAR_BEHIND && ` · ${l10n.t('still reading')}`}
      </span>
      <Limits list={list} />
    </span>
  )
}

/** `36 rules checked, 33 found nothing`. */
function checkedText({ rules, findings, muted, failed }: FindingList): string {
  const speaking = new Set([...findings, ...muted].map(({ rule }) => rule))
  const silent = rules - new Set([...speaking, ...failed]).size
  return l10n.t('{0} checked, {1} found nothing', ruleCount(rules), formatCount(silent))
}

/** What was not checked. */
function Limits({ list: { failed, skipped } }: { list: FindingList }) {
  return (
    <>
      {failed.length > 0 && (
        <span class="tone-warn toned"> · {l10n.t('failed: {0}', failed.join(', '))}</span>
      )}
      {skipped > 0 && (
        <span
          class="tone-warn toned"
          title={l10n.t(
            'Events came too fast to read all payloads. Save the session and open it to check them all.',
          )}
        >
          {' · '}
          {l10n.t('payloads of {0} left out', eventCount(skipped))}
        </span>
      )}
    </>
  )
}

function Severities({ list }: { list: FindingList }) {
  const { findings } = usePage()
  return (
    <div class="severities" role="group" aria-label={l10n.t('Severities')}>
      {SEVERITIES.map((severity) => {
        const { icon, tone, count } = SEVERITY_LOOKS[severity]
        const many = list.findings.filter((each) => each.severity === severity).length
        return (
          <button
            key={severity}
            type="button"
            aria-label={count(many)}
            title={count(many)}
            aria-pressed={findings.severities.value.has(severity)}
            onClick={() => findings.toggle(severity)}
          >
            <span class={`tone-${tone} toned`}>
              <Icon name={icon} />
            </span>
            <span class="tabular">{formatCount(many)}</span>
          </button>
        )
      })}
    </div>
  )
}

function ConnectionChoice() {
  const { findings, looks } = usePage()
  const { connection } = findings
  const those = new Set(findings.known.value.flatMap(({ finding }) => finding.connection ?? []))
  if (connection.value !== undefined) those.add(connection.value)
  if (those.size < 2 && connection.value === undefined) return null
  return (
    <select
      class="chip"
      aria-label={l10n.t('Connection')}
      value={String(connection.value ?? '')}
      onChange={({ currentTarget: { value } }) => {
        connection.value = value === '' ? undefined : Number(value)
      }}
    >
      <option value="">{l10n.t('All connections')}</option>
      {[...those]
        .sort((one, other) => one - other)
        .map((id) => (
          <option key={id} value={String(id)}>
            {looks.nameOf(id)}
          </option>
        ))}
    </select>
  )
}

function MutedButton({ list }: { list: FindingList }) {
  const { areMutedShown } = usePage().findings
  const count = mutedNames(list.muted).length
  return (
    <button
      type="button"
      class="quiet-button"
      aria-expanded={areMutedShown.value}
      onClick={() => {
        areMutedShown.value = !areMutedShown.value
      }}
    >
      {count === 1 ? l10n.t('1 rule muted here') : l10n.t('{0} rules muted here', formatCount(count))}
    </button>
  )
}
