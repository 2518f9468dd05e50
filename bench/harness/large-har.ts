/** A HAR of several WebSockets, written once for all runs. */
import { existsSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { CACHE } from '../../scripts/paths.ts'
import type { Recording } from '../../src/capture/recording.ts'
import { writeRecording } from '../../src/session/write-recording.ts'
import type { RealtimeEvent } from '../../src/shared/event.ts'
import { payload } from '../load/payloads.ts'

export const CONNECTIONS = 10
/** Events before the messages and after them. */
export const STEPS = 3 * CONNECTIONS
const BATCH = 1000

/** The file with `count` messages of `size` bytes, in turn over the connections. */
export async function largeHar(count: number, size: number): Promise<string> {
  const folder = join(CACHE, 'bench')
  const path = join(folder, `${count}-messages-of-${size}-on-${CONNECTIONS}.har`)
  if (existsSync(path)) return path
  mkdirSync(folder, { recursive: true })
  const recording: Recording = {
    startedAt: new Date('2026-12-01T00:00:00Z'),
    async *events() {
      let batch: RealtimeEvent[] = []
      for (const event of eventsOf(count, size)) {
        batch.push(event)
        if (batch.length < BATCH) continue
        yield batch
        batch = []
      }
      yield batch
    },
  }
  await writeRecording(recording, path)
  return path
}

function* eventsOf(count: number, size: number): Generator<RealtimeEvent> {
  const connections = Array.from({ length: CONNECTIONS }, (_, index) => index + 1)
  const url = 'wss://feed.example/ticks'
  for (const connection of connections) {
    yield { type: 'connect', connection, time: 0, url, transport: 'websocket', attempt: 0, headers: {} }
    yield { type: 'open', connection, time: 1, transport: 'websocket', status: 101, headers: {} }
  }
  for (let n = 0; n < count; n++) {
    const connection = 1 + (n % CONNECTIONS)
    yield {
      ...{ type: 'message', connection, time: 2 + n / 100, direction: 'in', payload: payload(n, size) },
      ...{ wireSize: size + 2, opcode: 'text', frames: 1, compressed: false },
    }
  }
  for (const connection of connections)
    yield { type: 'close', connection, time: 3 + count / 100, by: 'server', code: 1000 }
}
