import * as l10n from '@vscode/l10n'
import type { ComponentChildren } from 'preact'
import type { TechniqueConnection, TechniqueReport } from '../../src/shared/techniques.ts'
import { shortUrl } from '../format/connection.ts'
import { eventCount, formatCount, reconnectCount } from '../format/count.ts'
import { usePage } from '../state/page.ts'
import { Icon } from '../ui/Icon.tsx'
import { latencyAxis } from './drawing.ts'
import { Latency, LatencyTicks } from './Latency.tsx'
import { overheadText, techniqueName } from './names.ts'
import { TenSeconds } from './TenSeconds.tsx'

/** A row for each connection that is compared. */
export function TechniqueTable({ report }: { readonly report: TechniqueReport }) {
  const rows = report.connections.filter(({ inFeed }) => inFeed)
  const axis = latencyAxis(rows)
  const mostRequests = rows.reduce((most, { requestsPerEvent }) => Math.max(most, requestsPerEvent ?? 0), 0)
  const mostOverhead = rows.reduce((most, { overheadPerEvent }) => Math.max(most, overheadPerEvent ?? 0), 0)
  return (
    <table class="technique-table" aria-label={l10n.t('Techniques side by side')}>
      <thead>
        <tr>
          <th scope="col">{l10n.t('Technique')}</th>
          <th scope="col">{l10n.t('Ten seconds: dotted sent, solid arrived')}</th>
          <th scope="col">{l10n.t('Requests per event')}</th>
          <th scope="col">{l10n.t('Empty answers')}</th>
          <th scope="col">{l10n.t('Overhead per event')}</th>
          <th scope="col">
            {l10n.t('Latency: dot p50, line to p95')}
            <LatencyTicks axis={axis} />
          </th>
          <th scope="col">{l10n.t('Reconnects, lost')}</th>
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <Row key={row.id} row={row}>
            <td class="is-drawing">
              <TenSeconds row={row} drawn={report.drawn} />
            </td>
            <Cell name={l10n.t('Requests per event')} title={eventCount(row.events)}>
              <Requests row={row} most={mostRequests} />
            </Cell>
            <Cell name={l10n.t('Empty answers')} title={emptyTitle(row)}>
              <Empty row={row} />
            </Cell>
            <Cell name={l10n.t('Overhead per event')} title={overheadTitle(row)}>
              <Overhead row={row} most={mostOverhead} />
            </Cell>
            <Cell name={l10n.t('Latency p50, p95')} look="is-latency">
              <Latency latency={row.latency} axis={axis} />
            </Cell>
            <Cell name={l10n.t('Reconnects, lost')}>
              <Losses row={row} />
            </Cell>
          </Row>
        ))}
      </tbody>
    </table>
  )
}

function Row({ row, children }: { readonly row: TechniqueConnection; readonly children: ComponentChildren }) {
  const { looks } = usePage()
  return (
    <tr class={`connection-${looks.colorOf(row.id)}`}>
      <th scope="row" class="is-technique">
        <b>{techniqueName(row)}</b>{' '}
        <span class="dim clip" title={row.url}>
          {looks.nameOf(row.id) || shortUrl(row.url)}
        </span>
      </th>
      {children}
    </tr>
  )
}

interface CellProps {
  /** The column, for narrow pages, which show it in each cell. */
  readonly name: string
  readonly title?: string
  readonly look?: string
  readonly children: ComponentChildren
}

function Cell({ name, title, look, children }: CellProps) {
  return (
    <td class={look} data-name={name} title={title}>
      {children}
    </td>
  )
}

/** A bar, from 0 to 1. */
function Bar({ share }: { readonly share: number }) {
  const width = share <= 0 ? 0 : Math.max(0.02, Math.min(share, 1))
  return (
    <span class="technique-bar" aria-hidden="true">
      <span style={{ width: `${width * 100}%` }} />
    </span>
  )
}

function Requests({ row: { requests, requestsPerEvent }, most }: { row: TechniqueConnection; most: number }) {
  return (
    <>
      <Bar share={(requestsPerEvent ?? 0) / (most || 1)} />{' '}
      <span class="tabular">
        {requestsPerEvent === null ? l10n.t('no event') : requestsPerEvent.toFixed(2)}
      </span>{' '}
      <span class="tabular dim">{l10n.t('{0} in all', formatCount(requests))}</span>
    </>
  )
}

function Empty({ row: { emptyShare, responses } }: { row: TechniqueConnection }) {
  if (responses === null) return <span class="dim">{l10n.t('does not apply')}</span>
  if (emptyShare === null) return <span class="dim">{l10n.t('unknown')}</span>
  return (
    <>
      <Bar share={emptyShare} /> <span class="tabular">{Math.round(emptyShare * 100)} %</span>
    </>
  )
}

function Overhead({ row: { overheadPerEvent }, most }: { row: TechniqueConnection; most: number }) {
  if (overheadPerEvent === null) return <span class="dim">{l10n.t('unknown')}</span>
  return (
    <>
      <Bar share={overheadPerEvent / (most || 1)} />{' '}
      <span class="tabular">{overheadText(overheadPerEvent)}</span>
    </>
  )
}

function Losses({ row: { reconnects, lost } }: { row: TechniqueConnection }) {
  return (
    <span class="technique-losses">
      <span>{reconnectCount(reconnects)},</span>{' '}
      {lost === null ? (
        <span class="dim">{l10n.t('losses unknown')}</span>
      ) : lost === 0 ? (
        <span class="dim">{l10n.t('{0} lost', '0')}</span>
      ) : (
        <b class="tone-warn">
          <span class="toned">
            <Icon name="warning" />
          </span>
          {l10n.t('{0} lost', formatCount(lost))}
        </b>
      )}
    </span>
  )
}

function emptyTitle({ empty, responses }: TechniqueConnection): string {
  return empty === null || responses === null
    ? ''
    : l10n.t('{0} of {1}', formatCount(empty), formatCount(responses))
}

/** What the overhead is made of. */
function overheadTitle({ overhead: { heads, framing, keepAlive }, events }: TechniqueConnection): string {
  const text = (bytes: number | null) => (bytes === null ? l10n.t('unknown') : overheadText(bytes))
  return l10n.t(
    'Heads {0}, framing {1}, pings and comments {2}, for {3}',
    text(heads),
    text(framing),
    text(keepAlive),
    eventCount(events),
  )
}
