/** Reads the connections of a session that can be served. Payloads are not read. */
import type { IndexedRecording } from '../../capture/recording.ts'
import type { ConnectEvent, ErrorEvent, OpenEvent, RealtimeEvent } from '../../shared/event.ts'
import { unpackKind } from '../../shared/event-columns.ts'
import { maskUrl } from '../../shared/secrets.ts'
import { isPolling, schemeOf, type TransportName } from '../../shared/transports.ts'
import {
  type AttemptEnd,
  type Cycle,
  isPlayed,
  isPoll,
  type RecordedAttempt,
  type RecordedConnection,
} from './recorded-connection.ts'
import { Unserved } from './unserved.ts'

export interface ReadConnectionsOptions {
  /** Whether the peer's outages are played: lost connections, refused attempts, failed responses. */
  readonly outages: boolean
  /** Only this connection. */
  readonly connection?: number
}

export interface ServableConnections {
  readonly connections: readonly RecordedConnection[]
  /** What cannot be served, one sentence each. */
  readonly notes: readonly string[]
}

/** The status of 400 or above that is not a failure: a poll uses it if there is nothing new. */
const NOTHING_NEW = 408

type Mutable<T> = { -readonly [K in keyof T]: T[K] }

/** Reads the events of one connection. */
class ConnectionReader {
  readonly id: number
  connect: ConnectEvent | undefined
  settled: TransportName | undefined
  readonly attempts: Mutable<RecordedAttempt>[] = []
  readonly cycles: Mutable<Cycle>[] = []
  /** Events of the current attempt. */
  events: number[] = []
  /** Inbound messages: all of them, those before the start of the connection, and the bodies of polls. */
  messages = 0
  early = 0
  bodies = 0
  #resumeFrom: string | undefined
  /** Pings of the recorded client that the peer has not answered yet. */
  #pings = 0
  #lastError: ErrorEvent | undefined

  constructor(id: number) {
    this.id = id
  }

  read(event: RealtimeEvent, index: number): void {
    switch (event.type) {
      case 'connect':
        this.connect ??= event
        this.#begin(event.time, event.attempt)
        break
      case 'open':
        this.#opened(event)
        break
      case 'request':
        this.cycles.push({
          request: { url: event.url ?? this.connect?.url ?? '', headers: event.headers },
          asked: event.time,
          response: undefined,
          body: undefined,
          brokenAt: undefined,
        })
        break
      case 'response': {
        const cycle = this.cycles.at(-1)
        if (cycle !== undefined) cycle.response ??= index
        break
      }
      case 'error':
        this.#lastError = event
        this.#broke(event.status, event.time)
        this.#ended(this.#refusal(event.time))
        break
      case 'close':
        this.#ended(this.#endOf(event))
        break
      case 'reconnect': {
        const last = this.attempts.at(-1)
        if (last !== undefined) last.retry = event.delay
        this.#resumeFrom = event.lastEventId
        break
      }
      default:
    }
  }

  /** Call for a ping of the recorded client. */
  pinged(): void {
    this.#pings++
  }

  /** Whether a pong answered a ping of the recorded client. The new client sends pings of its own, which are answered. */
  isAnswer(): boolean {
    if (this.#pings === 0) return false
    this.#pings--
    return true
  }

  /** Reads an event that is played, without its payload. */
  played(index: number, isMessage: boolean): void {
    this.events.push(index)
    if (!isMessage) return
    this.messages++
    if (this.connect === undefined) this.early++
    const cycle = this.cycles.at(-1)
    if (cycle?.response !== undefined && cycle.body === undefined) {
      cycle.body = index
      this.bodies++
    }
    const attempt = this.attempts.at(-1)
    // A message shows that the peer had accepted, even without an `open`.
    if (attempt?.runs.length === 0) attempt.runs = [{ opened: attempt.asked, events: this.events }]
  }

  #begin(time: number, number: number): void {
    this.#lastError = undefined
    this.#pings = 0
    this.events = []
    this.attempts.push({
      number,
      asked: time,
      open: undefined,
      runs: [],
      end: { kind: 'open' },
      resumedFrom: this.#resumeFrom,
      retry: undefined,
    })
    this.#resumeFrom = undefined
  }

