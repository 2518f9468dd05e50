/** Results as text: a table for each variant, and its targets. */
import { median, spread } from './statistics.ts'
import type { Case, Measurement, Target, Variant } from './types.ts'

/** All rounds of one variant, by contender. */
export interface Result {
  readonly variant: Variant
  readonly rounds: ReadonlyMap<string, readonly Measurement[]>
}

export interface Verdict {
  readonly target: Target
  /** A ratio, or the measured value if the target is absolute. */
  readonly measured: number
  readonly verdict: 'goal' | 'floor' | 'MISSED' | 'not measured'
}

export function rate({ count, seconds }: Measurement): number {
  return count / seconds
}

/** The result for each target: the median over the rounds of the value, or of the ratio within a round. */
export function judge({ variant, rounds }: Result): Verdict[] {
  return variant.targets.map((target) => {
    const measured = measure(target, rounds)
    return { target, measured, verdict: verdictOf(target, measured) }
  })
}

function measure(target: Target, rounds: Result['rounds']): number {
  const figure = target.figure ?? rate
  const ours = (rounds.get(target.of) ?? []).map(figure)
  if (target.absolute !== undefined) return median(ours)
  const theirs = (rounds.get(target.against) ?? []).map(figure)
  return median(ours.slice(0, theirs.length).map((value, round) => value / (theirs[round] ?? Number.NaN)))
}

function verdictOf({ floor, goal, absolute }: Target, measured: number): Verdict['verdict'] {
  if (Number.isNaN(measured)) return 'not measured'
  const meets = (bound: number) => (absolute === 'at most' ? measured <= bound : measured >= bound)
  if (goal !== undefined && meets(goal)) return 'goal'
  return meets(floor) ? 'floor' : 'MISSED'
}

export function formatResult(title: Case['title'], result: Result): string {
  const { variant, rounds } = result
  const head = ['', `${variant.unit}/s`, '±', 'µs CPU each', 'peak memory', 'longest stall', '']
  const rows = variant.contenders.flatMap(({ name }) => {
    const measurements = rounds.get(name) ?? []
    return measurements.length === 0 ? [[name, 'failed']] : [formatRow(name, measurements)]
  })
  const verdicts = judge(result).map((each) => `  ${formatVerdict(each)}`)
  return [`\n${title}, ${variant.label}`, formatTable([head, ...rows]), ...verdicts].join('\n')
}

function formatRow(name: string, measurements: readonly Measurement[]): string[] {
  const of = (figure: (measurement: Measurement) => number) => median(measurements.map(figure))
  const rates = measurements.map(rate)
  const stalls = measurements.map(({ stall }) => stall).filter((stall) => stall !== undefined)
  return [
    name,
    formatNumber(median(rates)),
    measurements.length < 2 ? '' : `${(100 * spread(rates)).toFixed(0)}%`,
    of(({ cpuSeconds, count }) => (1e6 * cpuSeconds) / count).toFixed(2),
    `${(of(({ peakMemory }) => peakMemory) / 1e6).toFixed(0)} MB`,
    stalls.length === 0 ? '' : `${median(stalls).toFixed(0)} ms`,
    formatExtra(measurements),
  ]
}

function formatExtra(measurements: readonly Measurement[]): string {
  const names = Object.keys(measurements[0]?.extra ?? {})
  return names
    .map((name) => `${name} ${formatNumber(median(measurements.map(({ extra }) => extra?.[name] ?? 0)))}`)
    .join(', ')
}

function formatVerdict({ target, measured, verdict }: Verdict): string {
  const { of, against, floor, goal, called, absolute } = target
  const what = absolute === undefined ? `${of} / ${against}` : `${of}:`
  const bounds = `floor ${floor}${goal === undefined ? '' : `, goal ${goal}`}`
  return `${what}${called === undefined ? '' : ` ${called}`} ${formatNumber(measured)}  (${bounds})  ${verdict}`
}

function formatNumber(value: number): string {
  if (Math.abs(value) < 10) return value.toFixed(2)
  return value < 1000 ? value.toFixed(1) : Math.round(value).toLocaleString('en')
}

function formatTable(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)))
  return rows
    .map((row) =>
      row
        .map((cell, column) =>
          column === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[column] ?? 0),
        )
        .join('  ')
        .trimEnd(),
    )
    .map((line) => `  ${line}`)
    .join('\n')
}
