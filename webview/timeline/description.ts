/** The timeline in words, for screen readers. */
import type { ConnectionStatus } from '../../src/shared/status.ts'
import { activity, connectionName, traffic } from '../format/connection.ts'
import { plural } from '../format/count.ts'
import { formatTick } from '../format/time.ts'
import type { View } from '../state/timeline/view.ts'

/** Connections described at most. */
const MOST_TOLD = 12

/** A sentence on the view, then one for each connection. */
export function describeTimeline(view: View, connections: readonly ConnectionStatus[], now: number): string {
  const step = view.to - view.from < 10_000 ? 100 : 1000
  const span = `${formatTick(Math.max(0, view.from), step)} to ${formatTick(view.to, step)}`
  const lanes = connections.slice(0, MOST_TOLD).map((connection) => {
    const reconnects = connection.reconnects === 0 ? '' : `, ${connection.reconnects} reconnects`
    return `${connectionName(connection)}: ${activity(connection, now)}, ${traffic(connection)}${reconnects}.`
  })
  const more = connections.length - lanes.length
  return [
    `Timeline from ${span}${view.live ? ', following now' : ''}.`,
    ...lanes,
    ...(more > 0 ? [`And ${plural(more, 'more connection')}.`] : []),
  ].join(' ')
}
