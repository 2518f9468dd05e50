/** Numbers of events as filters write them: `3,17..19`. */
import type { NumberRange } from './syntax.ts'

/** One number or a range of at most nine digits. */
const PART = /^(\d{1,9})(?:\.\.(\d{1,9}))?$/

/** The ranges in ascending order; undefined if the text is something else. */
export function parseNumberRanges(text: string): readonly NumberRange[] | undefined {
  const ranges: NumberRange[] = []
  for (const part of text.split(',')) {
    const [, from, to = from] = PART.exec(part) ?? []
    if (from === undefined || to === undefined || Number(to) < Number(from)) return undefined
    ranges.push({ from: Number(from), to: Number(to) })
  }
  return ranges.sort((one, other) => one.from - other.from)
}

/** Numbers as the value of the field `number`: successive ones become a range. */
export function formatNumbers(numbers: readonly number[]): string {
  const ranges: { from: number; to: number }[] = []
  for (const number of [...new Set(numbers)].sort((one, other) => one - other)) {
    const last = ranges.at(-1)
    if (last !== undefined && number === last.to + 1) last.to = number
    else ranges.push({ from: number, to: number })
  }
  return ranges
    .map(({ from, to }) =>
      to === from ? String(from) : to === from + 1 ? `${from},${to}` : `${from}..${to}`,
    )
    .join(',')
}

/** Whether a number is in one of the ranges, which are in ascending order. */
export function isInRanges(number: number, ranges: readonly NumberRange[]): boolean {
  for (const { from, to } of ranges) {
    if (number < from) return false
    if (number <= to) return true
  }
  return false
}
