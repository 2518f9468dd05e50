/** The connections of a recording as requests. */
import { setImmediate } from 'node:timers/promises'
import type { Log } from '../../capture/recording.ts'
import { unpackKind } from '../../shared/event-columns.ts'
import type { MadeRequest } from '../../shared/protocol/requests.ts'
import { ConnectionStarts } from '../connection-starts.ts'
import { SessionDecoding } from '../decoding/session-decoding.ts'
import { madeRequest } from './made-request.ts'

/** All events are read for each of them. */
const MAX_REQUESTS = 200
const STEP = 8192

export interface RecordedRequests {
  readonly requests: readonly MadeRequest[]
  /** Connections beyond the limit. */
  readonly omitted: number
}

/** The different requests, in the order in which they were made first. Rejects as `madeRequest` does. */
export async function recordedRequests(log: Log): Promise<RecordedRequests> {
  const starts = await startsIn(log)
  const decoding = new SessionDecoding(log, starts)
  const requests = new Map<string, MadeRequest>()
  const connections = [...starts.connections()].filter((each) => starts.of(each).connect !== undefined)
  for (const connection of connections.slice(0, MAX_REQUESTS)) {
    const { connect } = starts.of(connection)
    if (connect === undefined) continue
    const made = await madeRequest({ log, connection, connect, nameOf: (index) => decoding.nameOf(index) })
    const key = JSON.stringify(made)
    if (!requests.has(key)) requests.set(key, made)
  }
  return { requests: [...requests.values()], omitted: Math.max(0, connections.length - MAX_REQUESTS) }
}

async function startsIn(log: Log): Promise<ConnectionStarts> {
  const starts = new ConnectionStarts()
  for (let at = log.firstKept; at < log.count; ) {
    const batch = log.columns(at, Math.min(STEP, log.count - at))
    for (let i = 0; i < batch.count; i++) {
      const { type } = unpackKind(batch.kind[i] ?? 0)
      if (type === 'connect' || type === 'open') starts.note(log.event(batch.first + i))
    }
    at = batch.first + batch.count
    await setImmediate()
  }
  return starts
}
