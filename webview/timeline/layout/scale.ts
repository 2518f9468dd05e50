/** Ticks of the time axis: round times, far enough apart to be read. */

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
