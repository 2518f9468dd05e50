import { useId, useMemo } from 'preact/hooks'
import type { FindingChart } from '../../src/shared/finding-chart.ts'
import { CHART_WIDTH } from './charts/drawing.ts'
import { drawingOf } from './charts/layout.ts'
import { chartSummary } from './charts/summary.ts'

/** The evidence of a finding as a picture. */
export function FindingChartView({ chart }: { chart: FindingChart }) {
  const hatch = useId()
  const { height, grid, base, spans, shapes, texts } = useMemo(() => drawingOf(chart), [chart])
  return (
    <svg
      class="finding-chart"
      viewBox={`0 0 ${CHART_WIDTH} ${height}`}
      role="img"
      aria-label={chartSummary(chart)}
    >
      {spans.length > 0 && (
        <pattern id={hatch} width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
          <path class="finding-hatch" d="M0 0V6" />
        </pattern>
      )}
      <path class="finding-grid" d={grid} />
      {spans.map((box, at) => (
        <rect key={at} {...box} class="finding-span" fill={`url(#${hatch})`} />
      ))}
      <path class="finding-base" d={base} />
      {shapes.map(({ path, tone, look }) => (
        <path key={`${tone} ${look}`} class={`finding-${look} chart-${tone}`} d={path} />
      ))}
      {texts.map(({ x, y, anchor, text, tone }, at) => (
        <text key={at} x={x} y={y} text-anchor={anchor} class={`chart-text-${tone}`}>
          {text}
        </text>
      ))}
    </svg>
  )
}
