/** A live session: its connections, the capture of their events, and the calls that an editor makes on both. */
import { Capture } from '../capture/capture.ts'
import type { RealtimeEvent } from '../shared/event.ts'
import { Failure } from '../shared/failure.ts'
import type { BatchSink, MessageBatch } from '../shared/message-batch.ts'
import type { EngineNotifications } from '../shared/protocol/notifications.ts'
import type { Handlers } from '../shared/protocol/rpc.ts'
import type { EngineMethods, EngineSettings } from '../shared/protocol.ts'
import type { ConnectionSpec, NetworkSettings } from '../shared/spec.ts'
import type { SessionStatus } from '../shared/status.ts'
import type { Connection } from '../transport/connection.ts'
import { ConnectionStarts } from './connection-starts.ts'
import { DiskTrouble } from './disk-trouble.ts'
import { Hub } from './hub.ts'
import { LifecycleLog } from './lifecycle-log.ts'
import { fileMessage, Outbound } from './outbound.ts'
import { type EngineHost, Reading } from './reading.ts'
import { Repeats } from './repeats.ts'
import { Resends } from './resend/resends.ts'
import { SessionClock } from './session-clock.ts'

export interface EngineOptions extends EngineHost {
  /** Private folder for the spool. */
  readonly directory: string
  readonly network: NetworkSettings
  readonly settings: EngineSettings
}

export class Engine implements BatchSink {
  readonly handlers: Handlers<EngineMethods>
  readonly #clock = new SessionClock()
  readonly #options: EngineOptions
  readonly #capture: Capture
  readonly #hub: Hub
  readonly #reading: Reading
  readonly #starts = new ConnectionStarts()
  readonly #outbound = new Outbound()
  readonly #repeats = new Repeats(() => this.#reading.touch())
  readonly #resends: Resends
  readonly #trouble: DiskTrouble
  readonly #lifecycle = new LifecycleLog((line) => this.#options.notify('log', line))

