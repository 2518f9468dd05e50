/** Ours: the engine with many connections. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { Engine } from '../../src/engine/engine.ts'
import type { RealtimeEvent } from '../../src/shared/event.ts'
import type { MessageBatch } from '../../src/shared/message-batch.ts'
import { contendWithMany } from '../harness/many-connections.ts'

const MB = 1024 * 1024
const folder = mkdtempSync(join(tmpdir(), 'realtime-bench-'))
process.on('exit', () => rmSync(folder, { recursive: true, force: true }))
class CountedEngine extends Engine {
  opened = 0
  received = 0

  override append(event: RealtimeEvent): boolean {
    if (event.type === 'open') this.opened++
    return super.append(event)
  }

  override appendBatch(connection: number, batch: MessageBatch): boolean {
    this.received += batch.count
    return super.appendBatch(connection, batch)
  }
}

const engine = new CountedEngine({
  directory: join(folder, 'capture'),
  network: { noProxy: '*' },
  settings: {
    memoryLimit: 64 * MB,
    spoolLimit: 4096 * MB,
    maxEvents: 10_000_000,
    maxMessageSize: 64 * MB,
  },
  notify: () => {},
})

await contendWithMany({
  async open(url, count) {
    const goal = engine.opened + count
    for (let n = 0; n < count; n++)
      engine.handlers.connect({ spec: { url, transport: 'websocket', reconnect: 'never' } })
    while (engine.opened < goal) await delay(5)
  },
  received: () => engine.received,
})
