/** How the status of a session is sent: whole, or as what has changed since the update before. */
import type { ConnectionStatus, SessionStatus } from '../status.ts'

/** What changes with the messages of a connection and the requests of a poll, in the order of its row in `ConnectionChanges.traffic`, after its number. */
export const TRAFFIC_FIELDS = [
  ...(['messagesIn', 'messagesOut', 'bytesIn', 'bytesOut', 'rate'] as const),
  ...(['responses', 'emptyResponses', 'heldSince'] as const),
] as const
/** Numbers in a row: that of the connection, and its traffic. */
export const TRAFFIC_ROW = 1 + TRAFFIC_FIELDS.length

export interface ConnectionChanges {
  /** New connections, in the order in which they were opened, and connections whose status may have changed beyond their traffic. */
  readonly connections: readonly ConnectionStatus[]
  /** The traffic of others, a row of `TRAFFIC_ROW` numbers each. */
  readonly traffic: Float64Array<ArrayBuffer>
}

export type SessionFacts = Omit<SessionStatus, 'connections'>

/** The connections that it does not name are as they were, and none is gone. */
export interface StatusChange extends SessionFacts {
  readonly changes: ConnectionChanges
}

export type StatusUpdate = SessionStatus | StatusChange

/** The buffers of an update that can be transferred. */
export function statusBuffers(update: StatusUpdate): ArrayBuffer[] {
  return 'changes' in update ? [update.changes.traffic.buffer] : []
}

/** The status of a session as a receiver of updates knows it. A connection that has not changed is the same object as before. */
export class StatusMirror {
  #status: SessionStatus | undefined
  /** Where each connection is in the list. */
  readonly #places = new Map<number, number>()

  /** Undefined before the first update, and after `clear`. */
  get status(): SessionStatus | undefined {
    return this.#status
  }

  /** Takes the next update; returns the status as it is now. */
  apply(update: StatusUpdate): SessionStatus {
    if ('changes' in update) {
      const { changes, ...facts } = update
      this.#status = { ...facts, connections: this.#merge(changes) }
    } else {
      this.#status = update
      this.#places.clear()
      for (const [place, { id }] of update.connections.entries()) this.#places.set(id, place)
    }
    return this.#status
  }

  /** Where a connection is in the list; undefined if it is not there. */
  placeOf(connection: number): number | undefined {
    return this.#places.get(connection)
  }

  clear(): void {
    this.#status = undefined
    this.#places.clear()
  }

  #merge({ connections, traffic }: ConnectionChanges): readonly ConnectionStatus[] {
    const before = this.#status?.connections ?? []
    if (connections.length === 0 && traffic.length === 0) return before
    const merged = before.slice()
    for (const connection of connections) {
      const place = this.#places.get(connection.id) ?? merged.length
      this.#places.set(connection.id, place)
      merged[place] = connection
    }
    for (let at = 0; at < traffic.length; at += TRAFFIC_ROW) {
      const place = this.#places.get(traffic[at] ?? 0)
      const connection = place === undefined ? undefined : merged[place]
      if (place !== undefined && connection !== undefined)
        merged[place] = { ...connection, ...trafficAt(traffic, at) }
    }
    return merged
  }
}

function trafficAt(
  traffic: Float64Array,
  at: number,
): Pick<ConnectionStatus, (typeof TRAFFIC_FIELDS)[number]> {
  const row = traffic.subarray(at + 1, at + TRAFFIC_ROW)
  const [messagesIn = 0, messagesOut = 0, bytesIn = 0, bytesOut = 0, rate = 0] = row
  const [responses = 0, emptyResponses = 0, since = Number.NaN] = row.subarray(5)
  const heldSince = Number.isNaN(since) ? undefined : since
  return { messagesIn, messagesOut, bytesIn, bytesOut, rate, responses, emptyResponses, heldSince }
}
