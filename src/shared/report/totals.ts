/** What all connections of a report have together. */
import type { ConnectionReport, DirectionReport, SessionReport } from '../report.ts'

export interface TrafficTotals {
  readonly messages: number
  /** Bytes of payload. */
  readonly payload: number
}

export interface WireTotals {
  /** Bytes on the connection, and what they are more than their payload. */
  readonly bytes: number
  readonly overhead: number
  /** Bytes of heads, which are a part of the overhead. */
  readonly heads: number
  /** Share of the bytes that is overhead, below 0 if compression saved more; null if no size is known. */
  readonly share: number | null
  /** Messages whose size on the connection is not known. */
  readonly unknown: number
}

export interface ReportTotals {
  readonly in: TrafficTotals
  readonly out: TrafficTotals
  readonly wire: WireTotals
  readonly reconnects: number
  readonly outages: number
  readonly timeLost: number
  readonly missed: number
  readonly repeated: number
  readonly responses: number
  readonly empty: number
  /** The shortest and the longest time to the first byte, and whose the longest is. */
  readonly firstByte: { readonly least: number; readonly most: number; readonly slowest: number } | null
}

/** Bytes on the wire of some directions. */
export function wireTotals(directions: readonly DirectionReport[]): WireTotals {
  const sum = (of: (direction: DirectionReport) => number) =>
    directions.reduce((total, each) => total + of(each), 0)
  const bytes = sum(({ bytes: { wire } }) => wire)
  const overhead = sum((each) => each.bytes.overhead)
  const isUnknown = sum((each) => each.bytes.known) === 0 && sum((each) => each.bytes.unknown) > 0
  return {
    bytes,
    overhead,
    heads: sum((each) => each.bytes.heads),
    share: isUnknown || bytes === 0 ? null : overhead / bytes,
    unknown: sum((each) => each.bytes.unknown),
  }
}

export function totalsOf({ connections }: Pick<SessionReport, 'connections'>): ReportTotals {
  const sum = (of: (connection: ConnectionReport) => number) =>
    connections.reduce((total, each) => total + of(each), 0)
  const answered = connections.flatMap(({ id, firstByte }) =>
    firstByte === null ? [] : [{ id, total: firstByte.total }],
  )
  const ordered = answered.toSorted((a, b) => a.total - b.total)
  const [fastest, slowest] = [ordered[0], ordered.at(-1)]
  const traffic = (way: 'in' | 'out') => ({
    messages: sum((each) => each[way].messages),
    payload: sum((each) => each[way].bytes.payload),
  })
  return {
    in: traffic('in'),
    out: traffic('out'),
    wire: wireTotals(connections.flatMap((each) => [each.in, each.out])),
    reconnects: sum(({ outages }) => outages.reconnects),
    outages: sum(({ outages }) => outages.outages),
    timeLost: sum(({ outages }) => outages.timeLost),
    missed: sum(({ outages }) => outages.missed),
    repeated: sum(({ outages }) => outages.repeated),
    responses: sum(({ polls }) => polls?.responses ?? 0),
    empty: sum(({ polls }) => polls?.empty ?? 0),
    firstByte:
      fastest === undefined || slowest === undefined
        ? null
        : { least: fastest.total, most: slowest.total, slowest: slowest.id },
  }
}

/** The totals of several reports together. It has no `firstByte`, which tells connections of one report apart. */
export function addTotals(reports: readonly ReportTotals[]): ReportTotals {
  const sum = (of: (totals: ReportTotals) => number) => reports.reduce((total, each) => total + of(each), 0)
  const traffic = (way: 'in' | 'out') => ({
    messages: sum((each) => each[way].messages),
    payload: sum((each) => each[way].payload),
  })
  const [bytes, overhead] = [sum(({ wire }) => wire.bytes), sum(({ wire }) => wire.overhead)]
  const isUnknown = bytes === 0 || reports.every(({ wire }) => wire.share === null)
  return {
    in: traffic('in'),
    out: traffic('out'),
    wire: {
      bytes,
      overhead,
      heads: sum(({ wire }) => wire.heads),
      share: isUnknown ? null : overhead / bytes,
      unknown: sum(({ wire }) => wire.unknown),
    },
    reconnects: sum(({ reconnects }) => reconnects),
    outages: sum(({ outages }) => outages),
    timeLost: sum(({ timeLost }) => timeLost),
    missed: sum(({ missed }) => missed),
    repeated: sum(({ repeated }) => repeated),
    responses: sum(({ responses }) => responses),
    empty: sum(({ empty }) => empty),
    firstByte: null,
  }
}
