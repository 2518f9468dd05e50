/** The lines of a session file, each parsed as JSON and dropped. */
import { createReadStream } from 'node:fs'
import type { Task } from '../harness/contender.ts'
import { Meter } from '../harness/meter.ts'
import { sessionFile } from './session-file.ts'

const { count, size } = JSON.parse(process.argv[2] ?? '') as Task
const path = await sessionFile(count, size)
const meter = new Meter()
meter.start()
let lines = 0
let rest = ''
for await (const chunk of createReadStream(path, { encoding: 'utf8', highWaterMark: 1024 * 1024 })) {
  const parts = (rest + chunk).split('\n')
  rest = parts.pop() ?? ''
  for (const line of parts) if (JSON.parse(line) !== null) lines++
}
process.send?.(meter.stop(lines - 1), undefined, undefined, () => process.exit(0))
