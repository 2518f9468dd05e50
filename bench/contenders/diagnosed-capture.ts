/** Ours: the engine at 20,000 messages a second. Reports how much of its processor time the rules take. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Engine } from '../../src/engine/engine.ts'
import type { Task } from '../harness/contender.ts'
import { Meter } from '../harness/meter.ts'
import { startPacedLoad } from '../harness/paced.ts'
import { sliceTime, threadTime } from '../harness/timed-slices.ts'

const MB = 1024 * 1024
const RATE = 20_000
/** Seconds after which the rules are compiled, and milliseconds for the last slices. */
const WARM_UP = 3
const LAST = 500

const { count, size } = JSON.parse(process.argv[2] ?? '') as Task
const folder = mkdtempSync(join(tmpdir(), 'realtime-bench-'))
const engine = new Engine({
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
const load = await startPacedLoad()

async function capture(seconds: number): Promise<void> {
  const before = load.sent.length
  const url = load.url({ rate: RATE, seconds, size })
  engine.handlers.connect({ spec: { url, transport: 'websocket', reconnect: 'never' } })
  await load.over(before + 1)
  await new Promise((resolve) => setTimeout(resolve, LAST))
}

await capture(WARM_UP)
const [slices, thread] = [sliceTime(), threadTime()]
const meter = new Meter()
meter.start()
await capture(count / RATE)
const spent = sliceTime() - slices
const diagnosis = spent / (threadTime() - thread - spent)
const { skipped } = await engine.handlers.findings(null)
const measurement = meter.stop(count, { diagnosis, 'payloads left out': skipped })
await engine.handlers.shutdown(null)
load.stop()
rmSync(folder, { recursive: true, force: true })
process.send?.(measurement, undefined, undefined, () => process.exit(0))
