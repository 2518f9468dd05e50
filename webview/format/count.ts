/** Counts and sizes as people read them. */
import { byteCount, formatCount } from '../../src/shared/text/quantities.ts'

export { formatCount, plural } from '../../src/shared/text/quantities.ts'

/** Bytes on one line: `388 B`, `16.4 kB`. */
export function formatBytes(bytes: number): string {
  return byteCount(bytes).replace(' ', '\u00a0')
}

/** Events a second: `412/s`, `0.5/s`. */
export function formatRate(rate: number): string {
  return `${rate > 0 && rate < 10 ? Number(rate.toFixed(1)) : formatCount(rate)}/s`
}

/** Length of the bar for a size, 0 to 1, logarithmic: 16 MiB fills it. */
export function sizeBar(bytes: number): number {
  return bytes <= 0 ? 0 : Math.min(1, Math.max(0.04, (Math.log2(bytes) - 3) / 21))
}
