/** Scales of the charts of findings: where a value is, and the round values on an axis. */
import { formatBytes, formatCount } from '../../format/count.ts'
import { formatLatency, formatRoundDuration } from '../../format/time.ts'

export type Unit = 'ms' | 'bytes' | 'count'

const FORMATS: Readonly<Record<Unit, (value: number) => string>> = {
  ms: (value) => formatLatency(value),
  bytes: formatBytes,
  count: (value) => (Number.isInteger(value) ? formatCount(value) : value.toPrecision(3)),
}

export function formatValue(value: number, unit: Unit): string {
  return FORMATS[unit](value)
}

/** A round value on an axis, without needless decimals. */
function formatRound(value: number, unit: Unit): string {
  return unit === 'ms' ? formatRoundDuration(value) : formatValue(value, unit)
}

export interface Scale {
  /** Position of a value from 0 to 1. */
  place(value: number): number
  readonly ticks: readonly { readonly at: number; readonly label: string }[]
}

/** Least and largest of some values; undefined if there are none. */
export function rangeOf(values: readonly number[]): readonly [least: number, most: number] | undefined {
  const finite = values.filter(Number.isFinite)
  if (finite.length === 0) return undefined
  return finite.reduce<readonly [number, number]>(
    ([least, most], value) => [Math.min(least, value), Math.max(most, value)],
    [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY],
  )
}

/** Share of an axis that is left free at each end, so that marks are not cut. */
const PADDING = 0.06

/** An axis with equal distances. It starts at 0 if the values are not much further from 0 than from each other. */
export function linearScale(values: readonly number[], unit: Unit, most: number): Scale {
  const [least, largest] = rangeOf(values) ?? [0, 1]
  const from = least >= 0 && least < largest / 2 ? 0 : least
  const span = largest - from || Math.max(1, Math.abs(largest) / 10)
  const start = from === 0 ? 0 : from - span * PADDING
  const whole = span * (1 + (from === 0 ? PADDING : 2 * PADDING))
  const step = roundStep(whole / most, unit === 'count')
  const first = Math.ceil(start / step)
  const last = Math.floor((start + whole) / step)
  const place = (value: number) => (value - start) / whole
  return { place, ticks: tickRange(first, last).map((nth) => tick(nth * step, unit, place)) }
}

/** The least value of a logarithmic axis that is told from 0. */
const LEAST = 0.01

/** An axis on which each power of ten has the same length. */
export function logScale(values: readonly number[], unit: Unit): Scale {
  const [least, largest] = rangeOf(values.map((value) => Math.max(LEAST, value))) ?? [1, 10]
  const low = Math.log10(least)
  const span = Math.log10(largest) - low || 1
  const start = low - (span === 1 ? 0.5 : span * PADDING)
  const whole = span * (1 + 2 * PADDING)
  const place = (value: number) => (Math.log10(Math.max(LEAST, value)) - start) / whole
  const powers = tickRange(Math.ceil(start), Math.floor(start + whole))
  // Without two powers of ten, there is nothing to compare with.
  const parts = powers.length >= 2 ? [1] : [1, 2, 5]
  const round = tickRange(Math.floor(start), Math.ceil(start + whole)).flatMap((power) =>
    parts.map((part) => part * 10 ** power),
  )
  const inside = round.filter((value) => place(value) >= 0 && place(value) <= 1)
  return { place, ticks: inside.map((value) => tick(value, unit, place)) }
}

function tick(value: number, unit: Unit, place: (value: number) => number) {
  return { at: place(value), label: formatRound(value, unit) }
}

function tickRange(first: number, last: number): number[] {
  return Array.from({ length: Math.max(0, last - first + 1) }, (_, at) => first + at)
}

/** The next larger 1, 2 or 5 times a power of ten. */
function roundStep(least: number, isWhole: boolean): number {
  const power = 10 ** Math.floor(Math.log10(least))
  const step = [1, 2, 5, 10].map((part) => part * power).find((each) => each >= least) ?? 10 * power
  return isWhole ? Math.max(1, Math.round(step)) : step
}
