/** The charts of findings: data only. A chart has at most `MAX_CHART_POINTS` points. */

export const MAX_CHART_POINTS = 200

/** `wrong` is what the finding is about; `quiet` is only there for comparison. */
export type ChartTone = 'plain' | 'wrong' | 'quiet'

/** A stretch of session time in ms. */
export interface ChartSpan {
  readonly from: number
  readonly to: number
  readonly label: string
}

interface Toned {
  /** Default `plain`. */
  readonly tone?: ChartTone
}

/** What happened when: a tick or a cell for each point. */
export interface TimesChart {
  readonly kind: 'times'
  /** Session times in ms. */
  readonly points: readonly (Toned & { readonly time: number })[]
  readonly spans?: readonly ChartSpan[]
}

/** Values over session time, such as those of a counter. */
export interface SeriesChart {
  readonly kind: 'series'
  /** What the values are, such as `seq`. */
  readonly label: string
  readonly unit: 'ms' | 'bytes' | 'count'
  readonly points: readonly (Toned & { readonly time: number; readonly value: number })[]
  readonly spans?: readonly ChartSpan[]
}

/** Values on an axis, without time: a dot for each. Durations are drawn on a logarithmic axis. */
export interface ValuesChart {
  readonly kind: 'values'
  readonly unit: 'ms' | 'bytes' | 'count'
  readonly points: readonly (Toned & { readonly value: number })[]
  /** Values with a name, such as a limit or a median. */
  readonly marks?: readonly { readonly value: number; readonly label: string }[]
}

/** Amounts side by side. */
export interface BarsChart {
  readonly kind: 'bars'
  readonly unit: 'ms' | 'bytes' | 'count'
  readonly bars: readonly (Toned & { readonly label: string; readonly value: number })[]
}

export type FindingChart = TimesChart | SeriesChart | ValuesChart | BarsChart
