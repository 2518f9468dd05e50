/** The timeline in words, for those who hear it. */
import type { ConnectionStatus } from '../../src/shared/status.ts'
import { activity, connectionName, traffic } from '../format/connection.ts'
import { formatTick } from './scale.ts'
import type { View } from './view.ts'

/** One sentence on what is in view, then one a connection. */
export function summarize(view: View, connections: readonly ConnectionStatus[], now: number): string {
  const step = view.to - view.from < 10_000 ? 100 : 1000
  const span = `${formatTick(Math.max(0, view.from), step)} to ${formatTick(view.to, step)}`
  const lanes = connections.map((connection) => {
    const reconnects = connection.reconnects === 0 ? '' : `, ${connection.reconnects} reconnects`
    return `${connectionName(connection)}: ${activity(connection, now)}, ${traffic(connection)}${reconnects}.`
  })
  return [`Timeline from ${span}${view.live ? ', following now' : ''}.`, ...lanes].join(' ')
}
