/** Keeps the context keys of `when` clauses up to date. */
import * as vscode from 'vscode'
import type { SessionStatus } from '../../shared/status.ts'
import type { AttachedPrograms } from '../attach/attached-programs.ts'
import type { DebugSessions } from '../attach/debug-sessions.ts'
import type { Demo } from '../connect/demo.ts'
import { CONTEXT_KEYS, type ContextKey, HAS_FILTERED, HAS_RUN_IN_TERMINAL } from '../contributions.ts'
import type { RequestRuns } from '../requests/request-runs.ts'
import type { Servers } from '../serving/servers.ts'
import { isLive, type LiveSession } from '../session/live-session.ts'

/** Where the keys come from. */
export interface ContextSources {
  readonly session: LiveSession
  readonly demo: Demo
  readonly servers: Servers
  readonly runs: RequestRuns
  readonly debugSessions: DebugSessions
  readonly programs: AttachedPrograms
}

/** The keys that are set by something that the user does. */
type SetElsewhere = typeof HAS_FILTERED | typeof HAS_RUN_IN_TERMINAL

function contextOf(
  status: SessionStatus | undefined,
  { session, demo, servers, runs, debugSessions, programs }: ContextSources,
): Record<Exclude<ContextKey, SetElsewhere>, boolean> {
  const connections = status?.connections ?? []
  return {
    'realtimeInspector.hasConnections': connections.length > 0,
    'realtimeInspector.hasOpenConnections': connections.some(isLive),
    'realtimeInspector.canSend': connections.some(({ state, canSend }) => canSend && state === 'open'),
    'realtimeInspector.hasEvents': (status?.events ?? 0) > 0,
    'realtimeInspector.hasReopenable': session.remembered.reopenable().length > 0,
    'realtimeInspector.hasRunRequest': connections.some(({ id }) => runs.requestOf(id) !== undefined),
    'realtimeInspector.isServing': servers.endpoints.length > 0,
    'realtimeInspector.isProxying': (status?.proxies ?? []).length > 0,
    'realtimeInspector.isDebugging': debugSessions.all.length > 0,
    'realtimeInspector.isAttached': programs.all.length > 0,
    'realtimeInspector.hasCode': connections.some(({ initiator }) => initiator !== undefined),
    'realtimeInspector.isDemoRunning': demo.running,
    'realtimeInspector.hasSaved': status !== undefined && status.events - status.firstKept > status.unsaved,
  }
}

/** Sets the keys now, and after every change of the session, its requests, the demo, the served sessions or the debugger. */
export function keepContextKeys(sources: ContextSources): vscode.Disposable {
  const { session, demo, servers, runs, debugSessions } = sources
  const set = new Map<ContextKey, boolean>()
  const update = (status: SessionStatus | undefined) => {
    const context = contextOf(status, sources)
    for (const key of CONTEXT_KEYS) {
      if (key === HAS_FILTERED || key === HAS_RUN_IN_TERMINAL || set.get(key) === context[key]) continue
      set.set(key, context[key])
      void vscode.commands.executeCommand('setContext', key, context[key])
    }
  }
  update(session.status)
  const updateAll = () => update(session.status)
  return vscode.Disposable.from(
    session.onStatus(update),
    runs.onChange(updateAll),
    demo.onChange(updateAll),
    servers.onChange(updateAll),
    debugSessions.onStart(updateAll),
    debugSessions.onEnd(updateAll),
  )
}
