/** Ours: opens a session file until all of it can be listed. */
import { openRecording } from '../../src/session/open-recording.ts'
import { indexAll } from '../../src/session/recording-file.ts'
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
const file = await openRecording(path)
await file.indexNext()
const { log } = file
const rows = log.columns(0, ROWS)
for (let index = 0; index < rows.count; index++) log.payload(index, ROWS)
const first = performance.now() - started
await indexAll(file)
const measurement = meter.stop(log.count)
if (log.count !== count) throw new Error(`The file has ${log.count} events instead of ${count}.`)
global.gc?.()
const extra = { 'first rows ms': first, 'B/event': (process.memoryUsage().rss - before) / count }
file.close()
process.send?.({ ...measurement, extra }, undefined, undefined, () => process.exit(0))
