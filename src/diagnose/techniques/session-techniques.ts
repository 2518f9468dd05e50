/** Puts the connections of a session side by side, in one pass over its events and in bounded memory. */
import type { MessageEvent, RealtimeEvent } from '../../shared/event.ts'
import type { Finding } from '../../shared/finding.ts'
import type { TechniqueAnswers, TechniqueReport } from '../../shared/techniques.ts'
import { adviceOf } from './advice.ts'
import { ConnectionFigures } from './connection-figures.ts'
import { FeedReader, type Marks } from './feed-reader.ts'
import { FeedTable } from './feed-table.ts'
import { itemsOf } from './items.ts'
import { reportOf } from './report.ts'
import type { Watched } from './watched.ts'

/** Connections with figures at most. */
const MAX_CONNECTIONS = 256
/** Bytes of a payload that is read at most. A longer one counts as one event, equal to none. */
const MAX_READ = 1024 * 1024
/** Sending times that are kept of each connection, to be drawn. */
const MAX_SENT = 512

export interface TechniquesOptions {
  /** Session time 0. */
  readonly startedAt: Date
  /** Connections that carry the same feed. Default: they are found. */
  readonly chosen?: readonly number[] | undefined
}

export interface ReportChoices {
  readonly answers?: TechniqueAnswers
  /** What the rules found. */
  readonly findings?: readonly Finding[]
}

export class SessionTechniques {
  readonly #startedAt: number
  readonly #chosen: readonly number[] | undefined
  readonly #connections = new Map<number, Watched>()
  readonly #byContent = new FeedTable(false)
  readonly #byCounter = new FeedTable(true)
  #now = 0
  #left = new Set<number>()

  constructor({ startedAt, chosen }: TechniquesOptions) {
    this.#startedAt = startedAt.getTime()
    this.#chosen = chosen
  }

  add(event: RealtimeEvent): void {
    this.#now = Math.max(this.#now, event.time)
    if (event.type === 'mark') return
    const watched = this.#watched(event.connection)
    if (watched === undefined) return
    watched.figures.add(event)
    if (event.type === 'message' && event.direction === 'in') this.#message(watched, event)
  }

  report({ answers = {}, findings = [] }: ReportChoices = {}): TechniqueReport {
    for (const { reader } of this.#connections.values()) reader.settle()
    const figures = reportOf({
      connections: this.#connections,
      byContent: this.#byContent,
      byCounter: this.#byCounter,
      chosen: this.#chosen,
      now: this.#now,
      left: this.#left.size,
    })
    return { ...figures, ...adviceOf(figures, this.#connections, answers, findings) }
  }

  #watched(id: number): Watched | undefined {
    const known = this.#connections.get(id)
    if (known !== undefined) return known
    if (this.#connections.size >= MAX_CONNECTIONS) {
      if (this.#left.size < MAX_CONNECTIONS) this.#left.add(id)
      return undefined
    }
    const figures = new ConnectionFigures(id)
    const watched: Watched = {
      figures,
      reader: new FeedReader(this.#startedAt, (marks) => this.#mark(watched, marks)),
      sent: [],
    }
    this.#connections.set(id, watched)
    return watched
  }

  #message({ figures, reader }: Watched, { payload, opcode, time, dropped }: MessageEvent): void {
    if (dropped !== undefined || payload.length > MAX_READ) {
      figures.delivered(1, time)
      return
    }
    const text =
      opcode === 'binary'
        ? undefined
        : Buffer.from(payload.buffer, payload.byteOffset, payload.length).toString()
    let count = 0
    for (const item of itemsOf(text, payload, figures.isPoll)) {
      const isNew = this.#byContent.add(item.content, figures.id, time)
      // A poll may say the same again. On another connection, the same content twice is two events.
      if (!isNew && figures.isPoll) continue
      count++
      reader.add(item, time)
    }
    if (count > 0) figures.delivered(count, time)
    else if (figures.isPoll) figures.cycles.broughtNothing()
  }

  #mark(watched: Watched, { arrival, counter, sent }: Marks): void {
    const { figures } = watched
    if (sent !== undefined) {
      figures.ages.add(arrival - sent, arrival - (figures.connectedAt ?? 0))
      watched.sent.push(sent)
      if (watched.sent.length > 2 * MAX_SENT) watched.sent = watched.sent.slice(-MAX_SENT)
    }
    // Two feeds may count alike, but not at the same times.
    if (counter === undefined) return
    if (this.#chosen?.includes(figures.id)) this.#byCounter.add(String(counter), figures.id, arrival)
    else if (sent !== undefined) this.#byCounter.add(`${counter}@${sent}`, figures.id, arrival)
  }
}
