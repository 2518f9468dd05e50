/** Times as people read them. */

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
  return ms < 1000 ? ms.toFixed(1) : String(Math.round(ms)).replace(/\B(?=(\d{3})+$)/g, '\u00a0')
}

/** A duration in milliseconds in its two largest units: `2m 13s`, `12 s`, `1.4 s`, `9.8 ms`. */
export function formatDuration(ms: number): string {
  if (!Number.isFinite(ms) || ms < 0) return '0 s'
  if (ms < 1000) return `${ms < 100 ? ms.toFixed(1) : Math.round(ms)} ms`
  const seconds = ms / 1000
  if (seconds < 10) return `${(Math.floor(seconds * 10) / 10).toFixed(1)} s`
  const whole = Math.floor(seconds)
  if (whole < 60) return `${whole} s`
  if (whole < 3600) return `${Math.floor(whole / 60)}m ${whole % 60}s`
  if (whole < 86_400) return `${Math.floor(whole / 3600)}h ${Math.floor(whole / 60) % 60}m`
  return `${Math.floor(whole / 86_400)}d ${Math.floor(whole / 3600) % 24}h`
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
  return ms < COUNTDOWN ? `${(Math.max(0, ms) / 1000).toFixed(1)} s` : formatElapsed(ms)
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
  return sign + (size < 999.95 ? `${size.toFixed(1)} ms` : formatSessionTime(size))
}

/** The local time at which something started: `11:04`, with the date if it was not today. Empty if it is not a date. */
export function formatStart(startedAt: string, now = new Date()): string {
  const at = new Date(startedAt)
  if (Number.isNaN(at.getTime())) return ''
  const clock = `${two(at.getHours())}:${two(at.getMinutes())}`
  if (at.toDateString() === now.toDateString()) return clock
  return `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())} ${clock}`
}

/** A time on the axis: `02:05.1`, with as many digits as the step needs, and hours from one hour on. */
export function formatTick(time: number, step: number): string {
  const digits = step >= 1000 ? 0 : Math.min(5, Math.ceil(-Math.log10(step / 1000) - 1e-9))
  const hours = Math.floor(time / 3_600_000)
  const minutes = Math.floor(time / 60_000) % 60
  const seconds = ((time / 1000) % 60).toFixed(digits).padStart(digits === 0 ? 2 : digits + 3, '0')
  const clock = `${String(minutes).padStart(2, '0')}:${seconds}`
  return hours === 0 ? clock : `${hours}:${clock}`
}
