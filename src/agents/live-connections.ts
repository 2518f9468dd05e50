/** What tools say of connections, and of those that are missing. */
import { Failure } from '../shared/failure.ts'
import { type ConnectionStatus, hasEnded, isOwn, isReady } from '../shared/status.ts'
import type { AgentHost, AgentSession } from './tool.ts'

/** Connections that agents may have open at a time. */
const MAX_OPEN = 20

/** The connection with that number. Rejects with NO_CONNECTION. */
export async function requireConnection(session: AgentSession, id: number): Promise<ConnectionStatus> {
  const { connections } = await session.call('status', null)
  const found = connections.find((each) => each.id === id)
  if (found !== undefined) return found
  const ids = connections.slice(-10).map((each) => each.id)
  const known =
    ids.length === 0 ? 'The session has none yet; use realtime_connect' : `The latest are ${ids.join(', ')}`
  throw new Failure('NO_CONNECTION', `Connection ${id} does not exist. ${known}.`)
}

/** Rejects with TOO_MANY if agents have as many connections open as they may. Resolves to the number of events so far. */
export async function requireRoom(host: AgentHost): Promise<number> {
  const { connections, events } = await host.live.call('status', null)
  const open = connections.filter((each) => host.isAgents(each.id) && !hasEnded(each))
  if (open.length < MAX_OPEN) return events
  throw new Failure(
    'TOO_MANY',
    `Agents have ${open.length} connections open; end one with realtime_disconnect first.`,
  )
}

/** A connection as a model reads it. */
export function describeConnection(status: ConnectionStatus, openedByAgent = false) {
  const { id, url, transport, state, messagesIn, messagesOut, bytesIn, bytesOut, reconnects } = status
  const { error, lastError, retry, canSend, decoding, findings, source, speaking } = status
  return {
    ...{ connection: id, url: url.slice(0, 2000), transport, state },
    ...(openedByAgent && { openedBy: 'agent' }),
    ...(!isOwn(status) && { seenBy: source }),
    ...{ messagesIn, messagesOut, bytesIn, bytesOut },
    ...(reconnects > 0 && { reconnects }),
    ...(canSend && !hasEnded(status) && { canSend: isReady(status) }),
    ...(speaking !== undefined && { speaks: speaking.protocol }),
    ...(decoding !== undefined && { decodedAs: decoding.decoder }),
    ...(findings !== undefined && { findings }),
    ...(retry !== undefined && { retry: { attempt: retry.attempt, reason: retry.reason } }),
    ...((error ?? lastError) !== undefined && { error: error ?? lastError }),
  }
}
