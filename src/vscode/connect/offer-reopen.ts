/** Offers to open connections again after a reload of the window or the end of the engine. */
import { l10n } from 'vscode'
import type { Failure } from '../../shared/failure.ts'
import type { LiveSession } from '../session/live-session.ts'
import type { Notifier } from '../ui/notifier.ts'
import type { Connector } from './connect.ts'

/** `failure` says why the connections ended; undefined after a reload. */
export function offerReopen(
  session: LiveSession,
  connector: Connector,
  notifier: Notifier,
  failure?: Failure,
): void {
  const { length } = session.remembered.reopenable()
  const reconnect = {
    title: l10n.t('Reconnect'),
    run: () => connector.reopen(),
  }
  const were =
    length === 1
      ? l10n.t('One connection was open before this session.')
      : l10n.t('{0} connections were open before this session.', length)
  if (failure !== undefined) notifier.failure(failure, ...(length > 0 ? [reconnect] : []))
  else if (length > 0)
    notifier.info(were, reconnect, {
      title: l10n.t('Dismiss'),
      run: () => session.remembered.settleReopenable(),
    })
}
