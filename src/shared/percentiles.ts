import type { Distribution } from './report.ts'

/** By the nearest-rank method, so that each is one of the values. Undefined if there are none. */
export function percentilesOf(values: Float64Array): Distribution | undefined {
  if (values.length === 0) return undefined
  const sorted = values.slice().sort()
  const at = (share: number) => sorted[Math.max(Math.ceil(share * sorted.length) - 1, 0)] ?? 0
  return { p50: at(0.5), p95: at(0.95), p99: at(0.99), max: sorted.at(-1) ?? 0 }
}
