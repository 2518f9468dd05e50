/** The session file of a WebSocket that only receives, written once for all runs. */
import { once } from 'node:events'
import { createWriteStream, existsSync, mkdirSync, renameSync } from 'node:fs'
import { join } from 'node:path'
import { CACHE } from '../../scripts/paths.ts'
import { formatHeader, formatLine } from '../../src/session/line.ts'
import type { RealtimeEvent } from '../../src/shared/event.ts'
import { payload } from '../load/payloads.ts'

/** Events beside the messages. */
export const LIFECYCLE = 3

/** The payloads of message `n`; none leaves it out. */
type PayloadsOf = (n: number) => readonly Uint8Array[]

function* eventsOf(count: number, size: number, payloadsOf: PayloadsOf): Generator<RealtimeEvent> {
  const connection = 1
  const transport = 'websocket'
  const url = 'ws://127.0.0.1:8080/feed'
  yield { type: 'connect', connection, time: 0, transport, url, attempt: 0 }
  const headers = { upgrade: 'websocket', connection: 'Upgrade' }
  yield { type: 'open', connection, time: 1, transport, status: 101, headers, httpVersion: '1.1' }
  for (let n = 0; n < count; n++)
    for (const each of payloadsOf(n))
      yield {
        ...{ type: 'message', connection, time: 1 + n / 100, direction: 'in', payload: each },
        ...{ wireSize: size + 2, opcode: 'text', frames: 1, compressed: false },
      }
  yield { type: 'close', connection, time: 1 + count / 100, code: 1000, by: 'client' }
}

/** Resolves with its path. A file with other payloads than those of `payload` has a name of its own. */
export async function recordedSocket(
  count: number,
  size: number,
  name = 'socket',
  payloadsOf: PayloadsOf = (n) => [payload(n, size)],
): Promise<string> {
  const folder = join(CACHE, 'bench')
  const path = join(folder, `${name}-${count}-of-${size}.rtsession`)
  if (existsSync(path)) return path
  mkdirSync(folder, { recursive: true })
  const stream = createWriteStream(`${path}.partial`)
  stream.write(`${formatHeader(new Date(), 'realtime-inspector bench')}\n`)
  for (const event of eventsOf(count, size, payloadsOf))
    if (!stream.write(`${formatLine(event)}\n`)) await once(stream, 'drain')
  stream.end()
  await once(stream, 'close')
  renameSync(`${path}.partial`, path)
  return path
}
