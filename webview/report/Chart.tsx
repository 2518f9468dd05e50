import * as l10n from '@vscode/l10n'
import { type Axis, barsPath, type ChartBar, topOf } from '../../src/shared/report/charts.ts'
import type { TimeSpan } from '../../src/shared/report.ts'
import { formatCount } from '../format/count.ts'
import { formatDuration } from '../format/time.ts'

/** Of the box of a chart, which is stretched to the width that there is. */
const WIDTH = 1000
const HEIGHT = 60
/** Least width of an outage, in the units of the box. */
const LEAST_DOWN = 3

interface ChartProps {
  /** What is drawn, for screen readers. */
  readonly name: string
  /** The class with the color of the connection. */
  readonly look: string
  readonly bars: readonly ChartBar[]
  readonly axis: Axis
  /** Times when the connection was down, which are hatched. */
  readonly down?: readonly TimeSpan[]
  /** Figures above the chart. */
  readonly figures?: string
  readonly nameOf: (bar: ChartBar) => string
}

/** Bars over a shared horizontal axis, with the largest count on the vertical one; the tooltip of a bar has its figures. */
export function Chart({ name, look, bars, axis, down = [], figures, nameOf }: ChartProps) {
  const top = topOf(bars)
  const filled = bars.filter(({ value }) => value > 0)
  return (
    <figure class={look}>
      <figcaption class="dim">
        <span class="chart-name">{name}</span>
        <span class="clip">{figures}</span>
      </figcaption>
      <span class="chart-top dim tabular" aria-hidden="true">
        {formatCount(top)}
      </span>
      <span class="chart-bottom dim" aria-hidden="true">
        0
      </span>
      <svg
        viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
        preserveAspectRatio="none"
        role="img"
        aria-label={l10n.t('{0}: at most {1}', name, formatCount(top))}
      >
        <path
          class="chart-grid"
          d={axis.ticks.map(({ at }) => `M${(at * WIDTH).toFixed(1)} 0V${HEIGHT}`).join('')}
        />
        {down.map(({ from, to }) => (
          <rect
            key={from}
            class="chart-down"
            x={axis.place(from) * WIDTH}
            width={Math.max(LEAST_DOWN, (axis.place(to) - axis.place(from)) * WIDTH)}
            height={HEIGHT}
          >
            <title>{l10n.t('down for {0}', formatDuration(to - from))}</title>
          </rect>
        ))}
        <path class="chart-bars" d={barsPath(bars, WIDTH, HEIGHT)} />
        {filled.map((bar) => (
          <rect
            key={bar.from}
            class="chart-target"
            x={bar.left * WIDTH}
            width={bar.width * WIDTH}
            height={HEIGHT}
          >
            <title>{`${nameOf(bar)}: ${formatCount(bar.value)}`}</title>
          </rect>
        ))}
      </svg>
      <AxisMarks {...axis} />
    </figure>
  )
}

/** The marks of an axis, below the charts that share it. */
export function AxisMarks({ ticks }: Axis) {
  return (
    <div class="chart-axis dim tabular" aria-hidden="true">
      {ticks.map(({ at, label }) => (
        <span key={label} style={{ left: `${at * 100}%` }}>
          {label}
        </span>
      ))}
    </div>
  )
}
