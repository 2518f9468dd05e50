/** Ours: the engine with many connections. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { Engine } from '../../src/engine/engine.ts'
import { ConnectionChangesReader } from '../../src/engine/status/connection-changes.ts'
import type { RealtimeEvent } from '../../src/shared/event.ts'
import type { MessageBatch } from '../../src/shared/message-batch.ts'
import { type StatusUpdate, statusBuffers } from '../../src/shared/protocol/status-update.ts'
import { contendWithMany } from '../harness/many-connections.ts'
import { median } from '../harness/statistics.ts'
import { threadTime } from '../harness/timed-slices.ts'

const MB = 1024 * 1024
const folder = mkdtempSync(join(tmpdir(), 'realtime-bench-'))
process.on('exit', () => rmSync(folder, { recursive: true, force: true }))
/** Milliseconds of processor time of each report of the status: reading what has changed, and copying it for another thread. */
let reports: number[] = []
let reading = 0
const { take } = ConnectionChangesReader.prototype
ConnectionChangesReader.prototype.take = function (looks) {
  const begin = threadTime()
  const changes = take.call(this, looks)
  reading = threadTime() - begin
  return changes
}

function copy(update: StatusUpdate): void {
  const begin = threadTime()
  structuredClone(update, { transfer: statusBuffers(update) })
  reports.push(reading + threadTime() - begin)
}

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
  notify: (name, data) => {
    if (name === 'status') copy(data as StatusUpdate)
  },
})

await contendWithMany({
  async open(url, count) {
    const goal = engine.opened + count
    for (let n = 0; n < count; n++)
      engine.handlers.connect({ spec: { url, transport: 'websocket', reconnect: 'never' } })
    while (engine.opened < goal) await delay(5)
  },
  received: () => engine.received,
  extra: () => ({ 'ms a status report': median(reports) }),
  measured: () => {
    reports = []
  },
})
