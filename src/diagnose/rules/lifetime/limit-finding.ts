/** What findings about limits have in common. */
import type { FindingChart } from '../../../shared/finding-chart.ts'
import type { Found } from '../../rule.ts'
import { type Limit, spanOf } from './limits.ts'

/** A finding without its sentences. */
export function limitFinding(
  limit: Limit,
): Pick<Found, 'severity' | 'connection' | 'from' | 'to' | 'events' | 'chart'> {
  const { ends } = limit
  const connections = new Set(ends.map(({ connection }) => connection))
  const [connection] = connections
  const [first] = ends
  return {
    severity: ends.every(({ isComplete }) => isComplete) ? 'info' : 'warning',
    ...(connections.size === 1 && connection !== undefined && { connection }),
    from: first === undefined ? 0 : first.endedAt - spanOf(first, limit.kind),
    to: ends.at(-1)?.endedAt ?? 0,
    events: ends.map(({ number }) => number + 1),
    chart: chartOf(limit),
  }
}

/** The figures, in ms. */
export function evidenceOf({ ends, all, least, median, most }: Limit): Record<string, number> {
  return {
    ends: ends.length,
    allEnds: all.length,
    least: Math.round(least),
    median: Math.round(median),
    most: Math.round(most),
  }
}

/** A dot for each end, at its silence or its age. */
function chartOf({ kind, all, ends, median }: Limit): FindingChart {
  const tone = (end: (typeof all)[number]) => (ends.includes(end) ? 'wrong' : 'quiet')
  return {
    kind: 'values',
    unit: 'ms',
    points: all.map((end) => ({ value: spanOf(end, kind), tone: tone(end) })),
    marks: [{ value: median, label: kind === 'age' ? 'age' : 'silence' }],
  }
}
