/** The proxies that run, and the programs that are attached to. */
import { setTimeout as delay } from 'node:timers/promises'
import type { Attachment } from '../../attach/attachment.ts'
import type { Decoder } from '../../decode/decoder.ts'
import type { RecordingProxy } from '../../proxy/recording-proxy.ts'
import type { RealtimeEvent } from '../../shared/event.ts'
import { Failure } from '../../shared/failure.ts'
import type { Handlers } from '../../shared/protocol/rpc.ts'
import type { TrafficMethods } from '../../shared/protocol/traffic.ts'
import type { ConnectionStatus, SessionStatus } from '../../shared/status.ts'
import type { Hub } from '../hub.ts'
import { FilterTest } from './message-test.ts'
import { SeenConnections } from './seen-connections.ts'

/** What has ended is listed as well, up to this number. */
const MAX_ENDED = 20
/** Milliseconds within which the last that has arrived is decoded and recorded, unless the session is full. */
const LAST_RECORDS = 2000

export interface TrafficOptions {
  /** Bytes of the largest message that is recorded. */
  readonly maxMessageSize?: number | undefined
  /** For the filters of faults. */
  decoders(): readonly Decoder[]
  /** The events by which a connection started. */
  started(connection: number): readonly RealtimeEvent[]
}

const NO_DECODING: TrafficOptions = { decoders: () => [], started: () => [] }

export class TrafficSources {
  readonly handlers: Handlers<TrafficMethods>
  readonly #hub: Hub
  readonly #changed: () => void
  readonly #decoding: TrafficOptions
  readonly #seen: SeenConnections
  readonly #proxies = new Map<number, RecordingProxy>()
  readonly #attachments = new Map<number, Attachment>()
  #nextId = 1

  constructor(hub: Hub, changed: () => void, options: TrafficOptions = NO_DECODING) {
    this.#hub = hub
    this.#changed = changed
    this.#decoding = options
    this.#seen = new SeenConnections(hub, options.maxMessageSize)
    this.handlers = this.#serve()
  }

  status(): Pick<SessionStatus, 'proxies' | 'attachments'> {
    const proxies = [...this.#proxies.values()].map((proxy) => proxy.status())
    const attachments = [...this.#attachments.values()].map((attachment) => attachment.status())
    return { ...(proxies.length > 0 && { proxies }), ...(attachments.length > 0 && { attachments }) }
  }

  /** Resolves when what the sources saw is recorded. */
  async stopAll(): Promise<void> {
    const proxies = [...this.#proxies.values()].map((proxy) => proxy.stop())
    const attachments = [...this.#attachments.values()].map((attachment) => attachment.detach())
    await Promise.all([...proxies, ...attachments])
    for (const id of [...this.#proxies.keys(), ...this.#attachments.keys()])
      this.#seen.sourceEnded(id, 'the session has ended')
    const ending = this.#hub.connections().filter((connection) => isSeen(connection.status()))
    await Promise.race([
      Promise.all(ending.map(({ done }) => done)),
      delay(LAST_RECORDS, undefined, { ref: false }),
    ])
  }

  #serve(): Handlers<TrafficMethods> {
    return {
      startProxy: async (options) => {
        const { startRecordingProxy } = await import('../../proxy/recording-proxy.ts')
        const id = this.#nextId++
        const proxy = await startRecordingProxy(id, options, this.#host())
        this.#proxies.set(id, proxy)
        this.#changed()
        return proxy.status()
      },
      stopProxy: async ({ id }) => {
        const proxy = this.#proxy(id)
        await proxy.stop()
        this.#seen.sourceEnded(id, 'the proxy has stopped')
        this.#proxies.delete(id)
        this.#changed()
      },
      setFaults: ({ proxy, connection, faults }) => this.#proxy(proxy).setFaults(faults, connection),
      cut: ({ connection }) => this.#hub.get(connection).disconnect(),
      releaseHeld: ({ proxy, message, text, base64, drop }) =>
        this.#proxy(proxy).release(message, drop === true ? null : payloadOf(text, base64)),
      attach: async (options) => {
        const { attachTo } = await import('../../attach/attachment.ts')
        const id = this.#nextId++
        const attachment = await attachTo(id, options, this.#host())
        this.#attachments.set(id, attachment)
        void attachment.done.then(() => {
          this.#seen.sourceEnded(id, 'the inspector has detached from the program')
          this.#forgetEnded()
          this.#changed()
        })
        this.#changed()
        return attachment.status()
      },
      detach: async ({ id }) => {
        const attachment = this.#attachments.get(id)
        if (attachment === undefined)
          throw new Failure('NOT_ATTACHED', 'The inspector is no longer attached to this program.')
        await attachment.detach()
        this.#attachments.delete(id)
        this.#changed()
      },
    }
  }

  #host() {
    const seen = this.#seen
    return {
      clock: seen.clock,
      maxMessageSize: seen.maxMessageSize,
      webSocket: seen.webSocket.bind(seen),
      exchange: seen.exchange.bind(seen),
      mark: seen.mark.bind(seen),
      changed: this.#changed,
      test: (connection: number, filter: string) =>
        new FilterTest(filter, {
          connection,
          decoders: this.#decoding.decoders(),
          started: () => this.#decoding.started(connection),
          mark: seen.mark.bind(seen),
        }),
    }
  }

  #proxy(id: number): RecordingProxy {
    const proxy = this.#proxies.get(id)
    if (proxy === undefined) throw new Failure('NO_PROXY', 'This proxy does not run any more.')
    return proxy
  }

  #forgetEnded(): void {
    const ended = [...this.#attachments].filter(([, each]) => each.status().ended !== undefined)
    for (const [id] of ended.slice(0, -MAX_ENDED)) this.#attachments.delete(id)
  }
}

/** Whether a connection is one of another program. */
function isSeen({ source }: ConnectionStatus): boolean {
  return source !== undefined
}

function payloadOf(text: string | undefined, base64: string | undefined): Uint8Array | undefined {
  if (text !== undefined) return new TextEncoder().encode(text)
  return base64 === undefined ? undefined : Buffer.from(base64, 'base64')
}
