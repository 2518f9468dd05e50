/** A report's figures in words, for the documents that it is written as. */

import { connectionNames } from '../../shared/connection-names.ts'
import { findingPlace } from '../../shared/finding-text.ts'
import { decodedReportText } from '../../shared/report/decoded-text.ts'
import { clocksText } from '../../shared/report/delivery-text.ts'
import { type ReportTotals, totalsOf, type WireTotals, wireTotals } from '../../shared/report/totals.ts'
import {
  type ConnectionReport,
  type Distribution,
  type ReportedFinding,
  type SessionReport,
  UNKNOWN_START,
} from '../../shared/report.ts'
import { byteCount, formatCount, plural, preciseSpan } from '../../shared/text/quantities.ts'
import { traitsOf } from '../../shared/transports.ts'

export interface Fact {
  readonly name: string
  readonly value: string
  readonly detail: string
}

/** A cell without a figure. */
export const UNKNOWN = '–'
/** Names of packets that are listed. */
const MAX_DECODED = 20

/** The figures of the whole session. */
export function sessionFacts(report: SessionReport): Fact[] {
  const totals = totalsOf(report)
  const slowest = report.connections.find(({ id }) => id === totals.firstByte?.slowest)
  return [
    {
      name: 'Duration',
      value: preciseSpan(report.duration),
      detail: `${plural(report.events, 'event')} on ${plural(report.connections.length, 'connection')}`,
    },
    { name: 'Received', value: formatCount(totals.in.messages), detail: byteCount(totals.in.payload) },
    { name: 'Sent', value: formatCount(totals.out.messages), detail: byteCount(totals.out.payload) },
    { name: 'On the wire', value: wireBytes(totals.wire) ?? UNKNOWN, detail: overheadText(totals.wire) },
    ...(totals.firstByte === null || slowest === undefined
      ? []
      : [
          {
            name: 'First byte',
            value:
              totals.firstByte.least === totals.firstByte.most
                ? preciseSpan(totals.firstByte.most)
                : `${preciseSpan(totals.firstByte.least)} to ${preciseSpan(totals.firstByte.most)}`,
            detail: `slowest: ${namesOf(report)(slowest)}`,
          },
        ]),
    {
      name: 'Outages',
      value: formatCount(totals.outages),
      detail: [
        `${preciseSpan(totals.timeLost)} lost`,
        ...(totals.missed > 0 ? [`${formatCount(totals.missed)} missed`] : []),
        ...(totals.repeated > 0 ? [`${formatCount(totals.repeated)} repeated`] : []),
      ].join(', '),
    },
  ]
}

interface Column {
  readonly name: string
  /** The cell of a connection; undefined if there is nothing to say. */
  readonly cell: (connection: ConnectionReport) => string | undefined
  /** The cell of the row that adds up all connections. Absent if it is empty. */
  readonly total?: (totals: ReportTotals) => string | undefined
}

/** The columns after that of the names. */
const COLUMNS: readonly Column[] = [
  { name: 'Technique', cell: ({ transport }) => traitsOf(transport)?.label ?? transport },
  { name: 'Open for', cell: ({ openFor }) => spanUnlessZero(openFor) },
  {
    name: 'First byte',
    cell: ({ firstByte }) => (firstByte === null ? undefined : preciseSpan(firstByte.total)),
  },
  {
    name: 'Received',
    cell: ({ in: { messages, bytes } }) => trafficText(messages, bytes.payload),
    total: ({ in: { messages, payload } }) => trafficText(messages, payload),
  },
  {
    name: 'Sent',
    cell: ({ out: { messages, bytes } }) => trafficText(messages, bytes.payload),
    total: ({ out: { messages, payload } }) => trafficText(messages, payload),
  },
  {
    name: 'On the wire',
    cell: (connection) => wireBytes(wireOf(connection)),
    total: ({ wire }) => wireBytes(wire),
  },
  {
    name: 'Overhead',
    cell: (connection) => shareText(wireOf(connection)),
    total: ({ wire }) => shareText(wire),
  },
  { name: 'Gap p50', cell: (connection) => percentile(connection.in.gaps, 'p50') },
  { name: 'Gap p95', cell: (connection) => percentile(connection.in.gaps, 'p95') },
  { name: 'Answer p50', cell: (connection) => percentile(answersOf(connection), 'p50') },
  { name: 'Answer p95', cell: (connection) => percentile(answersOf(connection), 'p95') },
  {
    name: 'Reconnects',
    cell: ({ outages }) => countUnlessZero(outages.reconnects),
    total: ({ reconnects }) => countUnlessZero(reconnects),
  },
  {
    name: 'Time lost',
    cell: ({ outages }) => spanUnlessZero(outages.timeLost),
    total: ({ timeLost }) => spanUnlessZero(timeLost),
  },
  {
    name: 'Empty answers',
    cell: ({ polls }) => (polls === null ? undefined : emptyText(polls.empty, polls.responses)),
    total: ({ empty, responses }) => (responses === 0 ? undefined : emptyText(empty, responses)),
  },
]

export const COLUMN_NAMES: readonly string[] = ['Connection', ...COLUMNS.map(({ name }) => name)]

/** The columns that reports can be added up in, each with its cell. */
export const TOTAL_COLUMNS = COLUMNS.flatMap(({ name, total }) =>
  total === undefined ? [] : [[name, total] as const],
)

/** The cells of a connection's row. */
export function connectionCells(connection: ConnectionReport, name: string): string[] {
  return [name, ...COLUMNS.map(({ cell }) => cell(connection) ?? UNKNOWN)]
}

/** The cells of the row that adds up all connections. */
export function totalCells(report: SessionReport): string[] {
  const totals = totalsOf(report)
  return ['All', ...COLUMNS.map(({ total }) => (total === undefined ? '' : (total(totals) ?? UNKNOWN)))]
}