  constructor(options: EngineOptions) {
    this.#options = options
    const { directory, network, settings } = options
    const { whenDiskFull = 'keepNewest' } = settings
    this.#trouble = new DiskTrouble({
      policy: whenDiskFull,
      lost: () => this.#capture.lostPayloads,
      note: (text) => this.#hub.append({ type: 'mark', time: this.#clock.now(), text }),
      disconnect: () => this.#hub.disconnectAll(),
      log: (level, message) => this.#log(level, message),
    })
    this.#capture = new Capture({
      directory,
      clock: this.#clock,
      memoryLimit: settings.memoryLimit,
      spoolLimit: settings.spoolLimit,
      maxEvents: settings.maxEvents,
      waitsForDisk: whenDiskFull === 'pause',
      onFailure: (failure) => this.#diskFailed(failure),
      onWorking: () => {
        this.#trouble.end()
        this.#reading.touch()
      },
    })
    this.#reading = new Reading({
      log: this.#capture,
      starts: this.#starts,
      host: options,
      status: () => this.status(),
      saved: (count) => this.#capture.markSaved(count),
    })
    this.#hub = new Hub({
      clock: this.#clock.engine,
      network,
      sink: this,
      changed: (connection) => {
        this.#repeats.check(connection.status())
        this.#resends.update(connection)
        this.#reading.touch()
      },
    })
    this.#resends = new Resends({
      settings,
      connect: (spec) => this.#connect(spec),
      progress: (progress) => options.notify('resending', progress),
    })
    this.handlers = this.#serve()
  }

  acknowledge(): void {
    this.#reading.acknowledge()
  }

  /** Captures an event, stamped by the engine's clock. Only the hub calls it. */
  append(event: RealtimeEvent): boolean {
    this.#starts.note(event)
    this.#lifecycle.note(event)
    if (event.type === 'message' && event.direction === 'in') this.#resends.received(event.connection, 1)
    const hasRoom = this.#capture.append(this.#clock.dated(event))
    this.#reading.appended()
    return hasRoom
  }

  appendBatch(connection: number, batch: MessageBatch): boolean {
    this.#resends.received(connection, batch.count)
    const hasRoom = this.#capture.appendBatch(connection, this.#clock.dated(batch))
    this.#reading.appended()
    return hasRoom
  }

  onWritable(callback: () => void): void {
    this.#capture.onWritable(callback)
  }

  status(): SessionStatus {
    const capture = this.#capture
    return {
      startedAt: this.#clock.startedAt.toISOString(),
      at: this.#clock.now(),
      events: capture.count,
      firstKept: capture.firstKept,
      firstPayload: capture.firstPayload,
      spoolBytes: capture.spoolBytes,
      ...diskOf(capture),
      connections: this.#hub.connections().map((connection) => ({
        ...this.#clock.datedStatus(connection.status()),
        repeat: this.#repeats.status(connection.id),
      })),
      unsaved: capture.count - Math.max(capture.saved, capture.firstKept),
    }
  }

  #serve(): Handlers<EngineMethods> {
    const hub = this.#hub
    return {
      ...this.#reading.handlers,
      ...this.#resends.handlers,
      connect: ({ spec }) => ({ id: this.#connect(spec).id }),
      disconnect: async ({ id }) => {
        await hub.get(id).disconnect()
        return null
      },
      reconnect: ({ id }) => {
        hub.get(id).reconnect()
        return null
      },
      send: async ({ id, message }) => {
        const { maxMessageSize } = this.#options.settings
        const connection = hub.get(id)
        connection.send(
          'file' in message
            ? await fileMessage(message.file, maxMessageSize)
            : this.#outbound.prepare(message)(),
        )
        return null
      },
      repeat: ({ id, message, plan }) => {
        const connection = hub.get(id)
        const compose = this.#outbound.prepare(message)
        this.#repeats.start(id, plan, () => connection.send(compose()))
        return null
      },
      stopRepeat: ({ id }) => {
        this.#repeats.stop(id)
        return null
      },
      mark: ({ text, time }) => {
        this.#startIfEmpty()
        const now = this.#clock.now()
        const asked = Math.min(now, Math.max(0, time ?? now))
        hub.append({ type: 'mark', time: this.#clock.engineTime(asked), text })
        return null
      },
      clear: () => this.#clear(),
      network: (network) => {
        hub.setNetwork(network)
        return null
      },
      replay: () => {
        throw new Failure('NOT_A_RECORDING', 'Live traffic cannot be replayed; save it and open the file.')
      },
      shutdown: async (params) => {
        // Taken now, since the shutdown itself adds events that are not worth keeping.
        const keep = params?.keepUnsaved === true && this.status().unsaved > 0
        this.#repeats.stopAll()
        this.#resends.cancelAll()
        await hub.disconnectAll()
        this.#reading.close()
        this.#capture.close({ keep })
        return null
      },
    }
  }

  #connect(spec: ConnectionSpec): Connection {
    this.#startIfEmpty()
    return this.#hub.connect({ maxMessageSize: this.#options.settings.maxMessageSize, ...spec })
  }

  /** A session starts with its first event, not when it was cleared. */
  #startIfEmpty(): void {
    if (this.#capture.count > 0) return
    this.#clock.restart()
    this.#capture.restart(this.#clock.startedAt)
  }

  #clear(): null {
    this.#capture.clear()
    this.#startIfEmpty()
    this.#reading.forget()
    const kept: RealtimeEvent[] = []
    for (const connection of this.#hub.connections()) {
      const { state } = connection.status()
      if (state !== 'closed' && state !== 'failed') {
        const { connect, open } = this.#starts.of(connection.id)
        for (const event of [connect, open]) if (event !== undefined) kept.push(event)
        continue
      }
      this.#hub.forget(connection.id)
      this.#repeats.forget(connection.id)
      this.#starts.forget(connection.id)
    }
    kept.sort((a, b) => a.time - b.time)
    for (const event of kept) this.#capture.append(this.#clock.dated(event))
    this.#reading.restart()
    return null
  }

  #diskFailed(failure: Failure): void {
    // A failed read does not stop the capture: the call that reads reports it.
    if (this.#capture.failure === undefined) this.#log('error', failure.message)
    else this.#trouble.begin(failure)
  }

  #log(level: EngineNotifications['log']['level'], message: string): void {
    this.#options.notify('log', { level, message })
  }
}

function diskOf({ failure, lostPayloads }: Capture): Pick<SessionStatus, 'disk'> {
  if (failure === undefined && lostPayloads === 0) return {}
  return { disk: { lostPayloads, ...(failure !== undefined && { failure: failure.message }) } }
}
