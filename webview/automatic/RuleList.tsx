import * as l10n from '@vscode/l10n'
import { parseAction, type RuleStatus } from '../../src/shared/rule.ts'
import type { ConnectionStatus } from '../../src/shared/status.ts'
import { actionCount, answerCount } from '../format/count.ts'
import { usePage } from '../state/page.ts'
import { IconButton } from '../ui/buttons.tsx'
import { OnConnection } from './OnConnection.tsx'

/** The rules of all connections, also of those that have ended. */
export function RuleList({ connections }: { readonly connections: readonly ConnectionStatus[] }) {
  if (connections.every(({ rules = [] }) => rules.length === 0)) return null
  return (
    <ul class="rules" aria-label={l10n.t('Rules')}>
      {connections.flatMap((connection) =>
        (connection.rules ?? []).map((rule, index) => (
          <RuleRow key={`${connection.id} ${index}`} connection={connection} rule={rule} index={index} />
        )),
      )}
    </ul>
  )
}

function isAnswer(text: string): boolean {
  return parseAction(text).kind === 'answer'
}

interface RuleRowProps {
  readonly connection: ConnectionStatus
  readonly rule: RuleStatus
  /** Its position among the rules of the connection. */
  readonly index: number
}

function RuleRow({ connection, rule, index }: RuleRowProps) {
  const page = usePage()
  const { id } = connection
  const { filter, text, count, problem, ended } = rule
  return (
    <li class="rule">
      <label class="rule-words" title={`${filter} => ${text}`}>
        <input
          type="checkbox"
          checked={ended === undefined}
          onChange={({ currentTarget }) =>
            void page.call('switchRule', { id, index, on: currentTarget.checked })
          }
        />
        <span class="mono clip">{filter === '' ? l10n.t('every message') : filter}</span>
        <span class="dim" aria-hidden="true">
          ⇒
        </span>
        <span class="mono clip">{text}</span>
      </label>
      <OnConnection connection={connection} />
      <span class="dim tabular rule-count">{isAnswer(text) ? answerCount(count) : actionCount(count)}</span>
      <IconButton
        icon="trash"
        name={l10n.t('Remove the rule {0}', filter)}
        onClick={() => void page.call('removeRule', { id, index })}
      />
      {problem !== undefined && <span class="rule-note tone-warn">{problem}</span>}
      {ended !== undefined && <span class="rule-note dim">{ended}</span>}
    </li>
  )
}
