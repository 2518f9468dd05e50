import * as l10n from '@vscode/l10n'
import type { ConnectionStatus } from '../../src/shared/status.ts'
import { actionCount, ruleCount } from '../format/count.ts'
import { type Running, runningIn } from '../state/automatic.ts'
import { usePage } from '../state/page.ts'
import { Chip } from '../ui/buttons.tsx'
import { Icon } from '../ui/Icon.tsx'
import { KeepAliveForm, KeepAliveList } from './KeepAlives.tsx'
import { RuleForm } from './RuleForm.tsx'
import { RuleList } from './RuleList.tsx'

export interface AutomaticProps {
  readonly connections: readonly ConnectionStatus[]
  /** The connection that gets what the user adds. */
  readonly meant: ConnectionStatus | undefined
}

/** What the connections do by themselves: in full if the user wants to see it, else in a line if there is anything. */
export function AutomaticBar({ connections, meant }: AutomaticProps) {
  const { automatic } = usePage().composer
  const running = runningIn(connections)
  if (!automatic.isShown.value)
    return isRunning(running) ? (
      <div class="repeat-row">
        <Icon name="robot" />
        <span class="dim clip">{wordsOf(running)}</span>
        <SwitchOff connections={connections} />
      </div>
    ) : null
  return (
    <>
      <section class="automatic" aria-labelledby="rules-title">
        <div class="automatic-head">
          <h2 id="rules-title">{l10n.t('Rules')}</h2>
          <span class="dim clip">
            {l10n.t('act on each message that a filter finds, over all reconnects')}
          </span>
          {isRunning(running) && <SwitchOff connections={connections} />}
        </div>
        <RuleList connections={connections} />
        {meant !== undefined && <RuleForm connection={meant} />}
      </section>
      <section class="automatic" aria-labelledby="keep-alive-title">
        <div class="automatic-head">
          <h2 id="keep-alive-title">{l10n.t('Keep-alive')}</h2>
          <span class="dim clip">{l10n.t('sends a message again and again, over all reconnects')}</span>
        </div>
        <KeepAliveList connections={connections} />
        {meant !== undefined && <KeepAliveForm connection={meant} />}
      </section>
    </>
  )
}

function isRunning({ rules, keepAlives }: Running): boolean {
  return rules > 0 || keepAlives > 0
}

/** `Automatic: 2 rules, acted 5 times so far; keep-alive` */
function wordsOf({ rules, actions, keepAlives }: Running): string {
  const parts = [
    ...(rules > 0 ? [l10n.t('{0}, {1} so far', ruleCount(rules), actionCount(actions))] : []),
    ...(keepAlives > 0 ? [l10n.t('keep-alive')] : []),
  ]
  return l10n.t('Automatic: {0}', parts.join('; '))
}

/** Switches off every rule, and stops every keep-alive message. */
function SwitchOff({ connections }: Pick<AutomaticProps, 'connections'>) {
  const page = usePage()
  const switchOff = () => {
    for (const { id, rules = [], keepAlive } of connections) {
      for (const [index, { ended }] of rules.entries())
        if (ended === undefined) void page.call('switchRule', { id, index, on: false })
      if (keepAlive !== undefined) void page.call('stopKeepAlive', { id })
    }
  }
  return (
    <Chip onClick={switchOff}>
      <Icon name="debug-stop" /> {l10n.t('Switch All Off')}
    </Chip>
  )
}
