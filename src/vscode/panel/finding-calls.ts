/** The page's calls that change the settings about rules. */
import type { Handlers } from '../../shared/protocol/rpc.ts'
import type { PanelMethods } from '../../shared/protocol.ts'
import type { EngineSession } from '../session/engine-session.ts'
import { muteRule, setThreshold, unmuteRule } from '../settings/diagnosis-settings.ts'

export function findingCalls(session: EngineSession) {
  const urlOf = (connection: number | null) =>
    connection === null ? undefined : session.connections.find(({ id }) => id === connection)?.url
  return {
    muteRule: ({ rule, connection }) => muteRule(rule, urlOf(connection)),
    unmuteRule: ({ rule, connection }) => unmuteRule(rule, urlOf(connection)),
    setThreshold: ({ rule, value }) => setThreshold(rule, value),
  } satisfies Partial<Handlers<PanelMethods>>
}