  #opened(event: OpenEvent): void {
    this.settled ??= event.transport
    const attempt = this.attempts.at(-1)
    if (attempt === undefined || attempt.open !== undefined) return
    attempt.open = event
    attempt.runs = [{ opened: event.time, events: this.events }]
  }

  #ended(end: AttemptEnd | undefined): void {
    const attempt = this.attempts.at(-1)
    if (attempt !== undefined && end !== undefined) attempt.end = end
  }

  /** How an attempt that never opened was refused. Undefined if it opened. */
  #refusal(time: number): AttemptEnd | undefined {
    const error = this.#lastError
    if (error === undefined || this.attempts.at(-1)?.runs.length !== 0) return undefined
    return { kind: 'refused', time, ...(error.status !== undefined && { status: error.status }) }
  }

  #endOf(event: RealtimeEvent & { readonly type: 'close' }): AttemptEnd | undefined {
    const { time, by, code, reason, trailers } = event
    if (by === 'client') return undefined
    if (by === 'network') return { kind: 'network', time, reset: this.#lastError?.code === 'ECONNRESET' }
    return {
      kind: 'server',
      time,
      ...(code !== undefined && { code }),
      ...(reason !== undefined && { reason }),
      ...(trailers !== undefined && { trailers }),
    }
  }

  /** Marks a cycle whose response is missing or incomplete. */
  #broke(status: number | undefined, time: number): void {
    const cycle = this.cycles.at(-1)
    if (cycle !== undefined && cycle.body === undefined && status === undefined) cycle.brokenAt = time
  }
}

/** Reads all connections of a session, or one. */
export function readConnections(
  source: IndexedRecording,
  { outages, connection }: ReadConnectionsOptions,
): ServableConnections {
  const readers = new Map<number, ConnectionReader>()
  for (let index = source.firstKept; index < source.count; index++) {
    const row = source.row(index)
    if (row.connection === 0 || (connection !== undefined && row.connection !== connection)) continue
    const { type, direction } = unpackKind(row.kind)
    const reader = readers.get(row.connection) ?? new ConnectionReader(row.connection)
    readers.set(row.connection, reader)
    if (type === 'ping' && direction === 'out') reader.pinged()
    else if (type === 'pong' && direction === 'in' && reader.isAnswer()) continue
    else if (isPlayed(type, direction)) reader.played(index, type === 'message' && direction === 'in')
    else if (type !== 'pong') reader.read(source.event(index), index)
  }
  const connections: RecordedConnection[] = []
  const unserved = new Unserved()
  for (const reader of [...readers.values()].sort((a, b) => a.id - b.id)) {
    const recorded = finish(reader, source, outages)
    if (typeof recorded === 'string') {
      unserved.connection(reader.id, reader.messages, recorded)
      continue
    }
    connections.push(recorded)
    unserved.messages(reader.id, reader.early, 'they came before the start of the connection')
    if (isPoll(recorded))
      unserved.messages(
        reader.id,
        reader.messages - reader.early - reader.bodies,
        'the session does not say which response of the poll contained them',
      )
  }
  return { connections, notes: unserved.notes() }
}

/** The connection to serve, or the reason why it is not served. */
function finish(
  reader: ConnectionReader,
  source: IndexedRecording,
  outages: boolean,
): RecordedConnection | string {
  const { id, connect, attempts, cycles } = reader
  if (connect === undefined) return 'the session lacks the start of the connection, and with it the URL'
  if (!URL.canParse(connect.url)) return `the URL, ${maskUrl(connect.url.slice(0, 200))}, is not valid`
  const url = new URL(connect.url)
  const method = connect.method ?? (connect.body === undefined ? 'GET' : 'POST')
  const transport = reader.settled ?? (connect.transport === 'auto' ? undefined : connect.transport)
  const polls = isPolling(transport)
  if (polls && cycles.length === 0 && reader.messages > 0)
    return 'it is a poll, and the session has none of its requests and responses'
  if (polls)
    return {
      id,
      url,
      method,
      transport,
      cycles: outages ? cycles : cycles.filter((cycle) => isSound(cycle, source)),
    }
  const kept = outages ? attempts : withoutOutages(attempts)
  return {
    id,
    url,
    method,
    transport: transport ?? (schemeOf(url.protocol) === 'ws' ? 'websocket' : 'http-stream'),
    attempts: kept,
  }
}

function isSound(cycle: Cycle, source: IndexedRecording): boolean {
  if (cycle.brokenAt !== undefined) return false
  const response = cycle.response === undefined ? undefined : source.event(cycle.response)
  if (response?.type !== 'response' || response.status === undefined) return true
  return response.status < 400 || response.status === NOTHING_NEW
}

/** Leaves out attempts that never opened, and joins those that were interrupted by a lost connection. */
function withoutOutages(attempts: readonly RecordedAttempt[]): readonly RecordedAttempt[] {
  const kept: RecordedAttempt[] = []
  for (const attempt of attempts) {
    if (attempt.end.kind === 'refused') continue
    const before = kept.at(-1)
    if (before?.end.kind === 'network')
      kept[kept.length - 1] = {
        ...before,
        runs: [...before.runs, ...attempt.runs],
        end: attempt.end,
        retry: attempt.retry,
      }
    else kept.push(attempt)
  }
  const last = kept.at(-1)
  if (last?.end.kind === 'network') kept[kept.length - 1] = { ...last, end: { kind: 'open' } }
  const [first] = attempts
  // The peer was never reached: serve one that accepts and sends nothing.
  if (kept.length === 0 && first !== undefined)
    return [{ ...first, runs: [{ opened: first.asked, events: [] }], end: { kind: 'open' } }]
  return kept
}
