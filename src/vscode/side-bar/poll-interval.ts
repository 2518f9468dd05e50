/** How often a connection polls. */
import { DEFAULT_INTERVAL } from '../../shared/spec.ts'
import type { ConnectionStatus } from '../../shared/status.ts'
import type { LiveSession } from '../session/live-session.ts'
import { withDefaults } from '../settings/current-settings.ts'

/** Milliseconds between two polls; undefined for another transport. */
export function intervalOf(session: LiveSession, { id, transport }: ConnectionStatus): number | undefined {
  if (transport !== 'poll') return undefined
  const spec = session.specOf(id)
  return spec && (withDefaults(spec).interval ?? DEFAULT_INTERVAL)
}
