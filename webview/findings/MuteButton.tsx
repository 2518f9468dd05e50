import * as l10n from '@vscode/l10n'
import type { Finding } from '../../src/shared/finding.ts'
import { FINDINGS_HEAD } from '../state/findings.ts'
import { usePage } from '../state/page.ts'
import { Icon } from '../ui/Icon.tsx'

/** Mutes the rule of a finding, for connections to the same place. */
export function MuteButton({ finding: { rule, connection } }: { finding: Finding }) {
  const page = usePage()
  const mute = async (event: MouseEvent) => {
    event.stopPropagation()
    // The button is about to be removed.
    document.getElementById(FINDINGS_HEAD)?.focus()
    await page.call('muteRule', { rule, connection: connection ?? null })
    page.findings.refresh()
  }
  return (
    <button
      type="button"
      class="quiet-button"
      title={
        connection === undefined
          ? l10n.t('Leave out findings of {0}. You can unmute it above.', rule)
          : l10n.t(
              'Leave out findings of {0} on connections with this origin and path. You can unmute it above.',
              rule,
            )
      }
      onClick={(event) => void mute(event)}
    >
      <Icon name="bell-slash" />
      {connection === undefined ? l10n.t('Mute this rule') : l10n.t('Mute this rule here')}
    </button>
  )
}
