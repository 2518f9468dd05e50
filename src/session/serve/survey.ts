/** Reads what there is to serve out of a session; payloads stay where they are. */

import type { IndexedRecording } from '../../capture/recording.ts'
import { unpackKind } from '../../shared/columns.ts'
import type { ConnectEvent, ErrorEvent, OpenEvent, RealtimeEvent } from '../../shared/event.ts'
import { maskUrl } from '../../shared/secrets.ts'
import { isPolling, schemeOf, type TransportName } from '../../shared/transports.ts'
import { type Cycle, isPlayed, isPoll, type RecordedConnection, type Take, type TakeEnd } from './recorded.ts'
import { Unserved } from './unserved.ts'

export interface SurveyOptions {
  /** Whether the peer's outages are kept: lost connections, refused attempts, failed answers. */
  readonly outages: boolean
  /** Only this connection. */
  readonly connection?: number
}

export interface Survey {
  readonly connections: readonly RecordedConnection[]
  /** Sentences about what cannot be served. */
  readonly notes: readonly string[]
}

/** Statuses with which a poll says that there is nothing new; other ones from 400 on are failures. */
const NOTHING_NEW = 408

type Mutable<T> = { -readonly [K in keyof T]: T[K] }

/** One connection while it is read. */
class Tracks {
  readonly id: number
  connect: ConnectEvent | undefined
  settled: TransportName | undefined
  readonly takes: Mutable<Take>[] = []
  readonly cycles: Mutable<Cycle>[] = []
  /** Events of the present take. */
  events: number[] = []
  /** Inbound messages: all; those before the connection's beginning; those that an answer of a poll brought. */
  messages = 0
  early = 0
  bodies = 0
  #resumeFrom: string | undefined
  #lastError: ErrorEvent | undefined

  constructor(id: number) {
    this.id = id
  }

  take(event: RealtimeEvent, index: number): void {
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
        const last = this.takes.at(-1)
        if (last !== undefined) last.retry = event.delay
        this.#resumeFrom = event.lastEventId
        break
      }
      default:
    }
  }

  /** A message whose payload is not needed yet. */
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
    const take = this.takes.at(-1)
    // A message says that the peer had accepted, even if an `open` does not.
    if (take?.stretches.length === 0) take.stretches = [{ opened: take.asked, events: this.events }]
  }

  #begin(time: number, attempt: number): void {
    this.#lastError = undefined
    this.events = []
    this.takes.push({
      attempt,
      asked: time,
      open: undefined,
      stretches: [],
      end: { kind: 'open' },
      resumedFrom: this.#resumeFrom,
      retry: undefined,
    })
    this.#resumeFrom = undefined
  }

  #opened(event: OpenEvent): void {
    this.settled ??= event.transport
    const take = this.takes.at(-1)
    if (take === undefined || take.open !== undefined) return
    take.open = event
    take.stretches = [{ opened: event.time, events: this.events }]
  }

  #ended(end: TakeEnd | undefined): void {
    const take = this.takes.at(-1)
    if (take !== undefined && end !== undefined) take.end = end
  }

  /** How an attempt that never opened was refused; undefined if it has opened. */
  #refusal(time: number): TakeEnd | undefined {
    const error = this.#lastError
    if (error === undefined || this.takes.at(-1)?.stretches.length !== 0) return undefined
    return { kind: 'refused', time, ...(error.status !== undefined && { status: error.status }) }
  }

  #endOf(event: RealtimeEvent & { readonly type: 'close' }): TakeEnd | undefined {
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

  /** A cycle that was not answered, or not to its end. */
  #broke(status: number | undefined, time: number): void {
    const cycle = this.cycles.at(-1)
    if (cycle !== undefined && cycle.body === undefined && status === undefined) cycle.brokenAt = time
  }
}

/** Finds the connections of a session. */
export function survey(source: IndexedRecording, { outages, connection }: SurveyOptions): Survey {
  const tracks = new Map<number, Tracks>()
  for (let index = source.firstKept; index < source.count; index++) {
    const row = source.row(index)
    if (row.connection === 0 || (connection !== undefined && row.connection !== connection)) continue
    const { type, direction } = unpackKind(row.kind)
    const track = tracks.get(row.connection) ?? new Tracks(row.connection)
    tracks.set(row.connection, track)
    if (isPlayed(type, direction)) track.played(index, type === 'message' && direction === 'in')
    else if (type !== 'pong') track.take(source.event(index), index)
  }
  const connections: RecordedConnection[] = []
  const unserved = new Unserved()
  for (const track of [...tracks.values()].sort((a, b) => a.id - b.id)) {
    const recorded = finish(track, source, outages)
    if (typeof recorded === 'string') {
      unserved.connection(track.id, track.messages, recorded)
      continue
    }
    connections.push(recorded)
    unserved.messages(track.id, track.early, 'they came before the beginning of the connection')
    if (isPoll(recorded))
      unserved.messages(
        track.id,
        track.messages - track.early - track.bodies,
        'the session does not say which answer of the poll brought them',
      )
  }
  return { connections, notes: unserved.notes() }
}

/** The connection as it is served, or why it is not. */
function finish(track: Tracks, source: IndexedRecording, outages: boolean): RecordedConnection | string {
  const { id, connect, takes, cycles } = track
  if (connect === undefined) return 'the session lacks the beginning, and with it the URL'
  if (!URL.canParse(connect.url)) return `the URL, ${maskUrl(connect.url.slice(0, 200))}, is not valid`
  const url = new URL(connect.url)
  const transport = track.settled ?? (connect.transport === 'auto' ? undefined : connect.transport)
  const polls = isPolling(transport)
  if (polls && cycles.length === 0 && track.messages > 0)
    return 'it is a poll, and the session has none of its requests and answers'
  if (polls)
    return { id, url, transport, cycles: outages ? cycles : cycles.filter((cycle) => isSound(cycle, source)) }
  const kept = outages ? takes : withoutOutages(takes)
  return {
    id,
    url,
    transport: transport ?? (schemeOf(url.protocol) === 'ws' ? 'websocket' : 'http-stream'),
    takes: kept,
  }
}

function isSound(cycle: Cycle, source: IndexedRecording): boolean {
  if (cycle.brokenAt !== undefined) return false
  const response = cycle.response === undefined ? undefined : source.event(cycle.response)
  if (response?.type !== 'response' || response.status === undefined) return true
  return response.status < 400 || response.status === NOTHING_NEW
}

/** Attempts that never opened are left out, and those after a lost connection go on where it was lost. */
function withoutOutages(takes: readonly Take[]): readonly Take[] {
  const kept: Take[] = []
  for (const take of takes) {
    if (take.end.kind === 'refused') continue
    const before = kept.at(-1)
    if (before?.end.kind === 'network')
      kept[kept.length - 1] = {
        ...before,
        stretches: [...before.stretches, ...take.stretches],
        end: take.end,
        retry: take.retry,
      }
    else kept.push(take)
  }
  const last = kept.at(-1)
  if (last?.end.kind === 'network') kept[kept.length - 1] = { ...last, end: { kind: 'open' } }
  const [first] = takes
  // Never reached: what is left is a peer that accepts and says nothing.
  if (kept.length === 0 && first !== undefined)
    return [{ ...first, stretches: [{ opened: first.asked, events: [] }], end: { kind: 'open' } }]
  return kept
}
