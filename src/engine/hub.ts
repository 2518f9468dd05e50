/** The live connections of a session, with one clock and one sink. The editor's engine and the terminal both use it. */
import type { Authorize } from '../shared/authorization.ts'
import type { Clock } from '../shared/clock.ts'
import type { EventSink, RealtimeEvent } from '../shared/event.ts'
import { Failure } from '../shared/failure.ts'
import { appendBatch, type BatchSink, type MessageBatch } from '../shared/message-batch.ts'
import { toMicroseconds } from '../shared/numbers.ts'
import { KnownSecrets } from '../shared/secrets/known-secrets.ts'
import type { ConnectionSpec, NetworkSettings, OutboundMessage } from '../shared/spec.ts'
import type { FieldValues } from '../shared/spoken/traits.ts'
import { withSocketOfUrl } from '../shared/unix-url.ts'
import { Connection, type ConnectionHost } from '../transport/connection.ts'
import { Http2Sessions } from '../transport/http2/sessions.ts'
import type { LiveConnection } from '../transport/live-connection.ts'
import { hooksAsOne, type RequestHook } from '../transport/request-hook.ts'
import { SessionCookies } from './cookies/session-cookies.ts'
import { ConnectionCredentials } from './credentials/connection-credentials.ts'
import { TokenPlaceholders } from './credentials/token-placeholders.ts'
import { SpokenConnection } from './speaking/spoken-connection.ts'
import { type SeenBeginning, SeenConnection } from './traffic/seen-connection.ts'

/** Milliseconds of the shortest pause that is recorded. Shorter ones are common when much arrives, and delay little. */
const MIN_PAUSE = 100

export interface HubOptions {
  readonly clock: Clock
  readonly sink: EventSink | BatchSink
  readonly network: NetworkSettings
  /** Gets the secrets of the connections, to mask them wherever they appear. */
  readonly secrets?: KnownSecrets | undefined
  /** Gets access tokens. If absent, connections cannot use OAuth 2. */
  readonly authorize?: Authorize | undefined
  /** Default: an empty jar. */
  readonly cookies?: SessionCookies | undefined
  /** Called often: whenever a connection's status may have changed. Must be cheap. */
  readonly changed?: (connection: LiveConnection) => void
}

/** Is itself the host of its connections, so that a message passes no further function on its way to the sink. */
export class Hub implements ConnectionHost {
  readonly clock: Clock
  readonly changed: (connection: LiveConnection) => void
  readonly sessionCookies: SessionCookies
  readonly sessions = new Http2Sessions()
  readonly #sink: EventSink | BatchSink
  readonly #connections = new Map<number, LiveConnection>()
  /** The connections on which a protocol is spoken. */
  readonly #spoken = new WeakMap<LiveConnection, SpokenConnection>()
  readonly #credentials = new WeakMap<LiveConnection, ConnectionCredentials>()
  readonly #tokens = new WeakMap<LiveConnection, TokenPlaceholders>()
  readonly #secrets: KnownSecrets
  readonly #authorize: Authorize | undefined
  #network: NetworkSettings
  #nextId = 1
  #generation = 0
  #stalled = false

  constructor(options: HubOptions) {
    const { clock, sink, network, secrets = new KnownSecrets(), authorize, changed = () => {} } = options
    const { cookies = new SessionCookies() } = options
    this.clock = clock
    this.changed = changed
    this.#sink = sink
    this.sessionCookies = cookies
    this.#network = network
    this.#secrets = secrets
    this.#authorize = authorize
  }

  network(): NetworkSettings {
    return this.#network
  }

  /** For the attempts to come; open connections stay as they are. */
  setNetwork(network: NetworkSettings): void {
    this.#network = network
  }

