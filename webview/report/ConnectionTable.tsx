import * as l10n from '@vscode/l10n'
import type { ComponentChildren } from 'preact'
import { totalsOf, type WireTotals, wireTotals } from '../../src/shared/report/totals.ts'
import type { ConnectionReport, FirstByteReport, SessionReport } from '../../src/shared/report.ts'
import { traitsOf } from '../../src/shared/transports.ts'
import { formatBytes, formatCount } from '../format/count.ts'
import { formatDuration } from '../format/time.ts'
import { usePage } from '../state/page.ts'
import { Icon } from '../ui/Icon.tsx'
import { ConnectionTitle } from './ConnectionTitle.tsx'

const COLUMNS = {
  name: l10n.t('Connection'),
  technique: l10n.t('Technique'),
  openFor: l10n.t('Open for'),
  firstByte: l10n.t('First byte'),
  in: l10n.t('Received'),
  out: l10n.t('Sent'),
  wire: l10n.t('Wire, overhead'),
  answer: l10n.t('Answer p50, p95'),
  outages: l10n.t('Reconnects, lost'),
  empty: l10n.t('Empty answers'),
} as const

const ANSWER_HINT = l10n.t(
  'The time from a request to its answer, if the protocol of the messages says which answer belongs to which request. For other polls, the time that the server held them.',
)

/** The parts of the time to the first byte, in their order. */
const FIRST_BYTE_PARTS: readonly { readonly part: keyof FirstByteReport; readonly name: string }[] = [
  { part: 'dns', name: l10n.t('DNS') },
  { part: 'tcp', name: l10n.t('TCP') },
  { part: 'tls', name: l10n.t('TLS') },
  { part: 'answer', name: l10n.t('answer') },
]

/** The figures of each connection, a row each, and of all together. In a narrow page each row is a card. */
export function ConnectionTable({ report }: { report: SessionReport }) {
  const { connections } = report
  const slowest = connections.reduce((most, { firstByte }) => Math.max(most, firstByte?.total ?? 0), 0)
  const polls = connections.some((each) => each.polls !== null)
  const answers = polls || connections.some((each) => each.answers !== null)
  const totals = totalsOf(report)
  return (
    <table
      class={`report-table${polls ? '' : ' no-polls'}${answers ? '' : ' no-answers'}`}
      aria-label={l10n.t('Connections')}
    >
      <thead>
        <tr>
          {Object.entries(COLUMNS).map(([id, name]) => (
            <th key={id} class={`is-${id}`} scope="col">
              {id === 'answer' ? <span title={ANSWER_HINT}>{name}</span> : name}
              {id === 'firstByte' && <Legend />}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {connections.map((connection) => (
          <Row key={connection.id} connection={connection} slowest={slowest} />
        ))}
      </tbody>
      {connections.length > 1 && (
        <tfoot>
          <tr>
            <th class="is-name" scope="row">
              {l10n.t('All')}
            </th>
            <Cell of="technique" />
            <Cell of="openFor" />
            <Cell of="firstByte" />
            <Cell of="in">{amount(totals.in.messages, totals.in.payload)}</Cell>
            <Cell of="out">{amount(totals.out.messages, totals.out.payload)}</Cell>
            <Cell of="wire">{wireText(totals.wire)}</Cell>
            <Cell of="answer" />
            <Cell of="outages">{outages(totals.reconnects, totals.timeLost)}</Cell>
            <Cell of="empty">{empty(totals.empty, totals.responses)}</Cell>
          </tr>
        </tfoot>
      )}
    </table>
  )
}

function Row({ connection, slowest }: { connection: ConnectionReport; slowest: number }) {
  const { transport, openFor, firstByte, polls, outages: lost } = connection
  const { looks } = usePage()
  const answer = connection.answers ?? polls?.held ?? null
  return (
    <tr class={`connection-${looks.colorOf(connection.id)}`}>
      <th class="is-name" scope="row">
        <ConnectionTitle connection={connection} />
      </th>
      <Cell of="technique">{traitsOf(transport)?.label ?? transport}</Cell>
      <Cell of="openFor">{openFor > 0 && formatDuration(openFor)}</Cell>
      <Cell of="firstByte">{firstByte !== null && <FirstByte report={firstByte} slowest={slowest} />}</Cell>
      <Cell of="in">{amount(connection.in.messages, connection.in.bytes.payload)}</Cell>
      <Cell of="out">{amount(connection.out.messages, connection.out.bytes.payload)}</Cell>
      <Cell of="wire">{wireText(wireTotals([connection.in, connection.out]))}</Cell>
      <Cell of="answer">
        {answer !== null && two(formatDuration(answer.p50), formatDuration(answer.p95))}
      </Cell>
      <Cell of="outages">{outages(lost.reconnects, lost.timeLost)}</Cell>
      <Cell of="empty">{polls !== null && empty(polls.empty, polls.responses)}</Cell>
    </tr>
  )
}

/** A cell, with the name of its column for a page in which each row is a card. */
function Cell({ of, children }: { of: keyof typeof COLUMNS; children?: ComponentChildren }) {
  const isEmpty = children === undefined || children === false || children === null
  return (
    <td class={`is-${of} tabular${isEmpty ? ' empty' : ''}`} data-column={COLUMNS[of]}>
      {isEmpty ? <span class="dim">–</span> : children}
    </td>
  )
}

function Legend() {
  return (
    <span class="first-byte-legend" aria-hidden="true">
      {FIRST_BYTE_PARTS.map(({ part, name }) => (
        <span key={part} class={`part-${part}`}>
          {name}
        </span>
      ))}
    </span>
  )
}

/** The time to the first byte as a bar of its parts, as long as its share of the slowest one. */
function FirstByte({ report, slowest }: { report: FirstByteReport; slowest: number }) {
  const parts = FIRST_BYTE_PARTS.filter(({ part }) => report[part] > 0)
  const text = parts.map(({ part, name }) => `${name} ${formatDuration(report[part])}`).join(', ')
  return (
    <span class="first-byte" title={text}>
      <span class="first-byte-bar" role="img" aria-label={text}>
        {parts.map(({ part }) => (
          <i key={part} class={`part-${part}`} style={{ width: `${(100 * report[part]) / slowest}%` }} />
        ))}
      </span>
      {formatDuration(report.total)}
    </span>
  )
}

function two(first: ComponentChildren, second: string) {
  return (
    <>
      {first} <span class="dim">{second}</span>
    </>
  )
}

function amount(messages: number, payload: number) {
  return messages > 0 && two(formatCount(messages), formatBytes(payload))
}

function wireText({ bytes, share }: WireTotals) {
  return share !== null && two(formatBytes(bytes), `${Math.round(share * 100)} %`)
}

function outages(reconnects: number, timeLost: number) {
  return (
    reconnects + timeLost > 0 &&
    two(
      <>
        <span class="tone-warn toned report-warn">
          <Icon name="warning" />
        </span>{' '}
        {formatCount(reconnects)}
      </>,
      formatDuration(timeLost),
    )
  )
}

function empty(count: number, responses: number) {
  return (
    responses > 0 &&
    two(
      l10n.t('{0} of {1}', formatCount(count), formatCount(responses)),
      `${Math.round((100 * count) / responses)} %`,
    )
  )
}
