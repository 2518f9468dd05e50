/** Finds what each connection of a session sent, in one pass over the columns. */
import { setImmediate } from 'node:timers/promises'
import type { Log } from '../../capture/recording.ts'
import { isOut, typeOf } from '../../shared/columns.ts'
import type { ConnectEvent } from '../../shared/event.ts'
import { Failure } from '../../shared/failure.ts'
import { MAX_BYTES } from './command-line.ts'

/** Maximum number of messages gathered from one connection. */
const MAX_MESSAGES = 10_000
/** Events looked at in one step: a fraction of a millisecond. */
const STEP = 8192

export interface Traffic {
  readonly connection: number
  /** The first `connect`, if the log has it. */
  readonly connect: ConnectEvent | undefined
  /** Attempts to connect. */
  readonly attempts: number
  /** Requests of a poll, and the event number of the first. */
  readonly requests: number
  readonly firstRequest: number | undefined
  /** Messages sent. */
  readonly sent: number
  /** Event numbers of the messages that are gathered: as many from the first on as the limits allow. */
  readonly outbound: readonly number[]
  /** Number of messages that were not gathered because of the limits. */
  readonly beyond: number
  /** Number of messages whose payload is no longer kept; they are not gathered either. */
  readonly dropped: number
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] }

interface Tally extends Mutable<Omit<Traffic, 'outbound'>> {
  readonly outbound: number[]
  /** Bytes of the gathered messages. */
  bytes: number
}

/**
 * The connections in the order of their first events. Events that are appended meanwhile are not included; the oldest
 * may have been dropped when this resolves. Rejects with CLEARED.
 */
export async function sentByConnection(log: Log): Promise<readonly Traffic[]> {
  const tallies = new Map<number, Tally>()
  const { generation, count: end } = log
  for (let at = log.firstKept; at < end; ) {
    const batch = log.columns(at, Math.min(STEP, end - at))
    for (let i = 0; i < batch.count; i++) {
      const connection = batch.connection[i] ?? 0
      if (connection === 0) continue
      let tally = tallies.get(connection)
      if (tally === undefined) {
        tally = emptyTally(connection)
        tallies.set(connection, tally)
      }
      count(tally, log, batch.first + i, batch.kind[i] ?? 0, batch.size[i] ?? 0)
    }
    at = batch.first + batch.count
    await setImmediate()
    if (log.generation !== generation)
      throw new Failure('CLEARED', 'The session was cleared while it was being read; try again.')
  }
  return [...tallies.values()]
}

function emptyTally(connection: number): Tally {
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

function count(tally: Tally, log: Log, index: number, kind: number, size: number): void {
  const type = typeOf(kind)
  if (type === 'connect') {
    tally.attempts++
    if (tally.connect !== undefined) return
    const event = log.peek(index)
    // Only the first attempt has the options of the connection.
    if (event.type === 'connect' && event.attempt === 0) tally.connect = event
  } else if (type === 'request') {
    tally.requests++
    tally.firstRequest ??= index
  } else if (type === 'message' && isOut(kind)) gather(tally, log, index, size)
}

function gather(tally: Tally, log: Log, index: number, size: number): void {
  tally.sent++
  if (log.isDropped(index)) tally.dropped++
  // After the first message that does not fit, later ones are left out too: they may depend on it.
  else if (tally.beyond > 0 || tally.bytes + size > MAX_BYTES || tally.outbound.length === MAX_MESSAGES)
    tally.beyond++
  else {
    tally.bytes += size
    tally.outbound.push(index)
  }
}
