/** Ours: the engine with many long polls. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Engine } from '../../src/engine/engine.ts'
import type { RealtimeEvent } from '../../src/shared/event.ts'
import { contendWithPolls } from '../harness/many-polls.ts'

const MB = 1024 * 1024
const folder = mkdtempSync(join(tmpdir(), 'realtime-bench-'))
process.on('exit', () => rmSync(folder, { recursive: true, force: true }))

class CountedEngine extends Engine {
  sent = 0
  answered = 0

  override append(event: RealtimeEvent): boolean {
    if (event.type === 'request') this.sent++
    else if (event.type === 'response') this.answered++
    else if (event.type === 'error') throw new Error(event.message)
    return super.append(event)
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

await contendWithPolls({
  poll(url, count) {
    for (let n = 0; n < count; n++)
      engine.handlers.connect({ spec: { url, transport: 'long-poll', reconnect: 'never', interval: 0 } })
  },
  sent: () => engine.sent,
  answered: () => engine.answered,
})
