/** Ours: opens a HAR and reads all its events as a stream. */
import { statSync } from 'node:fs'
import { openRecording } from '../../src/session/open-recording.ts'
import type { Task } from '../harness/contender.ts'
import { STEPS } from '../harness/large-har.ts'
import { Meter } from '../harness/meter.ts'

const { url, count, size } = JSON.parse(process.argv[2] ?? '') as Task
const path = new URL(url).searchParams.get('file') ?? ''
const meter = new Meter()
meter.start()
let events = 0
let bytes = 0
const begin = performance.now()
const recording = await openRecording(path)
const opened = performance.now() - begin
for await (const batch of recording.events())
  for (const event of batch) {
    events++
    if (event.type === 'message') bytes += event.payload.length
  }
recording.close()
const extra = { 's to open': opened / 1000, 'MiB of the file': statSync(path).size / 1024 / 1024 }
const measurement = meter.stop(events, extra)
if (events !== count + STEPS || bytes !== count * size) throw new Error(`${events} events were read.`)
process.send?.(measurement, undefined, undefined, () => process.exit(0))
