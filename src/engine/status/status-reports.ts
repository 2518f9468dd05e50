/** Reports the status of a session: whole if asked, otherwise as what has changed, with what is decoded and what the rules have found. */
import { noticesOf } from '../../diagnose/notices.ts'
import type { ConnectionDecoding } from '../../shared/protocol/decoding.ts'
import type { SessionFacts, StatusUpdate } from '../../shared/protocol/status-update.ts'
import type { ConnectionStatus, SessionStatus } from '../../shared/status.ts'
import type { FindingSummary } from '../diagnosis-runner.ts'
import { ConnectionChangesReader, type ReportedConnections } from './connection-changes.ts'
import { StatusTicker } from './status-ticker.ts'

/** A session whose connections are reported by what has changed. */
export interface LiveStatusSource extends ReportedConnections {
  facts(): SessionFacts
}

export interface StatusReportsOptions {
  /** The whole status. */
  status(): SessionStatus
  /** Absent for a session that is reported whole. */
  readonly live?: LiveStatusSource | undefined
  decodingOf(connection: number): ConnectionDecoding | undefined
  found(): FindingSummary | undefined
  tell(update: StatusUpdate): void
}

export class StatusReports {
  readonly #options: StatusReportsOptions
  readonly #changes: ConnectionChangesReader | undefined
  readonly #ticker: StatusTicker

  constructor(options: StatusReportsOptions) {
    const { live } = options
    this.#options = options
    this.#changes =
      live &&
      new ConnectionChangesReader({
        get generation() {
          return live.generation
        },
        connection: (id) => {
          const connection = live.connection(id)
          return connection && this.#complete(connection)
        },
        connections: () => live.connections().map((connection) => this.#complete(connection)),
        writeTraffic: (id, into, at) => live.writeTraffic(id, into, at),
      })
    this.#ticker = new StatusTicker(() => this.#tick())
  }

  /** Anything may have changed. The next tick reports it. */
  touch(): void {
    this.#changes?.touch()
    this.#ticker.touch()
  }

  /** Anything may have changed of a connection. */
  changed(connection: number): void {
    this.#changes?.changed(connection)
    this.touch()
  }

  /** Messages of a connection were captured, or requests and responses of a poll. */
  moved(connection: number): void {
    this.#changes?.moved(connection)
    this.touch()
  }

  /** Tells the status now rather than at the next tick. */
  tellNow(): void {
    this.#tick()
    this.#ticker.touch()
  }

  stop(): void {
    this.#ticker.stop()
  }

  /** The whole status. It is not an update: the next one is as if nobody had asked. */
  whole(): SessionStatus {
    const status = this.#options.status()
    const connections = status.connections.map((connection) => this.#complete(connection))
    return { ...this.#withFindings(status, connections), connections }
  }

  /** What has changed since the last update, for a reader that gets it at once. */
  update(): StatusUpdate {
    return this.#update(false)
  }

  #tick(): boolean {
    const update = this.#update(true)
    this.#options.tell(update)
    if (this.#changes !== undefined) return this.#changes.isMoving
    // A rate falls to zero without an event that would call `touch`.
    return 'connections' in update && update.connections.some(({ rate }) => rate > 0)
  }

  #update(looks: boolean): StatusUpdate {
    const { live } = this.#options
    const changes = this.#changes
    if (live === undefined || changes === undefined) return this.whole()
    const connections = changes.whole()
    if (connections !== undefined) return { ...this.#withFindings(live.facts(), connections), connections }
    const changed = changes.take(looks)
    return { ...this.#withFindings(live.facts(), changes.reported()), changes: changed }
  }

  #complete(connection: ConnectionStatus): ConnectionStatus {
    const decoding = this.#options.decodingOf(connection.id)
    const findings = this.#options.found()?.of(connection.id)
    if (decoding === undefined && findings === undefined) return connection
    return { ...connection, ...(decoding && { decoding }), ...(findings && { findings }) }
  }

  #withFindings<Facts extends SessionFacts>(facts: Facts, connections: Iterable<ConnectionStatus>): Facts {
    const notices = noticesOf({ ...facts, connections })
    const found = this.#options.found()
    return {
      ...facts,
      ...(notices.length > 0 && { notices }),
      ...(found !== undefined && { findings: found.session }),
    }
  }
}
