/** The figures of a session's connections side by side. */
import { largest, toMicroseconds } from '../../shared/numbers.ts'
import { percentilesOf } from '../../shared/percentiles.ts'
import type {
  DeliveryLatency,
  FeedMatch,
  TechniqueConnection,
  TechniqueFeed,
  TechniqueReport,
} from '../../shared/techniques.ts'
import type { FeedTable, Matched } from './feed-table.ts'
import type { Connections, Watched } from './watched.ts'

/** What is drawn, in ms. */
const DRAWN = 10_000
/** Times in events and that of the session's start are rounded, each to a millisecond. */
const ROUNDING = 2
/** If even the quickest delivery takes longer than this, in ms, the clocks differ. */
const PLAUSIBLE = 60_000

export interface ReportParts {
  readonly connections: Connections
  readonly byContent: FeedTable
  readonly byCounter: FeedTable
  readonly chosen: readonly number[] | undefined
  /** Session time of the last event in ms. */
  readonly now: number
  /** Connections that were too many. */
  readonly left: number
}

export type TechniqueFigures = Pick<TechniqueReport, 'connections' | 'feed' | 'drawn'> & {
  readonly notes: readonly string[]
}

export function reportOf(parts: ReportParts): TechniqueFigures {
  const { connections, now, left } = parts
  const { by, ids } = membersOf(parts)
  const members = ids.flatMap((id) => connections.get(id) ?? [])
  const latencies = new Latencies(parts, ids)
  const to = members.reduce((last, { figures }) => Math.max(last, figures.lastArrival ?? 0), 0)
  const from = Math.max(0, to - DRAWN)
  const rows = [...connections.values()]
    .filter(({ figures }) => figures.url !== '' || figures.messages > 0)
    .map((watched) => rowOf(watched, { now, from, latencies, inFeed: ids.includes(watched.figures.id) }))
  const starts = members.flatMap(({ figures }) => figures.connectedAt ?? [])
  const feed: TechniqueFeed | null =
    by === undefined
      ? null
      : {
          connections: ids,
          by,
          counter: named(members, 'counter'),
          clock: named(members, 'clock'),
          latencyFrom: latencies.from,
          skew: latencies.skew,
          events: largest(
            members.map(({ figures }) => figures.events),
            0,
          ),
          duration: toMicroseconds(
            largest(
              starts.map((start) => to - start),
              0,
            ),
          ),
        }
  const notes = left === 0 ? [] : [`${left} or more further connections are left out.`]
  return { connections: rows, feed, drawn: { from, to, sent: sentIn(parts, ids, members, from, to) }, notes }
}

function membersOf({ connections, byContent, byCounter, chosen }: ReportParts): {
  readonly by: FeedMatch | undefined
  readonly ids: readonly number[]
} {
  if (chosen !== undefined && chosen.length > 0)
    return { by: 'chosen', ids: chosen.filter((id) => connections.has(id)) }
  const [content = []] = byContent.groups()
  const [counted = []] = byCounter.groups()
  if (content.length > 0 && content.length >= counted.length) return { by: 'content', ids: sorted(content) }
  if (counted.length > 0) return { by: 'counter', ids: sorted(counted) }
  const withEvents = [...connections.values()]
    .filter(({ figures }) => figures.events > 0)
    .sort((one, other) => other.figures.events - one.figures.events)
  const [busiest] = withEvents
  if (busiest === undefined) return { by: undefined, ids: [] }
  return { by: withEvents.length === 1 ? 'only' : 'busiest', ids: [busiest.figures.id] }
}

const sorted = (ids: readonly number[]) => [...ids].sort((one, other) => one - other)

function named(members: readonly Watched[], what: 'counter' | 'clock'): string | null {
  return members.find(({ reader }) => reader[what] !== undefined)?.reader[what] ?? null
}

/** When the events of the drawn time were sent, or first came. */
function sentIn(
  { byContent }: ReportParts,
  ids: readonly number[],
  members: readonly Watched[],
  from: number,
  to: number,
): readonly number[] {
  const [fullest] = [...members].sort((one, other) => other.sent.length - one.sent.length)
  const sent = fullest?.sent.filter((time) => time >= from && time <= to) ?? []
  return sent.length > 0 ? sent : byContent.firstTimes(ids, from)
}

/** How long events took, and which were lost, as far as that is known. */
class Latencies {
  readonly from: TechniqueFeed['latencyFrom']
  readonly skew: number | null = null
  readonly #samples = new Map<number, number[]>()
  readonly #lost = new Map<number, number>()

