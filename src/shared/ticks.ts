/** Round times on an axis. */

/** Milliseconds between ticks: round times. */
const STEPS = [
  0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000, 15_000,
  30_000, 60_000, 120_000, 300_000, 600_000, 900_000, 1_800_000, 3_600_000, 7_200_000, 14_400_000, 28_800_000,
  86_400_000,
]

/** Milliseconds between two ticks that are at least `minPixels` apart. */
export function stepFor(span: number, width: number, minPixels: number): number {
  const least = (span / Math.max(1, width)) * minPixels
  return STEPS.find((step) => step >= least) ?? Math.ceil(least / 86_400_000) * 86_400_000
}

/** The ticks in [from, to], ascending. */
export function ticks(from: number, to: number, step: number): number[] {
  const first = Math.ceil(from / step)
  const count = Math.max(0, Math.floor(to / step) - first + 1)
  return Array.from({ length: count }, (_, i) => (first + i) * step)
}

/** A time on the axis: `02:05.1`, with as many digits as the step needs, and hours from one hour on. */
export function formatTick(time: number, step: number): string {
  const digits = step >= 1000 ? 0 : Math.min(5, Math.ceil(-Math.log10(step / 1000) - 1e-9))
  // Rounded as a whole: 59.7 s in whole seconds are 01:00, not 00:60.
  const perSecond = 10 ** digits
  const rounded = Math.round((time / 1000) * perSecond)
  const seconds = ((rounded % (60 * perSecond)) / perSecond)
    .toFixed(digits)
    .padStart(digits === 0 ? 2 : digits + 3, '0')
  const minutes = Math.floor(rounded / (60 * perSecond))
  const hours = Math.floor(minutes / 60)
  const clock = `${String(minutes % 60).padStart(2, '0')}:${seconds}`
  return hours === 0 ? clock : `${hours}:${clock}`
}
