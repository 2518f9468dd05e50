/** Small text charts. */
import { largest } from '../../shared/numbers.ts'

const BLOCKS = ' ▁▂▃▄▅▆▇█'
const EIGHTHS = ['', '▏', '▎', '▍', '▌', '▋', '▊', '▉']

/** One character for each value, as high as its share of the largest. A value above 0 is never blank. */
export function sparkline(values: readonly number[]): string {
  const most = largest(values, 1)
  return values.map((value) => BLOCKS.charAt(Math.ceil((value / most) * (BLOCKS.length - 1)))).join('')
}

/** A bar of at most `room` cells, in steps of an eighth of a cell. */
export function bar(value: number, most: number, room: number): string {
  const eighths = Math.ceil((value / Math.max(most, 1)) * room * 8)
  return '█'.repeat(Math.floor(eighths / 8)) + (EIGHTHS[eighths % 8] ?? '')
}

/** Adds up neighbours so that at most `count` values are left. */
export function condense(values: readonly number[], count: number): number[] {
  const each = Math.ceil(values.length / count)
  const sums: number[] = []
  for (let from = 0; from < values.length; from += each)
    sums.push(values.slice(from, from + each).reduce((sum, value) => sum + value, 0))
  return sums
}
