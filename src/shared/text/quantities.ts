/** Formats sizes, durations and counts for sentences and the terminal. */

import { formatCount, formatDecimal } from './numbers.ts'

export { formatCount } from './numbers.ts'

const UNITS = ['kB', 'MB', 'GB', 'TB']

/** Bytes: `12 B`, `16.4 kB`, `120 kB` (1 kB is 1000 bytes, as in filters). */
export function byteCount(bytes: number): string {
  if (bytes < 0) return `-${byteCount(-bytes)}`
  if (bytes < 1000) return `${bytes} B`
  let value = bytes
  let unit = -1
  do {
    value /= 1000
    unit++
    // 999.95 would be written as 1000.0 or 1000.
  } while (value >= 999.5 && unit < UNITS.length - 1)
  return `${formatDecimal(value, value < 99.95 ? 1 : 0)} ${UNITS[unit] ?? ''}`
}

/** Events a second: `412/s`, `0.5/s`. */
export function formatRate(rate: number): string {
  const isSmall = rate > 0 && rate < 9.95
  return `${isSmall ? formatDecimal(rate, Number(rate.toFixed(1)) % 1 === 0 ? 0 : 1) : formatCount(rate)}/s`
}

/** Milliseconds: `12 ms`, `3.4 s`, `2 min 5 s`. */
export function timeSpan(ms: number): string {
  if (ms < 999.5) return `${Math.round(ms)} ms`
  if (ms < 59_950) return `${formatDecimal(ms / 1000, 1)} s`
  const seconds = Math.round(ms / 1000)
  return `${Math.floor(seconds / 60)} min ${seconds % 60} s`
}

/** As `timeSpan`, with two decimals below 10 ms: `0.42 ms`. */
export function preciseSpan(ms: number): string {
  return ms < 10 ? `${Math.round(ms * 100) / 100} ms` : timeSpan(ms)
}

/** As `timeSpan`, without a decimal that is zero: `5 s`, `2.5 s`, `1 min`. */
export function shortSpan(ms: number): string {
  return Number.isInteger(ms / 60_000) && ms > 0
    ? `${ms / 60_000} min`
    : Math.round(ms / 100) % 10 === 0 && ms >= 999.5 && ms < 59_950
      ? `${Math.round(ms / 1000)} s`
      : timeSpan(ms)
}

const DAY = 24 * 60 * 60 * 1000

/** As `timeSpan`, in whole days from a day on: `14 days`. */
export function longSpan(ms: number): string {
  return ms < DAY ? timeSpan(ms) : plural(Math.round(ms / DAY), 'day')
}

/** `1 event`, `12 events`. */
export function plural(count: number, one: string, many = `${one}s`): string {
  return `${formatCount(count)} ${nounFor(count, one, many)}`
}

/** The noun that follows a count: `event` for 1, `events` for any other. */
export function nounFor(count: number, one: string, many = `${one}s`): string {
  return count === 1 ? one : many
}
