/** Collects what the clients of a recording did, in one pass and in bounded memory. */
import { isUtf8 } from 'node:buffer'
import type { Recording } from '../../../capture/recording.ts'
import { SessionDecoder } from '../../../decode/session-decoder.ts'
import type { DecodedEvent } from '../../../shared/decoded.ts'
import type { ConnectEvent, MessageEvent, RealtimeEvent, RequestEvent } from '../../../shared/event.ts'
import { getOrMake } from '../../../shared/maps.ts'
import { largest } from '../../../shared/numbers.ts'
import { MASK } from '../../../shared/secrets.ts'
import { isPolling, protocolIn, schemeOf } from '../../../shared/transports.ts'
import type { PayloadMasking } from '../../payload-masks.ts'
import { redactEvent } from '../../redact.ts'
import type { Notes } from './notes.ts'
import { hasTemplate } from './placeholders.ts'
import type { Action, EmitAction, RecordedClient, RequestAction } from './recorded-client.ts'

/** What is kept of all clients: messages, events and requests, and characters in them. */
const MAX_ACTIONS = 20_000
const MAX_LENGTH = 32 * 1024 * 1024

const SOCKET_IO = 'socket.io'

class RecordedConnection {
  readonly number: number
  readonly actions: Action[] = []
  connect: ConnectEvent | undefined
  attempts = 0
  openedAt: number | undefined
  last = 0
  auth: unknown
  /** The session of Engine.IO. */
  sid: string | undefined

  constructor(number: number) {
    this.number = number
  }

  get isSocket(): boolean {
    return this.connect?.transport === 'websocket' || schemeOf(this.connect?.url ?? '') === 'ws'
  }

  /** The request that is answered now. */
  get request(): RequestAction | undefined {
    const latest = this.actions.at(-1)
    return latest?.kind === 'request' ? latest : undefined
  }
}

/** `recording` has the secrets, which are masked by `masking`: decoders tell sessions apart by them. */
export async function collectClients(
  recording: Recording,
  masking: PayloadMasking,
  notes: Notes,
): Promise<readonly RecordedClient[]> {
  const collector = new Collector(notes)
  await collector.load()
  for await (const events of recording.events())
    for (const event of events) if (event.type !== 'mark') collector.add(event, redactEvent(event, masking))
  return collector.clients()
}

type ConnectionEvent = Extract<RealtimeEvent, { readonly connection: number }>

class Collector {
  readonly #notes: Notes
  readonly #decoder = new SessionDecoder()
  readonly #connections = new Map<number, RecordedConnection>()
  /** The latest session of Engine.IO, by its origin and path. */
  readonly #sessions = new Map<string, string>()
  #number = 0
  #actions = 0
  #length = 0

  constructor(notes: Notes) {
    this.#notes = notes
  }

  async load(): Promise<void> {
    await this.#decoder.loadAll()
  }

  /** `safe` is the event with its secrets masked. */
  add(event: ConnectionEvent, safe: RealtimeEvent): void {
    const connection = getOrMake(
      this.#connections,
      event.connection,
      () => new RecordedConnection(event.connection),
    )
    connection.last = Math.max(connection.last, event.time)
    if (connection.request !== undefined) connection.request.endedAt = event.time
    this.#take(connection, safe)
    // Addresses tell sessions apart. Everything else is decoded as it is written.
    const url = 'url' in event && 'url' in safe ? { url: event.url } : {}
    const decoded = this.#decoder.decode(this.#number++, { ...safe, ...url } as RealtimeEvent) ?? []
    if ('url' in event) this.#learnSession(connection, event.url)
    const isOut = event.type === 'message' ? event.direction === 'out' : true
    for (const each of decoded) this.#decoded(connection, each, event.time, isOut)
  }

