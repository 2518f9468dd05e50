/** Ours: what a capture holds in memory for each event beside its fixed part. */

import { contend } from '../harness/contender.ts'
import { fillCapture } from '../harness/filled-capture.ts'

const MB = 1024 * 1024
const FIXED = 64 * MB

await contend(async (_url, count, { size }) => {
  global.gc?.()
  const before = process.memoryUsage().rss
  const filled = fillCapture(count, size, { memoryLimit: FIXED, maxEvents: count + 1 })
  global.gc?.()
  const { rss } = process.memoryUsage()
  filled.remove()
  const bytes = (rss - before - Math.min(FIXED, count * size)) / count
  return { count, extra: { 'B/event': bytes, 'MB process': rss / 1e6 } }
})
