/** Ours: converts a session file, or the HAR of it. */
import { rmSync } from 'node:fs'
import { openRecording } from '../../src/session/open-recording.ts'
import { writeRecording } from '../../src/session/write-recording.ts'
import type { Task } from '../harness/contender.ts'
import { Meter } from '../harness/meter.ts'
import { convertedFile } from './session-file.ts'

const { url, count, size } = JSON.parse(process.argv[2] ?? '') as Task
const { searchParams } = new URL(url)
const from = await convertedFile(count, size, searchParams.get('from') ?? '')
const to = `${from}.${process.pid}.${searchParams.get('to')}`
const meter = new Meter()
meter.start()
const { events, withoutPayload = 0 } = await writeRecording(await openRecording(from), to)
const measurement = meter.stop(events)
rmSync(to)
if (events !== count || withoutPayload > 0) throw new Error(`${events} of ${count} messages were converted.`)
process.send?.(measurement, undefined, undefined, () => process.exit(0))
