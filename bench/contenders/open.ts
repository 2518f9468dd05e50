/** Ours: opens a session file until all of it can be listed. */
import { FileLog } from '../../src/session/file-log.ts'
import type { Task } from '../harness/contender.ts'
import { Meter } from '../harness/meter.ts'
import { sessionFile } from './session-file.ts'

const ROWS = 200

const { count, size } = JSON.parse(process.argv[2] ?? '') as Task
const path = await sessionFile(count, size)
global.gc?.()
const before = process.memoryUsage().rss
const meter = new Meter()
meter.start()
const started = performance.now()
const { log, whole } = await FileLog.open(path)
const rows = log.columns(0, ROWS)
for (let index = 0; index < rows.count; index++) log.payload(index, ROWS)
const first = performance.now() - started
await whole
const measurement = meter.stop(log.count)
if (log.count !== count) throw new Error(`There are ${log.count} events.`)
global.gc?.()
const extra = { 'first rows ms': first, 'B/event': (process.memoryUsage().rss - before) / count }
log.close()
process.send?.({ ...measurement, extra }, undefined, undefined, () => process.exit(0))