  /** A masked id of a session is taken to be that of the latest session of the server. */
  #learnSession(connection: RecordedConnection, url: string | undefined): void {
    const sid = sidOf(url)
    if (sid === undefined || connection.sid !== undefined) return
    connection.sid = sid === MASK ? this.#sessions.get(placeOf(url)) : sid
  }

  clients(): readonly RecordedClient[] {
    const groups = new Map<string, RecordedConnection[]>()
    for (const connection of this.#connections.values()) {
      const { number, connect, sid, attempts } = connection
      if (connect === undefined) {
        this.#notes.add(`Connection ${number}, whose start is not in the recording`)
        continue
      }
      if (!URL.canParse(connect.url)) {
        this.#notes.add(`Connection ${number}, whose URL is not valid`)
        continue
      }
      if (attempts > 1 && connection.isSocket)
        this.#notes.add(`Connection ${number} reconnected; the scenario opens it once`)
      const key =
        this.#isSocketIo(connection) && sid !== undefined ? `session ${sid}` : `connection ${number}`
      const group = getOrMake(groups, key, () => [])
      group.push(connection)
    }
    return [...groups.values()].map((group) => this.#clientOf(group))
  }

  #clientOf(group: readonly RecordedConnection[]): RecordedClient {
    const [first] = group
    if (first?.connect === undefined) throw new RangeError('There is no connection.')
    const isSocketIo = this.#isSocketIo(first)
    const actions = group
      .flatMap((each) => each.actions)
      .filter(({ kind }) => (kind === 'emit') === isSocketIo)
      .sort((one, other) => one.time - other.time)
    return {
      kind: isSocketIo ? 'socketio' : first.isSocket ? 'ws' : 'http',
      connections: group.map(({ number }) => number),
      connect: first.connect,
      from: first.openedAt ?? first.connect.time,
      to: largest(
        group.map(({ last }) => last),
        0,
      ),
      actions,
      auth: group.find(({ auth }) => auth !== undefined)?.auth,
      hasPolled: group.some(({ isSocket }) => !isSocket),
    }
  }

  #isSocketIo({ number }: RecordedConnection): boolean {
    return this.#decoder.chosenFor(number)?.decoder.name === SOCKET_IO
  }

  #take(connection: RecordedConnection, event: RealtimeEvent): void {
    switch (event.type) {
      case 'connect':
        connection.attempts++
        connection.connect ??= event
        if (!connection.isSocket && !isPolling(connection.connect.transport))
          this.#request(connection, { ...connection.connect, ...event })
        break
      case 'open':
        connection.openedAt ??= event.time
        break
      case 'request':
        this.#request(connection, { ...connection.connect, ...event })
        break
      case 'message':
        if (event.direction === 'out') this.#sent(connection, event)
        break
      case 'close':
        if (event.by === 'client' && connection.request !== undefined) connection.request.isCutOff = true
        break
      default:
        break
    }
  }

  #request(
    connection: RecordedConnection,
    {
      time,
      method = 'GET',
      url = '',
      headers = {},
      body,
    }: Pick<RequestEvent, 'time' | 'body'> & Partial<Pick<RequestEvent, 'method' | 'url' | 'headers'>>,
  ): void {
    this.#push(connection, {
      ...{ kind: 'request', time, url, headers, body, endedAt: time, isCutOff: false },
      method: method ?? (body === undefined ? 'GET' : 'POST'),
    })
  }

  #sent(connection: RecordedConnection, { time, payload, opcode, dropped }: MessageEvent): void {
    const { number, isSocket, request } = connection
    // The decoded events are what Socket.IO sends.
    if (this.#isSocketIo(connection)) return
    if (dropped !== undefined) {
      this.#notes.add(`A message of connection ${number}, because its payload was not kept`)
      return
    }
    const text = isUtf8(payload) ? Buffer.from(payload).toString() : undefined
    if (!isSocket) {
      if (request !== undefined) request.body ??= text ?? { base64: Buffer.from(payload).toString('base64') }
      return
    }
    if (text === undefined || opcode === 'binary')
      this.#notes.add(`A binary message of connection ${number}, because the ws engine sends only text`)
    else this.#push(connection, { kind: 'send', time, text })
  }

  #decoded(connection: RecordedConnection, event: DecodedEvent, time: number, isOut: boolean): void {
    const { protocol, kind, name = '', channel = '/', id, value } = event
    if (protocol !== SOCKET_IO) {
      const open =
        kind === 'handshake' && !isOut ? (value as { readonly sid?: unknown } | undefined) : undefined
      if (typeof open?.sid === 'string') {
        connection.sid ??= open.sid
        this.#sessions.set(placeOf(connection.connect?.url), open.sid)
      }
      return
    }
    if (kind === 'handshake' && isOut && channel === '/') connection.auth ??= value
    if (kind === 'ack' && !isOut) this.#acknowledged(connection, channel, id)
    if ((kind !== 'event' && kind !== 'request') || !isOut) return
    const args = Array.isArray(value) ? value : []
    if (hasBytes(args))
      this.#notes.add(`The event ${name} of connection ${connection.number}, because it has bytes`)
    else if (hasTemplate(channel))
      this.#notes.add(`An event of connection ${connection.number}, because of {{ in its namespace`)
    else
      this.#push(connection, {
        ...{ kind: 'emit', time, namespace: channel, name, args, id, isAcknowledged: false },
      })
  }

  /** The acknowledgment may come on another connection of the session. */
  #acknowledged(connection: RecordedConnection, namespace: string, id: string | undefined): void {
    for (const other of this.#connections.values()) {
      if (other !== connection && (other.sid === undefined || other.sid !== connection.sid)) continue
      const emit = other.actions.findLast(
        (each): each is EmitAction => each.kind === 'emit' && each.namespace === namespace && each.id === id,
      )
      if (emit !== undefined) emit.isAcknowledged = true
    }
  }

  #push({ number, actions }: RecordedConnection, action: Action): void {
    const length = lengthOf(action)
    if (this.#actions >= MAX_ACTIONS || this.#length + length > MAX_LENGTH) {
      this.#notes.add(`What connection ${number} sent later, because the recording is too long for one file`)
      return
    }
    this.#actions++
    this.#length += length
    actions.push(action)
  }
}

function lengthOf(action: Action): number {
  if (action.kind === 'send') return action.text.length
  return JSON.stringify(action.kind === 'emit' ? action.args : [action.url, action.body, action.headers])
    .length
}

function sidOf(url: string | undefined): string | undefined {
  if (url === undefined || !URL.canParse(url)) return undefined
  return new URL(url).searchParams.get('sid') ?? undefined
}

/** The origin, as that of HTTP, and the path. */
function placeOf(url = ''): string {
  if (!URL.canParse(url)) return url
  const { protocol, host, pathname } = new URL(url)
  return `${protocolIn('http', protocol)}//${host}${pathname}`
}

/** Whether decoded values have bytes, which are `{ base64 }`. */
function hasBytes(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false
  const members = Object.entries(value)
  return members.some(([name, each]) => (name === 'base64' && members.length === 1) || hasBytes(each))
}
