/** The status of a live session and its connections, put together from the parts of its engine that know it. */
import type { Capture } from '../../capture/capture.ts'
import { masked } from '../../session/mask-known.ts'
import type { SessionFacts } from '../../shared/protocol/status-update.ts'
import type { KnownSecrets } from '../../shared/secrets/known-secrets.ts'
import type { ConnectionStatus, SessionStatus } from '../../shared/status.ts'
import type { LiveConnection } from '../../transport/live-connection.ts'
import { diskOf } from '../disk-trouble.ts'
import type { LiveExpectations } from '../expect/live-expectations.ts'
import type { Hub } from '../hub.ts'
import type { AutomaticSending } from '../rules/automatic-sending.ts'
import type { Scripts } from '../script/scripts.ts'
import type { Sendings } from '../sendings.ts'
import type { SessionClock } from '../session-clock.ts'
import type { TrafficSources } from '../traffic/traffic-sources.ts'
import type { LiveStatusSource } from './status-reports.ts'

export interface LiveStatusParts {
  readonly capture: Capture
  readonly hub: Hub
  readonly clock: SessionClock
  readonly secrets: KnownSecrets
  readonly sendings: Sendings
  readonly automatic: AutomaticSending
  readonly scripts: Scripts
  readonly expectations: LiveExpectations
  readonly sources: TrafficSources
  /** The connections that the user has removed, and those that went with the events that were cleared last. */
  removed(): readonly LiveConnection[]
  cleared(): readonly LiveConnection[]
}

export class LiveStatus implements LiveStatusSource {
  readonly #parts: LiveStatusParts

  constructor(parts: LiveStatusParts) {
    this.#parts = parts
  }

  get generation(): number {
    const { hub, clock } = this.#parts
    return hub.generation + clock.restarts
  }

  status(): SessionStatus {
    return { ...this.facts(), connections: this.connections() }
  }

  facts(): SessionFacts {
    const { capture, clock, sources } = this.#parts
    const removed = this.#parts.removed()
    return {
      startedAt: clock.startedAt.toISOString(),
      at: clock.now(),
      events: capture.count,
      firstKept: capture.firstKept,
      firstPayload: capture.firstPayload,
      spoolBytes: capture.spoolBytes,
      ...diskOf(capture),
      ...(capture.cleared > 0 && {
        cleared: { events: capture.cleared, connections: this.#parts.cleared().map(({ id }) => id) },
      }),
      ...(removed.length > 0 && {
        removed: removed
          .toSorted((a, b) => a.id - b.id)
          .map((each) => {
            const { id, url, transport } = this.#masked(each)
            return { id, url, transport }
          }),
      }),
      ...sources.status(),
      unsaved: capture.count - Math.max(capture.saved, capture.firstKept),
    }
  }

  connections(): readonly ConnectionStatus[] {
    return this.#parts.hub.connections().map((connection) => this.#of(connection))
  }

  connection(id: number): ConnectionStatus | undefined {
    const connection = this.#parts.hub.find(id)
    return connection && this.#of(connection)
  }

  writeTraffic(id: number, into: Float64Array, at: number): number | undefined {
    const { hub, clock, sendings, automatic, scripts, expectations } = this.#parts
    const follows = sendings.has(id) || automatic.has(id) || scripts.has(id) || expectations.has(id)
    if (follows) return undefined
    into[at] = id
    return hub.find(id)?.traffic.write(into, at + 1, clock.engine.now(), clock.zero)
  }

  #of(connection: LiveConnection): ConnectionStatus {
    const { clock, secrets, sendings, automatic, scripts, expectations } = this.#parts
    const { id } = connection
    return {
      ...clock.datedStatus(this.#masked(connection)),
      sending: sendings.status(id),
      ...masked(automatic.status(id), secrets),
      script: scripts.status(id),
      expectations: masked(expectations.status(id), secrets),
    }
  }

  #masked(connection: LiveConnection): ConnectionStatus {
    return masked(connection.status(), this.#parts.secrets)
  }
}
