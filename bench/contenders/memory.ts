/** Ours: the memory that a capture takes for each event, besides its fixed part. */
import type { Task } from '../harness/contender.ts'
import { fillCapture } from '../harness/filled-capture.ts'
import { Meter } from '../harness/meter.ts'

const FIXED = 64 * 1024 * 1024

const { count, size } = JSON.parse(process.argv[2] ?? '') as Task
global.gc?.()
const before = process.memoryUsage().arrayBuffers
const meter = new Meter()
meter.start()
const filled = fillCapture(count, size, { memoryLimit: FIXED })
const measurement = meter.stop(count)
global.gc?.()
const { arrayBuffers, rss } = process.memoryUsage()
filled.remove()
const extra = { 'B/event': (arrayBuffers - before - FIXED) / count, 'MB process': rss / 1e6 }
process.send?.({ ...measurement, extra }, undefined, undefined, () => process.exit(0))
