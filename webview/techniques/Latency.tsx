import * as l10n from '@vscode/l10n'
import type { TechniqueConnection } from '../../src/shared/techniques.ts'
import { eventCount } from '../format/count.ts'
import { type LatencyAxis, placeOn, ticksOf } from './drawing.ts'
import { latencyText } from './names.ts'

const WIDTH = 150
const HEIGHT = 16
const MARGIN = 5

const x = (axis: LatencyAxis, ms: number) => MARGIN + placeOn(axis, ms) * (WIDTH - 2 * MARGIN)

/** How long events took: a dot at the median, and a line to the 95th percentile. */
export function Latency({
  latency,
  axis,
}: Pick<TechniqueConnection, 'latency'> & { readonly axis: LatencyAxis | undefined }) {
  if (latency === null || axis === undefined) return <span class="dim">{l10n.t('unknown')}</span>
  const { p50, p95, count } = latency
  return (
    <span class="technique-latency" title={l10n.t('from {0}', eventCount(count))}>
      <svg viewBox={`0 0 ${WIDTH} ${HEIGHT}`} width={WIDTH} height={HEIGHT} aria-hidden="true">
        <path class="axis" d={`M${MARGIN},8.5H${WIDTH - MARGIN}`} />
        {ticksOf(axis).map((tick) => (
          <path key={tick} class="axis" d={`M${x(axis, tick)},4v9`} />
        ))}
        <path class="to-p95" d={`M${x(axis, p50)},8.5H${x(axis, p95)}`} />
        <circle class="p50" cx={x(axis, p50)} cy={8.5} r={4.5} />
      </svg>
      <span class="tabular">{latencyText(p50)}</span> <span class="tabular dim">{latencyText(p95)}</span>
    </span>
  )
}

/** The numbers of the axis, above the column. */
export function LatencyTicks({ axis }: { readonly axis: LatencyAxis | undefined }) {
  if (axis === undefined) return null
  return (
    <svg viewBox={`0 0 ${WIDTH} 12`} width={WIDTH} height={12} aria-hidden="true">
      {ticksOf(axis).map((tick, at, all) => (
        <text
          key={tick}
          x={x(axis, tick)}
          y={10}
          text-anchor={at === 0 ? 'start' : at === all.length - 1 ? 'end' : 'middle'}
        >
          {all.length > 4 && at % 2 === 1 ? '' : tickText(tick)}
        </text>
      ))}
    </svg>
  )
}

/** Such as `100 ms`, `1 s`. */
function tickText(ms: number): string {
  const seconds = Math.round(ms / 1000)
  return ms >= 1000 ? `${seconds} s` : `${Number(ms.toPrecision(1))} ms`
}
