/** Writes the session file that the contenders open, once for all runs. */
import { once } from 'node:events'
import { createWriteStream, existsSync, mkdirSync, renameSync } from 'node:fs'
import { join } from 'node:path'
import { CACHE } from '../../scripts/paths.ts'
import { formatHeader, formatLine } from '../../src/session/line.ts'
import { openRecording } from '../../src/session/open-recording.ts'
import { writeRecording } from '../../src/session/write-recording.ts'
import { payload } from '../load/payloads.ts'

export async function sessionFile(count: number, size: number): Promise<string> {
  const folder = join(CACHE, 'bench')
  const path = join(folder, `${count}-events-of-${size}.rtsession`)
  if (existsSync(path)) return path
  mkdirSync(folder, { recursive: true })
  const stream = createWriteStream(`${path}.partial`)
  stream.write(`${formatHeader(new Date(), 'realtime-inspector bench')}\n`)
  for (let n = 0; n < count; n++) {
    const line = formatLine({
      ...{ type: 'message', connection: 1, time: n / 100, direction: 'in', payload: payload(n, size) },
      ...{ wireSize: size + 2, opcode: 'text', frames: 1, compressed: false },
    })
    if (!stream.write(`${line}\n`)) await once(stream, 'drain')
  }
  stream.end()
  await once(stream, 'close')
  renameSync(`${path}.partial`, path)
  return path
}

/** The session file, or the HAR that it is converted to, once for all runs. */
export async function convertedFile(count: number, size: number, format: string): Promise<string> {
  const session = await sessionFile(count, size)
  if (format === 'rtsession') return session
  const path = `${session.slice(0, -'rtsession'.length)}${format}`
  if (!existsSync(path)) await writeRecording(await openRecording(session), path)
  return path
}
