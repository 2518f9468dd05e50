/** Times as people read them. */
import * as l10n from '@vscode/l10n'
import { formatCount, formatDateParts, formatDecimal } from '../../src/shared/text/numbers.ts'

export { formatTick } from '../../src/shared/ticks.ts'

const two = (value: number) => String(value).padStart(2, '0')
const three = (value: number) => String(value).padStart(3, '0')

/** Session time in milliseconds as `mm:ss.mmm`, with hours from one hour on. */
export function formatSessionTime(ms: number): string {
  const whole = Math.max(0, Math.floor(ms))
  const seconds = Math.floor(whole / 1000)
  const hours = Math.floor(seconds / 3600)
  const minutes = Math.floor(seconds / 60) % 60
  const clock = `${two(minutes)}:${two(seconds % 60)}.${three(whole % 1000)}`
  return hours > 0 ? `${hours}:${clock}` : clock
}

/** Milliseconds between two events: with tenths below a second, whole above. Empty if unknown. */
export function formatDelta(ms: number): string {
  if (!Number.isFinite(ms)) return ''
  return ms < 999.95 ? formatDecimal(ms, 1) : formatCount(ms)
}

/** A duration in milliseconds in its two largest units: `2m 13s`, `12 s`, `1.4 s`, `9.8 ms`. */
export function formatDuration(ms: number): string {
  if (!Number.isFinite(ms) || ms < 0) return '0 s'
  if (ms < 1000) return `${formatDecimal(ms, ms < 100 ? 1 : 0)} ms`
  const seconds = ms / 1000
  if (seconds < 10) return `${formatDecimal(Math.floor(seconds * 10) / 10, 1)} s`
  const whole = Math.floor(seconds)
  if (whole < 60) return `${whole} s`
  if (whole < 3600) return `${Math.floor(whole / 60)}m ${whole % 60}s`
  if (whole < 86_400) return `${Math.floor(whole / 3600)}h ${Math.floor(whole / 60) % 60}m`
  return `${Math.floor(whole / 86_400)}d ${Math.floor(whole / 3600) % 24}h`
}

/** The time to an answer in milliseconds, to hundredths of a second if it is long: `40.2 ms`, `1.24 s`. */
export function formatLatency(ms: number): string {
  return ms >= 1000 && ms < 10_000 ? `${formatDecimal(Math.floor(ms / 10) / 100, 2)} s` : formatDuration(ms)
}

/** A round duration, such as a limit, without needless decimals: `5 s`, `250 ms`. */
export function formatRoundDuration(ms: number): string {
  if (ms >= 60_000) return formatDuration(ms)
  const [value, unit] = ms >= 1000 ? [ms / 1000, 's'] : [ms, 'ms']
  return `${Number(value.toPrecision(3))} ${unit}`
}

/** Elapsed time in whole seconds, so that it does not flicker. */
export function formatElapsed(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1000))
  return seconds < 60 ? `${seconds} s` : formatDuration(seconds * 1000)
}

/** Milliseconds below which a waiting time is shown in tenths of a second. */
export const COUNTDOWN = 10_000

/** Remaining time, with tenths of a second in the last ten seconds. */
export function formatCountdown(ms: number): string {
  return ms < COUNTDOWN ? `${formatDecimal(Math.max(0, ms) / 1000, 1)} s` : formatElapsed(ms)
}

/** The local time of an event to the millisecond: `14:02:11.482`. Empty if the start is not a date. */
export function formatClock(startedAt: string, ms: number): string {
  const start = Date.parse(startedAt)
  if (Number.isNaN(start)) return ''
  const at = new Date(start + Math.floor(ms))
  return `${two(at.getHours())}:${two(at.getMinutes())}:${two(at.getSeconds())}.${three(at.getMilliseconds())}`
}

/** The local time of an event to the microsecond: `14:02:11.482 317`. */
export function formatWallClock(startedAt: string, ms: number): string {
  const clock = formatClock(startedAt, ms)
  return clock === '' ? '' : `${clock} ${three(Math.floor((ms - Math.floor(ms)) * 1000))}`
}

/** Milliseconds from one event to another, signed: `+4.2 ms`, `−00:12.040`. */
export function formatOffset(ms: number): string {
  const size = Math.abs(ms)
  const sign = ms < 0 ? '−' : '+'
  return sign + (size < 999.95 ? `${formatDecimal(size, 1)} ms` : formatSessionTime(size))
}

/** The local time at which something started: `11:04`, with the date if it was not today. Empty if it is not a date. */
export function formatStart(startedAt: string, now = new Date()): string {
  const at = new Date(startedAt)
  if (Number.isNaN(at.getTime())) return ''
  const clock = `${two(at.getHours())}:${two(at.getMinutes())}`
  return at.toDateString() === now.toDateString() ? clock : `${formatDate(startedAt)} ${clock}`
}

/** The local date: `2026-11-23`. Empty if it is not a date. */
export function formatDate(startedAt: string): string {
  const at = new Date(startedAt)
  if (Number.isNaN(at.getTime())) return ''
  return `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}`
}

const MINUTE = 60_000
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR

/** How long ago something was, in a few characters: `2 min`, `1 h`, then the day of the week, then the date. */
export function formatAge(at: number, now = Date.now()): string {
  const age = Math.max(0, now - at)
  if (age < MINUTE) return l10n.t('now')
  if (age < HOUR) return l10n.t('{0} min', Math.floor(age / MINUTE))
  if (age < DAY) return l10n.t('{0} h', Math.floor(age / HOUR))
  return formatDateParts(at, age < 7 * DAY ? { weekday: 'short' } : { day: 'numeric', month: 'short' })
}
