/** The lines of a session file, each parsed as JSON and dropped. */
import type { Task } from '../harness/contender.ts'
import { parseLines } from '../harness/json-lines.ts'
import { Meter } from '../harness/meter.ts'
import { sessionFile } from './session-file.ts'

const { count, size } = JSON.parse(process.argv[2] ?? '') as Task
const path = await sessionFile(count, size)
const meter = new Meter()
meter.start()
const lines = await parseLines(path)
process.send?.(meter.stop(lines - 1), undefined, undefined, () => process.exit(0))
