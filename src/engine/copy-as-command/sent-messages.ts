/** Finds what each connection of a session sent, in one pass over the columns. */
import { setImmediate } from 'node:timers/promises'
import type { Log } from '../../capture/recording.ts'
import type { ConnectEvent } from '../../shared/event.ts'
import { isOut, typeOf } from '../../shared/event-columns.ts'
import { Failure } from '../../shared/failure.ts'
import { MAX_BYTES } from './shell-syntax.ts'

/** Maximum number of messages gathered from one connection. */
const MAX_MESSAGES = 10_000
/** Events looked at in one step: a fraction of a millisecond. */
const STEP = 8192

export interface Traffic {
  readonly connection: number
  /** The first `connect`, if the log has it. */
  connect: ConnectEvent | undefined
  /** Attempts to connect. */
  attempts: number
  /** Requests of a poll, and the event number of the first. */
  requests: number
  firstRequest: number | undefined
  /** Messages sent. */
  sent: number
  /** Event numbers of the gathered messages: the first ones, as many as the limits allow. */
  readonly outbound: number[]
  /** Bytes of the gathered messages. */
  bytes: number
  /** Number of messages that were not gathered because of the limits. */
  beyond: number
  /** Number of messages that were not gathered because their payload is no longer kept. */
  dropped: number
}

/**
 * The connections in the order of their first events. Events that are appended meanwhile are not included; the oldest
 * may have been dropped when this resolves. Rejects with CLEARED.
 */
export async function sentByConnection(log: Log): Promise<readonly Readonly<Traffic>[]> {
  const byConnection = new Map<number, Traffic>()
  const { generation, count: end } = log
  for (let at = log.firstKept; at < end; ) {
    const batch = log.columns(at, Math.min(STEP, end - at))
    for (let i = 0; i < batch.count; i++) {
      const connection = batch.connection[i] ?? 0
      if (connection === 0) continue
      let traffic = byConnection.get(connection)
      if (traffic === undefined) {
        traffic = noTraffic(connection)
        byConnection.set(connection, traffic)
      }
      count(traffic, log, batch.first + i, batch.kind[i] ?? 0, batch.size[i] ?? 0)
    }
    at = batch.first + batch.count
    await setImmediate()
    if (log.generation !== generation)
      throw new Failure('CLEARED', 'The session was cleared while it was being read; try again.')
  }
  return [...byConnection.values()]
}

function noTraffic(connection: number): Traffic {
  return {
    connection,
    connect: undefined,
    attempts: 0,
    requests: 0,
    firstRequest: undefined,
    sent: 0,
    outbound: [],
    beyond: 0,
    dropped: 0,
    bytes: 0,
  }
}

function count(traffic: Traffic, log: Log, index: number, kind: number, size: number): void {
  const type = typeOf(kind)
  if (type === 'connect') {
    traffic.attempts++
    if (traffic.connect !== undefined) return
    const event = log.peek(index)
    // Only the first attempt has the options of the connection.
    if (event.type === 'connect' && event.attempt === 0) traffic.connect = event
  } else if (type === 'request') {
    traffic.requests++
    traffic.firstRequest ??= index
  } else if (type === 'message' && isOut(kind)) gather(traffic, log, index, size)
}

function gather(traffic: Traffic, log: Log, index: number, size: number): void {
  traffic.sent++
  if (log.isDropped(index)) traffic.dropped++
  // After the first message that does not fit, later ones are left out too: they may depend on it.
  else if (traffic.beyond > 0 || traffic.bytes + size > MAX_BYTES || traffic.outbound.length === MAX_MESSAGES)
    traffic.beyond++
  else {
    traffic.bytes += size
    traffic.outbound.push(index)
  }
}
