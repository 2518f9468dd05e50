/** Parses each line of a file as JSON, and drops it. */
import { createReadStream } from 'node:fs'

/** Resolves with the number of lines. */
export async function parseLines(path: string): Promise<number> {
  let lines = 0
  let rest = ''
  for await (const chunk of createReadStream(path, { encoding: 'utf8', highWaterMark: 1024 * 1024 })) {
    const parts = (rest + chunk).split('\n')
    rest = parts.pop() ?? ''
    for (const line of parts) if (JSON.parse(line) !== null) lines++
  }
  return lines
}
