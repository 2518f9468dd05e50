/** What the side bar shows of a served session. Uses of `vscode` only its texts. */
import { l10n } from 'vscode'
import type { ServedSession } from '../../shared/protocol/served.ts'
import { formatCount } from '../../shared/text/numbers.ts'
import { clientCount } from '../ui/counts.ts'
import { joined, type RowLook } from './tree-row.ts'

/** Endpoints and troubles that a hover lists. */
const MAX_LISTED = 5

export function serverLook(served: ServedSession): RowLook {
  const { name, endpoints, clients, troubleCount } = served
  const label = l10n.t('Mock :{0}', portOf(endpoints))
  const description = joined(
    name,
    clients > 0 ? clientCount(clients) : '',
    troubleCount > 0 ? l10n.t('{0} not as recorded', formatCount(troubleCount)) : '',
  )
  return {
    label,
    description,
    icon: 'broadcast',
    ...(troubleCount > 0 && { color: 'list.warningForeground' }),
    context: 'server mock',
    spoken: `${label}, ${description}`,
    command: 'realtimeInspector.showServers',
  }
}

function portOf([first]: ServedSession['endpoints']): string {
  return first === undefined ? '' : new URL(first.url).port
}

/** The hover, as plain text. */
export function serverTooltip(served: ServedSession): string {
  const { name, endpoints, how, clients, ever, receivedCount, troubles, notes } = served
  const more = endpoints.length - MAX_LISTED
  return [
    l10n.t('Serves {0}: {1}', name, how),
    ...endpoints.slice(0, MAX_LISTED).map(({ url }) => url),
    ...(more > 0 ? [l10n.t('and {0} more', formatCount(more))] : []),
    l10n.t('{0} now, {1} since it started', clientCount(clients), formatCount(ever)),
    ...(receivedCount > 0 ? [l10n.t('Messages of clients: {0}', formatCount(receivedCount))] : []),
    ...troubles
      .slice(-MAX_LISTED)
      .map(({ text, count }) => (count > 1 ? `${text} (×${formatCount(count)})` : text)),
    ...notes,
  ].join('\n')
}
