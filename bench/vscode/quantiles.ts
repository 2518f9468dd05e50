/** Quantiles of many values, given one by one or counted in bins. */

export interface Histogram {
  /** Width of a bin. */
  readonly bin: number
  readonly counts: readonly number[]
}

/** The upper edge of the bin below which that share of all values lies. */
export function quantileOf({ bin, counts }: Histogram, share: number): number {
  const total = counts.reduce((sum, count) => sum + count, 0)
  let seen = 0
  for (const [i, count] of counts.entries()) {
    seen += count
    if (seen > 0 && seen >= share * total) return (i + 1) * bin
  }
  return Number.NaN
}

/** The value at or below which that share of all values lies. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? Number.NaN
}