/** What does not fit into a row: the parts of the first byte, all percentiles, names and errors. */
export function detailsOf(connection: ConnectionReport): (readonly [name: string, value: string])[] {
  const { firstByte, answers, delivery, polls, errors, eventNames, outages } = connection
  const listed = (counts: Readonly<Record<string, number>>) =>
    Object.entries(counts)
      .map(([name, count]) => `${name} ${formatCount(count)}`)
      .join(', ')
  return [
    ...(firstByte === null ? [] : [['First byte', firstByteText(firstByte)] as const]),
    ...distribution('Gaps between messages received', connection.in.gaps),
    ...distribution('Gaps between messages sent', connection.out.gaps),
    ...distribution('Round trips by ping', connection.roundTrips),
    ...distribution('Answers', answers),
    ...distribution('Delivery, above the fastest', delivery?.latency ?? null),
    ...(delivery === null ? [] : [[`Clocks, by ${delivery.field}`, clocksText(delivery)] as const]),
    ...distribution('Polls held', polls?.held ?? null),
    ...(Object.keys(eventNames).length > 1 ? [['Event names', listed(eventNames)] as const] : []),
    ...(outages.missed + outages.repeated > 0
      ? [
          [
            'Lost over reconnects',
            `${formatCount(outages.missed)} missed, ${formatCount(outages.repeated)} repeated`,
          ] as const,
        ]
      : []),
    ...connection.decoded.slice(0, MAX_DECODED).map((row) => [row.name, decodedReportText(row)] as const),
    ...(Object.keys(errors).length > 0 ? [['Errors', listed(errors)] as const] : []),
  ]
}

/** The names of the connections of a report: what tells them apart. */
export function namesOf({ connections }: SessionReport): (connection: ConnectionReport) => string {
  const names = connectionNames(connections)
  return ({ id, url }) => (url === '' ? undefined : names.get(id)) ?? `connection ${id}`
}

/** Where and when a finding is: the name of its connection, and its times. */
export function findingPlaces(report: SessionReport): (finding: ReportedFinding) => string {
  const nameOf = namesOf(report)
  const names = new Map(report.connections.map((connection) => [connection.id, nameOf(connection)]))
  return ({ connection, ...finding }) =>
    findingPlace(finding, connection === undefined ? undefined : names.get(connection))
}

/** `2026-11-23 14:02:00.000 to 14:03:00.200 UTC`, with the second date if it is another day. */
export function timeSpanText({ startedAt, duration }: SessionReport): string {
  if (startedAt === null) return UNKNOWN_START
  const end = new Date(new Date(startedAt).getTime() + duration)
  if (Number.isNaN(end.getTime())) return startedAt
  const [first, last] = [startText(startedAt), dateText(end)]
  const isSameDay = first.slice(0, 10) === last.slice(0, 10)
  return `${first} to ${isSameDay ? last.slice(11) : last} UTC`
}

/** `2026-11-23 14:02:00.000` for a time in ISO 8601, in UTC. */
export function startText(startedAt: string): string {
  return dateText(new Date(startedAt))
}

function dateText(date: Date): string {
  return date.toISOString().replace('T', ' ').replace('Z', '')
}

function firstByteText({ dns, tcp, tls, answer, total }: NonNullable<ConnectionReport['firstByte']>): string {
  const parts = [
    ['DNS', dns],
    ['TCP', tcp],
    ['TLS', tls],
    ['answer', answer],
  ] as const
  const texts = parts.filter(([, ms]) => ms > 0).map(([name, ms]) => `${name} ${preciseSpan(ms)}`)
  return `${preciseSpan(total)} (${texts.join(', ')})`
}

function distribution(name: string, values: Distribution | null): (readonly [string, string])[] {
  if (values === null) return []
  const [p50, p95, p99, max] = [values.p50, values.p95, values.p99, values.max].map(preciseSpan)
  return [[name, `p50 ${p50}, p95 ${p95}, p99 ${p99}, longest ${max}`]]
}

function wireOf(connection: ConnectionReport): WireTotals {
  return wireTotals([connection.in, connection.out])
}

/** How long answers took, or else how long polls were held. */
function answersOf({ answers, polls }: ConnectionReport): Distribution | null {
  return answers ?? polls?.held ?? null
}

function percentile(values: Distribution | null, share: keyof Distribution): string | undefined {
  return values === null ? undefined : preciseSpan(values[share])
}

function spanUnlessZero(ms: number): string | undefined {
  return ms === 0 ? undefined : preciseSpan(ms)
}

function countUnlessZero(count: number): string | undefined {
  return count === 0 ? undefined : formatCount(count)
}

function trafficText(messages: number, payload: number): string | undefined {
  return messages === 0 ? undefined : `${formatCount(messages)}, ${byteCount(payload)}`
}

function wireBytes({ bytes, share }: WireTotals): string | undefined {
  return share === null ? undefined : byteCount(bytes)
}

function shareText({ share }: WireTotals): string | undefined {
  return share === null ? undefined : `${Math.round(share * 100)} %`
}

function overheadText(wire: WireTotals): string {
  if (wire.share === null) return 'unknown'
  const own = wire.overhead < 0 ? `${byteCount(-wire.overhead)} saved` : `${shareText(wire)} is overhead`
  const text = wire.heads > 0 ? `${own}, heads ${byteCount(wire.heads)}` : own
  return wire.unknown > 0 ? `${text}, unknown for ${plural(wire.unknown, 'message')}` : text
}

function emptyText(empty: number, responses: number): string {
  const share = responses === 0 ? 0 : Math.round((100 * empty) / responses)
  return `${formatCount(empty)} of ${formatCount(responses)} (${share} %)`
}
