/** Ours: runs all rules over a session file. */
import { openRecording } from '../../src/session/open-recording.ts'
import { diagnoseRecording } from '../../src/session/report-recording.ts'
import type { Task } from '../harness/contender.ts'
import { Meter } from '../harness/meter.ts'
import { sessionFile } from './session-file.ts'

const { count, size } = JSON.parse(process.argv[2] ?? '') as Task
const path = await sessionFile(count, size)
const meter = new Meter()
meter.start()
const diagnosis = await diagnoseRecording(await openRecording(path))
const findings = diagnosis.findings().length
const measurement = meter.stop(diagnosis.events, { findings })
process.send?.(measurement, undefined, undefined, () => process.exit(0))
