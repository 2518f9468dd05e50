/** The ids that a live peer gives in the place of the recorded ones, over all connections of a session. */
import { IdMapping } from '../../decode/ids/id-mapping.ts'
import type { Id, ReplaceId } from '../../decode/ids/ids.ts'
import type { Headers } from '../../shared/event.ts'
import type { Origin, RecordedIds } from './recorded-ids.ts'

/** The ids of one recorded connection. */
export class ConnectionIds {
  readonly #session: SessionIds
  readonly #connection: number
  readonly #ids = new IdMapping()

  constructor(session: SessionIds, connection: number) {
    this.#session = session
    this.#connection = connection
  }

  /** Whether the recorded peer gave the id, here or, before the client used it here, on another connection. */
  isGiven(id: Id): boolean {
    // The other ids are those of the client's requests.
    return id.side === 'in' && (this.#originOf(id)?.direction === 'in' || this.#session.isGiven(id))
  }

  /** The live id for a recorded one; undefined if it is not known. */
  readonly replace: ReplaceId = (kind, id, side) => {
    // Peers may number what they ask alike on each of their connections.
    const isOwn = this.#originOf({ kind, id, side })?.direction === 'in'
    const ids = isOwn ? this.#ids : this.#session.ids
    return ids.get(kind, id, side)
  }

  /** Whether the live ids are known for all of these that the peer gives. */
  areKnown(ids: readonly Id[]): boolean {
    return ids.every((id) => !this.isGiven(id) || this.#isKnown(id))
  }

  /** Whether some of these are not known yet, and the connection on which the peer gives them has not ended. */
  areAwaited(ids: readonly Id[]): boolean {
    return ids.some(
      (id) => this.isGiven(id) && !this.#isKnown(id) && !this.#session.hasEnded(this.#originOf(id), id),
    )
  }

  #originOf(id: Id): Origin | undefined {
    return this.#session.recorded.originOf(id, this.#connection)
  }

  #isKnown({ kind, id, side }: Id): boolean {
    return this.replace(kind, id, side) !== undefined
  }

  /** Learns an id. */
  set({ kind, side, id }: Id, live: string | number): void {
    if (!this.isGiven({ kind, side, id })) return
    for (const ids of [this.#ids, this.#session.ids]) ids.set(kind, side, id, live)
  }

  /** Learns the ids in the head of a response. */
  learnHead(recorded: Headers, live: Headers): void {
    const { recorded: all } = this.#session
    const given = all.idsInHead({ url: '', headers: live })
    for (const id of all.idsInHead({ url: '', headers: recorded })) {
      const found = given.find(({ kind, side }) => kind === id.kind && side === id.side)
      if (found !== undefined) this.set(id, found.id)
    }
  }
}

/** The ids of one replay. */
export class SessionIds {
  readonly ids = new IdMapping()
  readonly recorded: RecordedIds
  readonly #ended = new Set<number>()

  constructor(recorded: RecordedIds) {
    this.recorded = recorded
  }

  of(connection: number): ConnectionIds {
    return new ConnectionIds(this, connection)
  }

  isGiven(id: Id): boolean {
    return this.recorded.originOf(id)?.direction === 'in'
  }

  /** A recorded connection has ended for good: the ids that it has not given do not come. */
  ended(connection: number): void {
    this.#ended.add(connection)
  }

  /** Whether the connection has ended on which an id first was: `own` if that is where it is used. */
  hasEnded(own: Origin | undefined, id: Id): boolean {
    const origin = own?.direction === 'in' ? own : this.recorded.originOf(id)
    return origin !== undefined && this.#ended.has(origin.connection)
  }
}