  constructor({ connections, byContent, byCounter }: ReportParts, ids: readonly number[]) {
    const tables = [byContent, byCounter].map((table) => table.matched(ids))
    const members = ids.flatMap((id) => connections.get(id) ?? []).filter(({ figures }) => figures.events > 0)
    for (const { figures } of members) {
      const lost = tables.flatMap((matched) => {
        const { shared = 0, lost: some = 0 } = matched.get(figures.id) ?? {}
        return shared > 0 || some > 0 ? [some] : []
      })
      if (lost.length > 0) this.#lost.set(figures.id, largest(lost, 0))
    }
    const hasClock = members.length > 0 && members.every(({ figures }) => figures.ages.count > 0)
    this.from = hasClock ? 'clock' : ids.length > 1 ? 'fastest' : null
    if (hasClock) this.skew = this.#byClock(members)
    else if (ids.length > 1) for (const matched of tables) this.#byFastest(members, matched)
  }

  of(id: number): DeliveryLatency | null {
    const values = this.#samples.get(id) ?? []
    const percentiles = percentilesOf(Float64Array.from(values, toMicroseconds))
    return percentiles === undefined ? null : { count: values.length, ...percentiles }
  }

  /** Undefined if nothing shows it. */
  lostOf(id: number): number | undefined {
    return this.#lost.get(id)
  }

  /** Leaves out events that were sent before the connection began. Returns the difference of the clocks. */
  #byClock(members: readonly Watched[]): number | null {
    let least = Number.POSITIVE_INFINITY
    for (const { figures } of members) for (const [age] of figures.ages.pairs()) least = Math.min(least, age)
    const skew = least < -ROUNDING || least > PLAUSIBLE ? least : 0
    for (const { figures } of members) {
      const values: number[] = []
      for (const [age, since] of figures.ages.pairs())
        if (age - skew <= since) values.push(Math.max(0, age - skew))
      this.#samples.set(figures.id, values)
    }
    return skew === 0 ? null : toMicroseconds(Math.abs(skew))
  }

  #byFastest(members: readonly Watched[], matched: ReadonlyMap<number, Matched>): void {
    for (const { figures } of members) {
      const values: number[] = []
      for (const [delay, first] of matched.get(figures.id)?.delays.pairs() ?? [])
        if (first >= (figures.connectedAt ?? 0)) values.push(delay)
      if (values.length > (this.#samples.get(figures.id)?.length ?? 0)) this.#samples.set(figures.id, values)
    }
  }
}

interface RowContext {
  readonly now: number
  readonly from: number
  readonly latencies: Latencies
  readonly inFeed: boolean
}

function rowOf({ figures }: Watched, { now, from, latencies, inFeed }: RowContext): TechniqueConnection {
  const { id, transport, url, isPoll, events, overhead, cycles, payload, arrivals } = figures
  const each = (sum: number | null) => (sum === null || events === 0 ? null : toMicroseconds(sum / events))
  const { heads, framing, keepAlive } = overhead
  const total = heads === null || framing === null || keepAlive === null ? null : heads + framing + keepAlive
  const span = figures.endedAt - (figures.connectedAt ?? figures.endedAt)
  const held = isPoll ? cycles.waited : figures.openFor(now)
  const empty = Math.min(cycles.empty, cycles.responses)
  const interval = figures.interval ?? cycles.interval
  return {
    id,
    transport: transport ?? 'unknown',
    url,
    interval: transport === 'poll' && interval !== undefined ? Math.round(interval) : null,
    inFeed,
    events,
    messages: figures.messages,
    sent: figures.sent,
    requests: figures.requests,
    requestsPerEvent: each(figures.requests),
    responses: isPoll ? cycles.responses : null,
    empty: isPoll ? empty : null,
    emptyShare: isPoll && cycles.responses > 0 ? toMicroseconds(empty / cycles.responses) : null,
    payloadPerEvent: each(payload),
    overheadPerEvent: each(total),
    overhead: { heads, framing: framing === null ? null : Math.round(framing), keepAlive },
    latency: inFeed ? latencies.of(id) : null,
    eventsPerArrival: arrivals === 0 ? null : toMicroseconds(events / arrivals),
    reconnects: figures.reconnects,
    lost: lostOf(figures, inFeed ? latencies.lostOf(id) : undefined),
    heldShare: span > 0 ? Math.min(1, toMicroseconds(held / span)) : null,
    bytesIn: overhead.bytesIn,
    bytesOut: overhead.bytesOut,
    binaryShare: payload === 0 ? 0 : toMicroseconds(figures.binary / payload),
    arrivals: figures.arrivalsSince(from),
    cycles: isPoll ? cycles.since(from) : [],
  }
}

/**
 * A connection that never broke loses nothing. After a reconnect, and between the requests of a poll, only others or a gap show
 * it.
 */
function lostOf(
  { missed, reconnects, transport }: Watched['figures'],
  lost: number | undefined,
): number | null {
  if (lost === undefined && missed === 0 && (reconnects > 0 || transport === 'poll')) return null
  return Math.max(lost ?? 0, missed)
}
