/** What the drawings of techniques show, without a DOM. */
import type { TechniqueConnection, TechniqueReport } from '../../src/shared/techniques.ts'

export const DRAWING = { width: 240, height: 40 } as const
/** Events up to which the times at which they were sent are drawn. */
const MAX_SENT = 60

/** Where session times are in a drawing. */
export function placeIn({ from, to }: TechniqueReport['drawn']): (time: number) => number {
  const span = Math.max(1, to - from)
  return (time) => ((Math.min(Math.max(time, from), to) - from) / span) * (DRAWING.width - 4) + 2
}

/** The times at which events were sent; none if they would cover all else. */
export function sentIn({ sent }: TechniqueReport['drawn']): readonly number[] {
  return sent.length > MAX_SENT ? [] : sent
}

/** From when an event was sent to the end of the response of a poll that brought it. */
export function waits(
  sent: readonly number[],
  { cycles }: TechniqueConnection,
): readonly { readonly from: number; readonly to: number }[] {
  const full = cycles.flatMap(({ to, empty }) => (empty || to === undefined ? [] : [to]))
  return sent.flatMap((from) => {
    const to = full.find((time) => time >= from)
    return to === undefined ? [] : [{ from, to }]
  })
}

/** A logarithmic axis for latencies, in powers of ten. */
export interface LatencyAxis {
  readonly from: number
  readonly to: number
}

const SHORTEST = 0.1

export function latencyAxis(rows: readonly TechniqueConnection[]): LatencyAxis | undefined {
  const all = rows.flatMap(({ latency }) => (latency === null ? [] : [latency.p50, latency.p95]))
  if (all.length === 0) return undefined
  const bounded = all.map((value) => Math.max(value, SHORTEST))
  const least = bounded.reduce((low, value) => Math.min(low, value))
  const most = bounded.reduce((high, value) => Math.max(high, value))
  const from = 10 ** Math.floor(Math.log10(least))
  return { from, to: Math.max(from * 10, 10 ** Math.ceil(Math.log10(most))) }
}

/** The place on the axis: 0 to 1. */
export function placeOn({ from, to }: LatencyAxis, ms: number): number {
  const at = Math.log10(Math.max(ms, from) / from) / Math.log10(to / from)
  return Math.min(Math.max(at, 0), 1)
}

/** The powers of ten on the axis. */
export function ticksOf({ from, to }: LatencyAxis): number[] {
  const ticks: number[] = []
  for (let tick = from; tick <= to * 1.0001; tick *= 10) ticks.push(tick)
  return ticks
}
