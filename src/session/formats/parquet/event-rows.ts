/** Makes a row of an event and of the packets that end in it. */
import { isUtf8 } from 'node:buffer'
import type { DecodedEvent } from '../../../shared/decoded.ts'
import type { RealtimeEvent } from '../../../shared/event.ts'
import { getOrMake } from '../../../shared/maps.ts'
import type { ColumnName } from './columns.ts'
import type { RowGroup } from './row-group.ts'

/** What the rows of a connection repeat. */
interface Connection {
  url?: string | undefined
  transport?: string | undefined
  lastEventId?: string | undefined
}

/** The columns of fields, by the name of the field, or by the type of the event and the name of the field. */
const COLUMN_OF: ReadonlyMap<string, ColumnName> = new Map([
  ['connection', 'connection'],
  ['time', 'time'],
  ['type', 'type'],
  ['direction', 'direction'],
  ['opcode', 'opcode'],
  ['event', 'event'],
  ['id', 'last_event_id'],
  ['lastEventId', 'last_event_id'],
  ['wireSize', 'wire_size'],
  ['frames', 'frames'],
  ['compressed', 'compressed'],
  ['status', 'status'],
  ['request.url', 'request_url'],
  ['request.cursor', 'cursor'],
  ['response.cursor', 'cursor'],
  ['reconnect.cursor', 'cursor'],
  ['held', 'held'],
  ['empty', 'empty'],
  ['close.code', 'code'],
  ['error.code', 'error_code'],
  ['reason', 'reason'],
  ['by', 'ended_by'],
  ['attempt', 'attempt'],
  ['delay', 'delay'],
  ['message', 'error'],
  ['missed', 'missed'],
  ['repeated', 'repeated'],
  ['duration', 'duration'],
  ['mark.text', 'mark'],
])
/** Fields that are in other columns, or that say no more than these. */
const ELSEWHERE: ReadonlySet<string> = new Set(['payload', 'dropped', 'sameId', 'connect.url', 'extra'])

export class EventRows {
  readonly #rows: RowGroup
  readonly #recording: string | undefined
  /** Microseconds since 1970. */
  readonly #startedAt: number
  readonly #connections = new Map<number, Connection>()
  #number = 0

  /** `recording` is the name of the file that is read. Undefined for a live session. */
  constructor(rows: RowGroup, recording: string | undefined, startedAt: Date) {
    this.#rows = rows
    this.#recording = recording
    this.#startedAt = 1000 * startedAt.getTime()
  }

  get connections(): Iterable<number> {
    return this.#connections.keys()
  }

  /** Adds the next event, whose secrets are masked. */
  add(event: RealtimeEvent, packets: readonly DecodedEvent[]): void {
    const rows = this.#rows
    rows.next()
    rows.set('recording', this.#recording)
    rows.set('number', ++this.#number)
    const hasTime = event.extra === undefined || !Object.hasOwn(event.extra, 'time')
    if (hasTime) rows.set('timestamp', this.#startedAt + Math.round(1000 * event.time))
    if ('connection' in event) this.#addConnection(event)
    if ('payload' in event) {
      rows.set('size', event.dropped ?? event.payload.length)
      if (event.dropped === undefined) rows.set(isUtf8(event.payload) ? 'data' : 'data_bytes', event.payload)
    }
    this.#addFields(event)
    this.#addPackets(packets)
  }

  #addConnection(event: Extract<RealtimeEvent, { readonly connection: number }>): void {
    const known = getOrMake(this.#connections, event.connection, (): Connection => ({}))
    if (event.type === 'connect' && event.url !== '') known.url = event.url
    if ('transport' in event && event.transport !== 'auto') known.transport = event.transport
    if (event.type === 'message') known.lastEventId = event.id ?? known.lastEventId
    if (event.type === 'reconnect') known.lastEventId = event.lastEventId ?? known.lastEventId
    this.#rows.set('url', known.url)
    this.#rows.set('transport', known.transport)
    if ('sameId' in event && event.sameId) this.#rows.set('last_event_id', known.lastEventId)
  }

  /** Sets the columns of fields. Fields without a column, and values that cannot be in theirs, are JSON in `fields`. */
  #addFields(event: RealtimeEvent): void {
    let others: Record<string, unknown> | undefined
    const { type, extra } = event
    const fields = event as unknown as Readonly<Record<string, unknown>>
    for (const name in fields) {
      const value = fields[name]
      // What could not be read replaces the default that was assumed for it, except for the type, which each row has.
      const isUnread = extra !== undefined && Object.hasOwn(extra, name) && name !== 'type'
      if (value === undefined || isUnread) continue
      const column = COLUMN_OF.get(name) ?? COLUMN_OF.get(`${type}.${name}`)
      if (column !== undefined && this.#rows.set(column, value)) continue
      if (ELSEWHERE.has(name) || ELSEWHERE.has(`${type}.${name}`)) continue
      if (name === 'transport' && value !== 'auto') continue
      others ??= {}
      others[name] = value
    }
    if (extra !== undefined) others = { ...others, ...extra }
    if (others !== undefined) this.#setJson('fields', others)
  }

  /** The columns have the first packet. The others are a list of JSON. */
  #addPackets([first, ...others]: readonly DecodedEvent[]): void {
    if (first === undefined) return
    const rows = this.#rows
    const { protocol, kind, name, channel, id, answers, latency, parts, value } = first
    rows.set('packets', 1 + others.length)
    rows.set('protocol', protocol)
    rows.set('kind', kind)
    rows.set('name', name)
    rows.set('channel', channel)
    rows.set('id', id)
    rows.set('answers', answers)
    rows.set('latency', latency)
    rows.set('parts', parts)
    if (value !== undefined) this.#setJson('value', value)
    if (others.length > 0) this.#setJson('more_packets', others)
  }

  #setJson(name: ColumnName, value: unknown): void {
    try {
      this.#rows.set(name, JSON.stringify(value))
    } catch {
      // Too long for one string, or not JSON after all: unknown to the table, as in `--decoded`.
    }
  }
}
