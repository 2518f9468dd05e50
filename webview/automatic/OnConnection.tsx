import * as l10n from '@vscode/l10n'
import type { ConnectionStatus } from '../../src/shared/status.ts'
import { STATE_NAMES } from '../format/connection.ts'
import { usePage } from '../state/page.ts'

/** The connection that something belongs to, if there are several that it could belong to, or if it is not open. */
export function OnConnection({ connection }: { readonly connection: ConnectionStatus }) {
  const { session, looks } = usePage()
  const senders = (session.status.value?.connections ?? []).filter(({ canSend }) => canSend)
  const isOpen = connection.state === 'open'
  if (senders.length < 2 && isOpen) return null
  const name = looks.longNameOf(connection)
  return (
    <span class="dim clip on-connection">
      {isOpen ? l10n.t('on {0}', name) : l10n.t('on {0} ({1})', name, STATE_NAMES[connection.state])}
    </span>
  )
}
