/** A live session: its connections, the capture of their events, and the calls that an editor makes on both. */
import { Capture } from '../capture/capture.ts'
import { decodersWith } from '../decode/decoders.ts'
import { maskEvent, maskedMessages } from '../session/mask-known.ts'
import type { TemplateMessage } from '../shared/compose/compose.ts'
import type { RealtimeEvent } from '../shared/event.ts'
import { Failure } from '../shared/failure.ts'
import type { BatchSink, MessageBatch } from '../shared/message-batch.ts'
import type { EngineNotifications } from '../shared/protocol/notifications.ts'
import type { Handlers } from '../shared/protocol/rpc.ts'
import type { EngineMethods, EngineSettings } from '../shared/protocol.ts'
import { KnownSecrets } from '../shared/secrets/known-secrets.ts'
import type { ConnectionSpec, NetworkSettings, OutboundMessage } from '../shared/spec.ts'
import { hasEnded, type SessionStatus } from '../shared/status.ts'
import type { LiveConnection } from '../transport/live-connection.ts'
import { type ConnectionStart, ConnectionStarts } from './connection-starts.ts'
import { DiskTrouble } from './disk-trouble.ts'
import { LiveExpectations } from './expect/live-expectations.ts'
import { Hub } from './hub.ts'
import { LifecycleLog } from './lifecycle-log.ts'
import { MessageLimits } from './message-limits.ts'
import { Outbound } from './outbound.ts'
import { type EngineHost, Reading } from './reading.ts'
import { Resends } from './resend/resends.ts'
import { AutomaticSending } from './rules/automatic-sending.ts'
import { Scripts } from './script/scripts.ts'
import { sendCalls } from './send-calls.ts'
import { Sendings } from './sendings.ts'
import { SessionClock } from './session-clock.ts'
import { SchemaRequests } from './speaking/schema-requests.ts'
import { LiveStatus } from './status/live-status.ts'
import { TrafficSources } from './traffic/traffic-sources.ts'

export interface EngineOptions extends EngineHost {
  /** Private folder for the spool. The engine creates it. */
  readonly directory: string
  readonly network: NetworkSettings
  readonly settings: EngineSettings
}

/** What is needed to undo a clear, besides the events. */
interface Cleared {
  /** When the session started, on the engine's clock. */
  readonly zero: number
  /** How many events the new session began with: starts of connections, which the cleared session has, too. */
  readonly repeated: number
  readonly removed: readonly LiveConnection[]
  readonly ended: readonly { readonly connection: LiveConnection; readonly start: ConnectionStart }[]
}

const NOTHING: Cleared = { zero: 0, repeated: 0, removed: [], ended: [] }

