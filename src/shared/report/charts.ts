/** The geometry of a report's charts: bars and axes as shares of the width and height. */
import type { ConnectionReport, SessionReport } from '../report.ts'
import { byteCount, preciseSpan } from '../text/quantities.ts'
import { formatTick, stepFor, ticks } from '../ticks.ts'

export interface AxisTick {
  /** Share of the width, 0 to 1. */
  readonly at: number
  readonly label: string
}

/** An axis that the charts of all connections share, so that they can be compared. */
export interface Axis {
  readonly ticks: readonly AxisTick[]
  /** The position of a value as a share of the width. */
  place(value: number): number
}

export interface ChartBar {
  readonly left: number
  readonly width: number
  readonly value: number
  /** What the bar stands for, such as 64 and 127 bytes. */
  readonly from: number
  readonly to: number
}

export type Way = 'in' | 'out'

/** Distance of two ticks of a time axis in pixels, for a chart that is `CHART_WIDTH` wide. */
const TICK_ROOM = 80
const CHART_WIDTH = 480

/** The session's time from its start. */
export function timeAxis({ duration, connections }: SessionReport): Axis {
  const longest = connections.reduce(
    (most, each) => Math.max(most, each.in.rate.counts.length, each.out.rate.counts.length),
    0,
  )
  const span = Math.max(duration, longest * bucketOf(connections), 1)
  const step = stepFor(span, CHART_WIDTH, TICK_ROOM)
  return {
    place: (time) => time / span,
    ticks: ticks(0, span, step).map((time) => ({ at: time / span, label: formatTick(time, step) })),
  }
}

/** Milliseconds of the buckets of all rates. */
export function bucketOf(connections: readonly ConnectionReport[]): number {
  return connections[0]?.in.rate.bucket ?? 1
}

export function rateBars({ rate: { bucket, counts } }: ConnectionReport[Way], axis: Axis): ChartBar[] {
  return counts.map((value, at) => ({
    left: axis.place(at * bucket),
    width: axis.place((at + 1) * bucket) - axis.place(at * bucket),
    value,
    from: at * bucket,
    to: (at + 1) * bucket,
  }))
}

/** Ranges by powers of two: the first one begins at 0. */
interface Range {
  readonly from: number
  readonly to: number
  readonly count: number
}

/** The number of a range: 0 for the one at 0, 1 for the one from 1 on, 2 from 2 on, 3 from 4 on. */
function rangeOf(from: number): number {
  return from === 0 ? 0 : Math.log2(from) + 1
}

function logAxis(ranges: readonly Range[], label: (value: number) => string): Axis {
  const numbers = ranges.filter(({ count }) => count > 0).map(({ from }) => rangeOf(from))
  const first = numbers.reduce((least, number) => Math.min(least, number), numbers[0] ?? 0)
  const last = numbers.reduce((most, number) => Math.max(most, number), first)
  // A single range would fill the chart: it has neighbors.
  const [low, high] = [Math.max(0, first - 1), last + 2]
  const place = (number: number) => (number - low) / (high - low)
  const marks: AxisTick[] = []
  for (let value = 1; Math.log2(value) + 1 <= high; value *= 10) {
    const at = place(Math.log2(value) + 1)
    if (at >= 0 && at <= 1) marks.push({ at, label: label(value) })
  }
  return { place: (value) => place(rangeOf(value)), ticks: marks }
}

export function gapAxis({ connections }: SessionReport, way: Way): Axis {
  return logAxis(
    connections.flatMap((each) => each[way].gapCounts),
    preciseSpan,
  )
}

export function sizeAxis({ connections }: SessionReport, way: Way): Axis {
  return logAxis(
    connections.flatMap((each) => each[way].sizes),
    byteCount,
  )
}

function rangeBars(ranges: readonly Range[], axis: Axis): ChartBar[] {
  return ranges.map(({ from, to, count }) => {
    const left = axis.place(from)
    const next = axis.place(from === 0 ? 1 : from * 2)
    return { left, width: next - left, value: count, from, to }
  })
}

export function gapBars({ gapCounts }: ConnectionReport[Way], axis: Axis): ChartBar[] {
  return rangeBars(gapCounts, axis)
}

export function sizeBars({ sizes }: ConnectionReport[Way], axis: Axis): ChartBar[] {
  return rangeBars(sizes, axis)
}

/** The largest value, at least 1: the top of the vertical axis. */
export function topOf(bars: readonly ChartBar[]): number {
  return bars.reduce((most, { value }) => Math.max(most, value), 1)
}

/** The bars as a path in a box of the given size. A value above 0 is never invisible. */
export function barsPath(bars: readonly ChartBar[], width: number, height: number): string {
  const top = topOf(bars)
  return bars
    .filter(({ value }) => value > 0)
    .map(({ left, width: share, value }) => {
      const bar = Math.max(0.5, share * width * 0.9)
      const tall = Math.max(1, (height * value) / top)
      return `M${(left * width).toFixed(2)} ${height}v${(-tall).toFixed(2)}h${bar.toFixed(2)}V${height}z`
    })
    .join('')
}