  /** Starts a connection. Ids count from 1 within the session. Throws a `Failure` for an unusable spec. */
  connect(given: ConnectionSpec): Connection {
    const spec = withSocketOfUrl(given)
    const spoken = spec.protocol === undefined ? undefined : new SpokenConnection(this, spec)
    const connection = new Connection(this.#nextId, spec, spoken ?? this)
    if (spoken !== undefined) this.#spoken.set(connection, spoken)
    spoken?.attach(connection)
    const { credentials, tokens } = spec
    const host = { secrets: this.#secrets, authorize: this.#authorize }
    if (credentials !== undefined)
      this.#credentials.set(connection, new ConnectionCredentials(credentials, host))
    if (tokens !== undefined) this.#tokens.set(connection, new TokenPlaceholders(tokens, host))
    this.#nextId++
    this.#connections.set(connection.id, connection)
    if (this.#stalled) connection.pause()
    connection.start()
    return connection
  }

  /** Begins a connection that another program has opened. */
  adopt(seen: SeenBeginning): SeenConnection {
    const connection = new SeenConnection(this.#nextId, seen, {
      append: (event) => this.append(event),
      appendBatch: (id, batch) => this.appendBatch(id, batch),
      changed: (changed) => this.changed(changed),
      clock: this.clock,
    })
    this.#nextId++
    this.#connections.set(connection.id, connection)
    if (this.#stalled) connection.pause()
    connection.begin()
    return connection
  }

  /** What changes the requests of an attempt of a connection, in this order. */
  requestHook(connection: Connection, spec: ConnectionSpec): RequestHook | undefined {
    const credentials = this.#credentials.get(connection)?.hook(spec)
    const tokens = this.#tokens.get(connection)?.hook(spec)
    const cookies = spec.cookieJar === true ? this.sessionCookies.hook() : undefined
    return hooksAsOne([tokens, credentials, cookies].filter((hook) => hook !== undefined))
  }

  /** A value of a connection's protocol as it is sent now: with access tokens in its texts. */
  withTokens<T>(connection: LiveConnection, value: T): T {
    return this.#tokens.get(connection)?.fill(value) ?? value
  }

  /** The connection with that id; undefined if it is not part of the session. */
  find(id: number): LiveConnection | undefined {
    return this.#connections.get(id)
  }

  /** The connection with that id. Throws `NO_CONNECTION`. */
  get(id: number): LiveConnection {
    const connection = this.find(id)
    if (connection === undefined)
      throw new Failure('NO_CONNECTION', `There is no connection ${id}; connect first.`)
    return connection
  }

  /** The messages of a form of the protocol that is spoken on a connection. Throws a `Failure` if none is, or `compose` does. */
  compose(id: number, form: string, values: FieldValues): readonly OutboundMessage[] {
    const spoken = this.#spoken.get(this.get(id))
    if (spoken === undefined)
      throw new Failure('BAD_SPEC', `Connection ${id} speaks no protocol; connect again with one.`)
    return spoken.compose(form, values)
  }

  connections(): readonly LiveConnection[] {
    return [...this.#connections.values()]
  }

  /** Whether a connection is part of the session, and not forgotten. */
  has(id: number): boolean {
    return this.#connections.has(id)
  }

  /** Changes if a connection is forgotten or taken back. */
  get generation(): number {
    return this.#generation
  }

  /** Forgets a connection that has ended. */
  forget(id: number): void {
    this.#connections.delete(id)
    this.#generation++
  }

  /** Takes back connections that were forgotten. They read again unless the sink is full now. */
  readmit(forgotten: readonly LiveConnection[]): void {
    for (const connection of forgotten) {
      if (this.#stalled) connection.pause()
      else connection.resume()
    }
    const all = [...this.#connections.values(), ...forgotten].sort((a, b) => a.id - b.id)
    this.#connections.clear()
    for (const connection of all) this.#connections.set(connection.id, connection)
    this.#generation++
  }

  /** Ends every connection; settles when all have closed. */
  async disconnectAll(): Promise<void> {
    // Those of other programs that can only be looked at go on.
    await Promise.allSettled(this.connections().map((connection) => connection.disconnect()))
    this.sessions.retire()
  }

  /** Appends an event to the sink. If the sink is full, every connection stops reading until it has room again. */
  append(event: RealtimeEvent): void {
    if (!this.#sink.append(event)) this.#stall()
  }

  appendBatch(connection: number, batch: MessageBatch): void {
    if (!appendBatch(this.#sink, connection, batch)) this.#stall()
  }

  #stall(): void {
    if (this.#stalled) return
    this.#stalled = true
    const since = this.clock.now()
    for (const connection of this.#connections.values()) connection.pause()
    this.#sink.onWritable(() => {
      this.#stalled = false
      this.#recordPause(since)
      // What was recorded may have filled the sink again.
      if (this.#stalled) return
      for (const connection of this.#connections.values()) connection.resume()
    })
  }

  /** Adds an event to each connection that was open all the time, unless the pause was short. */
  #recordPause(since: number): void {
    const time = this.clock.now()
    const duration = toMicroseconds(time - since)
    if (duration < MIN_PAUSE) return
    for (const { id, ...connection } of this.connections().map((each) => each.status()))
      if (connection.state === 'open' && connection.since <= since)
        this.append({ type: 'pause', connection: id, time, duration })
  }
}
