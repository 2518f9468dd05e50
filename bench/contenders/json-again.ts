/** The lines of a session file, or a HAR as a whole: parsed as JSON, formatted again, and written. */
import { createReadStream, createWriteStream, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { finished } from 'node:stream/promises'
import type { Task } from '../harness/contender.ts'
import { Meter } from '../harness/meter.ts'
import { convertedFile } from './session-file.ts'

const { url, count, size } = JSON.parse(process.argv[2] ?? '') as Task
const format = new URL(url).searchParams.get('from') ?? ''
const from = await convertedFile(count, size, format)
const to = `${from}.${process.pid}.json`
const meter = new Meter()
meter.start()
if (format === 'har') writeFileSync(to, JSON.stringify(JSON.parse(readFileSync(from, 'utf8'))))
else await formatLines()
const measurement = meter.stop(count)
rmSync(to)
process.send?.(measurement, undefined, undefined, () => process.exit(0))

async function formatLines(): Promise<void> {
  const stream = createWriteStream(to)
  let rest = ''
  for await (const chunk of createReadStream(from, { encoding: 'utf8', highWaterMark: 1024 * 1024 })) {
    const lines = (rest + chunk).split('\n')
    rest = lines.pop() ?? ''
    stream.write(lines.map((line) => `${JSON.stringify(JSON.parse(line))}\n`).join(''))
  }
  stream.end()
  await finished(stream)
}
