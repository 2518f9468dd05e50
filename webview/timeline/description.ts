/** The timeline in words, for screen readers. */
import * as l10n from '@vscode/l10n'
import type { FindingCounts } from '../../src/shared/finding.ts'
import type { ConnectionStatus } from '../../src/shared/status.ts'
import { activity, connectionName, traffic } from '../format/connection.ts'
import { reconnectCount } from '../format/count.ts'
import { severitiesText } from '../format/finding.ts'
import { formatTick } from '../format/time.ts'
import type { View } from '../state/timeline/view.ts'

/** Connections described at most. */
const MOST_TOLD = 12

/** A sentence on the view, one on the findings on it, then one for each connection. `figuresOf` says how its requests do. */
export function describeTimeline(
  view: View,
  connections: readonly ConnectionStatus[],
  now: number,
  figuresOf: (connection: ConnectionStatus) => string | undefined,
  findings?: FindingCounts,
): string {
  const step = view.to - view.from < 10_000 ? 100 : 1000
  const from = formatTick(Math.max(0, view.from), step)
  const to = formatTick(view.to, step)
  const lanes = connections.slice(0, MOST_TOLD).map((connection) => {
    const reconnects = connection.reconnects === 0 ? '' : `, ${reconnectCount(connection.reconnects)}`
    const figures = figuresOf(connection)
    const more = figures === undefined ? reconnects : `${reconnects}, ${figures}`
    return `${connectionName(connection)}: ${activity(connection, now)}, ${traffic(connection)}${more}.`
  })
  const more = connections.length - lanes.length
  return [
    view.live
      ? l10n.t('Timeline from {0} to {1}, following now.', from, to)
      : l10n.t('Timeline from {0} to {1}.', from, to),
    ...(findings === undefined ? [] : [l10n.t('Findings: {0}.', severitiesText(findings))]),
    ...lanes,
    ...(more > 0
      ? [more === 1 ? l10n.t('And 1 more connection.') : l10n.t('And {0} more connections.', more)]
      : []),
  ].join(' ')
}
