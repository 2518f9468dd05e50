/** Keeps the context keys of `when` clauses up to date. */
import * as vscode from 'vscode'
import type { SessionStatus } from '../../shared/status.ts'
import type { Demo } from '../connect/demo.ts'
import { CONTEXT_KEYS, type ContextKey } from '../contributions.ts'
import type { Servers } from '../serving/servers.ts'
import { isLive, type LiveSession } from '../session/live-session.ts'
import type { RememberedConnections } from '../session/remembered-connections.ts'

function contextOf(
  status: SessionStatus | undefined,
  remembered: RememberedConnections,
  demo: Demo,
  servers: Servers,
): Record<ContextKey, boolean> {
  const connections = status?.connections ?? []
  return {
    'realtimeInspector.hasConnections': connections.length > 0,
    'realtimeInspector.hasOpenConnections': connections.some(isLive),
    'realtimeInspector.canSend': connections.some(({ state, canSend }) => canSend && state === 'open'),
    'realtimeInspector.hasEvents': (status?.events ?? 0) > 0,
    'realtimeInspector.hasReopenable': remembered.reopenable().length > 0,
    'realtimeInspector.isServing': servers.endpoints.length > 0,
    'realtimeInspector.isDemoRunning': demo.running,
  }
}

/** Sets the keys now, and after every change of the session, the demo or the served sessions. */
export function keepContextKeys(session: LiveSession, demo: Demo, servers: Servers): vscode.Disposable {
  const set = new Map<ContextKey, boolean>()
  const update = (status: SessionStatus | undefined) => {
    const context = contextOf(status, session.remembered, demo, servers)
    for (const key of CONTEXT_KEYS) {
      if (set.get(key) === context[key]) continue
      set.set(key, context[key])
      void vscode.commands.executeCommand('setContext', key, context[key])
    }
  }
  update(session.status)
  return vscode.Disposable.from(
    session.onStatus(update),
    demo.onChange(() => update(session.status)),
    servers.onChange(() => update(session.status)),
  )
}