export class Engine implements BatchSink {
  readonly handlers: Handlers<EngineMethods>
  readonly #clock = new SessionClock()
  readonly #options: EngineOptions
  readonly #capture: Capture
  readonly #hub: Hub
  readonly #reading: Reading
  #cleared: Cleared | undefined
  #removed: readonly LiveConnection[] = []
  readonly #starts = new ConnectionStarts()
  readonly #limits = new MessageLimits()
  readonly #outbound = new Outbound()
  readonly #sendings = new Sendings(() => this.#reading.touch())
  readonly #automatic: AutomaticSending
  readonly #schemas = new SchemaRequests({
    compose: (id, query) => this.#hub.compose(id, 'operation', { query }),
    send: (id, message) => this.#hub.get(id).send(message),
  })
  /** Values that are secret in this session. They are not even stored. */
  readonly #secrets = new KnownSecrets()
  readonly #expectations: LiveExpectations
  readonly #scripts: Scripts
  readonly #resends: Resends
  readonly #sources: TrafficSources
  readonly #live: LiveStatus
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
    this.#hub = new Hub({
      clock: this.#clock.engine,
      network,
      ...{ secrets: this.#secrets, authorize: options.authorize },
      sink: this.#limits.on(this),
      changed: (connection) => {
        this.#sendings.check(connection)
        this.#scripts.update(connection)
        this.#expectations.update(connection)
        this.#resends.update(connection)
        this.#reading.reports.changed(connection.id)
        this.#reading.stateChanged()
      },
    })
    const shared = {
      decoders: () => decodersWith(settings.dialects),
      started: (id: number) => this.#starts.eventsOf(id),
      clock: this.#clock,
      changed: () => this.#reading.touch(),
    }
    this.#expectations = new LiveExpectations(shared)
    this.#scripts = new Scripts({
      ...shared,
      connect: (spec) => this.#connect(spec),
      expect: (texts) => this.#expectations.prepare(texts),
      automate: (actions) => this.#automatic.prepare(actions),
      send: (id, message) => this.#hub.get(id).send(message),
      // Not from within a callback of the socket.
      limit: (id, most) =>
        this.#limits.set(id, most, () => queueMicrotask(() => void this.#hub.get(id).disconnect())),
      secrets: this.#secrets,
      compose: (id, form, values) => this.#hub.compose(id, form, values),
      notice: (sentence) => this.#log('warn', sentence),
    })
    this.#automatic = new AutomaticSending({
      ...shared,
      connection: (id) => this.#hub.get(id),
      prepare: (id, message) => this.#prepare(id, message),
      mark: (text, rule) => this.#hub.append({ type: 'mark', time: this.#clock.engine.now(), text, rule }),
      variables: this.#scripts,
    })
    this.#resends = new Resends({
      settings,
      connect: (spec) => this.#connect(spec),
      progress: (progress) => options.notify('resending', progress),
    })
    this.#sources = new TrafficSources(this.#hub, () => this.#reading.touch(), {
      ...shared,
      maxMessageSize: settings.maxMessageSize,
    })
    this.#live = new LiveStatus({
      ...{ capture: this.#capture, hub: this.#hub, clock: this.#clock, secrets: this.#secrets },
      ...{ sendings: this.#sendings, automatic: this.#automatic, scripts: this.#scripts },
      ...{ expectations: this.#expectations, sources: this.#sources },
      removed: () => this.#removed,
      cleared: () => this.#cleared?.ended.map(({ connection }) => connection) ?? [],
    })
    this.#reading = new Reading({
      log: this.#capture,
      starts: this.#starts,
      host: options,
      dialects: settings.dialects,
      status: () => this.status(),
      live: this.#live,
      now: () => this.#clock.now(),
      isLive: (id) => {
        const connection = this.#hub.find(id)
        return connection !== undefined && !hasEnded(connection.status())
      },
      saved: (count) => this.#capture.markSaved(count),
    })
    this.handlers = this.#serve()
  }

  acknowledge(): void {
    this.#reading.acknowledge()
  }

  /** Captures an event, stamped by the engine's clock. Only the hub calls it. */
  append(event: RealtimeEvent): boolean {
    const time = this.#clock.sessionTime(event.time)
    // The event may set a variable that is secret.
    this.#scripts.appended(event, time)
    this.#automatic.appended(event, time)
    this.#expectations.appended(event)
    const shown = maskEvent(event, this.#secrets)
    this.#starts.note(shown)
    this.#lifecycle.note(shown)
    if (event.type === 'message' && event.direction === 'in') this.#sendings.received(event.connection)
    const hasRoom = this.#capture.append(shown, time)
    this.#reading.appended()
    if (event.type === 'message' || event.type === 'request' || event.type === 'response')
      this.#reading.reports.moved(event.connection)
    else if ('connection' in event) this.#reading.reports.changed(event.connection)
    this.#resends.appended(event)
    this.#schemas.appended(event)
    return hasRoom
  }

  appendBatch(connection: number, batch: MessageBatch): boolean {
    this.#sendings.received(connection)
    const time = this.#clock.sessionTime(batch.time)
    this.#scripts.appendedBatch(connection, batch, time)
    this.#automatic.appendedBatch(connection, batch, time)
    this.#expectations.appendedBatch(connection, batch)
    const hasRoom = this.#captureBatch(connection, batch, time)
    this.#reading.appended()
    this.#reading.reports.moved(connection)
    this.#resends.appendedBatch(connection, batch, time)
    this.#schemas.appendedBatch(connection, batch, time)
    return hasRoom
  }

  #captureBatch(connection: number, batch: MessageBatch, time: number): boolean {
    const messages = maskedMessages(connection, batch, time, this.#secrets)
    if (messages === undefined) return this.#capture.appendBatch(connection, batch, time)
    let hasRoom = true
    for (const message of messages) hasRoom = this.#capture.append(message)
    return hasRoom
  }

  onWritable(callback: () => void): void {
    this.#capture.onWritable(callback)
  }

  status(): SessionStatus {
    return this.#live.status()
  }

  #serve(): Handlers<EngineMethods> {
    const hub = this.#hub
    return {
      ...this.#reading.handlers,
      ...this.#resends.handlers,
      ...this.#scripts.handlers,
      ...hub.sessionCookies.handlers,
      ...this.#automatic.handlers,
      ...this.#sources.handlers,
      ...sendCalls({
        hub,
        sendings: this.#sendings,
        maxMessageSize: this.#options.settings.maxMessageSize,
        prepare: (id, message) => this.#prepare(id, message),
      }),
      disconnect: ({ id }) => hub.get(id).disconnect(),
      reconnect: ({ id }) => {
        this.#limits.restart(id)
        return hub.get(id).reconnect()
      },
      graphqlSchema: ({ id }) => this.#schemas.request(id),
      mark: ({ text, time }) => {
        this.#startIfEmpty()
        const now = this.#clock.now()
        const asked = Math.min(now, Math.max(0, time ?? now))
        hub.append({ type: 'mark', time: this.#clock.engineTime(asked), text })
      },
      removeConnection: ({ id }) => this.#remove(hub.get(id)),
      restoreRemoved: () => {
        hub.readmit(this.#removed)
        this.#removed = []
        this.#reading.touch()
      },
      clear: () => this.#clear(),
      settleCleared: ({ undo }) => {
        if (undo) this.#undoClear()
        else this.#capture.dropCleared()
        this.#reading.touch()
      },
      network: (network) => hub.setNetwork(network),
      replay: () => {
        throw new Failure('NOT_A_RECORDING', 'Live traffic cannot be replayed; save it and open the file.')
      },
      shutdown: async (params) => {
        // Taken now, since the shutdown itself adds events that are not worth keeping.
        const keep = params?.keepUnsaved === true && this.status().unsaved > 0
        this.#sendings.stopAll()
        this.#automatic.stopAll()
        this.#scripts.stopAll()
        this.#expectations.stopAll()
        this.#resends.cancelAll()
        await this.#sources.stopAll()
        await hub.disconnectAll()
        this.#reading.close()
        this.#capture.close({ keep })
      },
    }
  }

  /** Makes a function that composes a message of a connection each time it is sent. */
  #prepare(id: number, message: TemplateMessage): () => OutboundMessage {
    return this.#outbound.prepare(message, () => this.#scripts.variables(id))
  }

  #connect(spec: ConnectionSpec): LiveConnection {
    this.#startIfEmpty()
    return this.#hub.connect({ maxMessageSize: this.#options.settings.maxMessageSize, ...spec })
  }

  /** A session starts with its first event, not when it was cleared. */
  #startIfEmpty(): void {
    if (this.#capture.count > 0) return
    this.#clock.restart()
    this.#capture.restart(this.#clock.startedAt)
  }

  #remove(connection: LiveConnection): void {
    if (!hasEnded(connection.status()))
      throw new Failure('STILL_LIVE', 'Disconnect the connection before you remove it.')
    this.#hub.forget(connection.id)
    this.#removed = [...this.#removed, connection]
    this.#reading.touch()
  }

  #clear(): void {
    // Pressing twice clears once.
    if (this.#capture.cleared > 0 && this.#capture.count === this.#cleared?.repeated) return
    const { zero } = this.#clock
    this.#capture.clear({ keep: true })
    this.#startIfEmpty()
    this.#reading.forget()
    const kept: RealtimeEvent[] = []
    const ended: { connection: LiveConnection; start: ConnectionStart }[] = []
    for (const connection of [...this.#hub.connections(), ...this.#removed]) {
      const start = this.#starts.of(connection.id)
      if (!hasEnded(connection.status())) {
        for (const event of [start.connect, start.open]) if (event !== undefined) kept.push(event)
        continue
      }
      ended.push({ connection, start })
      this.#hub.forget(connection.id)
      this.#sendings.forget(connection.id)
      this.#automatic.forget(connection.id)
      this.#scripts.forget(connection.id)
      this.#expectations.forget(connection.id)
      this.#limits.forget(connection.id)
      this.#starts.forget(connection.id)
    }
    kept.sort((a, b) => a.time - b.time)
    for (const event of kept) this.#capture.append(event, this.#clock.sessionTime(event.time))
    this.#cleared = { zero, repeated: kept.length, ended, removed: this.#removed }
    this.#removed = []
    this.#reading.restart({ why: 'cleared' })
  }

  /** The events since then stay, with their times on the engine's clock. */
  #undoClear(): void {
    const { zero, repeated, ended, removed } = this.#cleared ?? NOTHING
    const moved = this.#capture.restore({ skip: repeated, shift: this.#clock.zero - zero })
    this.#cleared = undefined
    this.#clock.restart(zero)
    for (const { connection, start } of ended) this.#starts.remember(connection.id, start)
    const back = ended.map(({ connection }) => connection)
    this.#hub.readmit(back.filter((each) => !removed.includes(each)))
    this.#removed = [...removed, ...this.#removed]
    this.#reading.forget()
    this.#reading.restart({ why: 'restored', moved })
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
