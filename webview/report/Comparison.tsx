import * as l10n from '@vscode/l10n'
import { useMemo, useState } from 'preact/hooks'
import {
  bucketOf,
  type ChartBar,
  gapAxis,
  gapBars,
  rateBars,
  sizeAxis,
  sizeBars,
  timeAxis,
  type Way,
} from '../../src/shared/report/charts.ts'
import type { ConnectionReport, SessionReport } from '../../src/shared/report.ts'
import { formatBytes } from '../format/count.ts'
import { formatDuration } from '../format/time.ts'
import { usePage } from '../state/page.ts'
import { Chip } from '../ui/buttons.tsx'
import { AxisMarks, Chart } from './Chart.tsx'
import { ConnectionTitle } from './ConnectionTitle.tsx'

const WAYS: readonly { readonly way: Way; readonly name: string }[] = [
  { way: 'in', name: l10n.t('Received') },
  { way: 'out', name: l10n.t('Sent') },
]

/** The charts of all connections, one below the other on the same axes. */
export function Comparison({ report }: { report: SessionReport }) {
  const hasSent = report.connections.some(({ out }) => out.messages > 0)
  const [wanted, setWay] = useState<Way>('in')
  const way = hasSent ? wanted : 'in'
  const axes = useMemo(
    () => ({ time: timeAxis(report), gap: gapAxis(report, way), size: sizeAxis(report, way) }),
    [report, way],
  )
  const connections = report.connections.filter((each) => each[way].messages > 0)
  const bucket = formatDuration(bucketOf(report.connections))
  return (
    <section class="report-charts" aria-label={l10n.t('Compared')}>
      <h2>
        {l10n.t('Compared')}
        {hasSent &&
          WAYS.map(({ way: each, name }) => (
            <Chip key={each} class="small toggle" aria-pressed={way === each} onClick={() => setWay(each)}>
              {name}
            </Chip>
          ))}
      </h2>
      <span class="chart-head dim">
        {way === 'in' ? l10n.t('Messages received in {0}', bucket) : l10n.t('Messages sent in {0}', bucket)}
      </span>
      <span class="chart-head dim">{l10n.t('Gaps between messages, count')}</span>
      <span class="chart-head dim">{l10n.t('Message sizes, count')}</span>
      {connections.map((connection) => (
        <Charts key={connection.id} connection={connection} way={way} axes={axes} />
      ))}
      {connections.length === 0 && <p class="dim">{l10n.t('No messages were received.')}</p>}
      <AxisMarks {...axes.time} />
      <AxisMarks {...axes.gap} />
      <AxisMarks {...axes.size} />
    </section>
  )
}

interface ChartsProps {
  readonly connection: ConnectionReport
  readonly way: Way
  readonly axes: Readonly<Record<'time' | 'gap' | 'size', ReturnType<typeof timeAxis>>>
}

function Charts({ connection, way, axes }: ChartsProps) {
  const { looks } = usePage()
  const look = `connection-${looks.colorOf(connection.id)}`
  const traffic = connection[way]
  const { gaps, sizes } = traffic
  const largest = sizes.findLast(({ count }) => count > 0)
  return (
    <>
      <ConnectionTitle connection={connection} />
      <Chart
        name={l10n.t('Messages over time')}
        look={look}
        bars={rateBars(traffic, axes.time)}
        axis={axes.time}
        down={connection.down}
        nameOf={betweenTimes}
      />
      <Chart
        name={l10n.t('Gaps')}
        look={look}
        bars={gapBars(traffic, axes.gap)}
        axis={axes.gap}
        figures={
          gaps === null
            ? l10n.t('none')
            : l10n.t(
                'p50 {0}, p95 {1}, longest {2}',
                formatDuration(gaps.p50),
                formatDuration(gaps.p95),
                formatDuration(gaps.max),
              )
        }
        nameOf={betweenTimes}
      />
      <Chart
        name={l10n.t('Sizes')}
        look={look}
        bars={sizeBars(traffic, axes.size)}
        axis={axes.size}
        figures={largest && l10n.t('at most {0}', formatBytes(largest.to))}
        nameOf={({ from, to }) => l10n.t('{0} to {1}', formatBytes(from), formatBytes(to))}
      />
    </>
  )
}

function betweenTimes({ from, to }: ChartBar): string {
  return l10n.t('{0} to {1}', formatDuration(from), formatDuration(to))
}
