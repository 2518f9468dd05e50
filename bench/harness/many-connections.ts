/** Contenders that hold many WebSockets: the time to open them, the memory of each while idle, the processor time of a message. */
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import type { Flood, ManyReport } from '../load/many.ts'
import type { Task } from './contender.ts'
import { Meter } from './meter.ts'

const RATE = 20_000
/** Seconds of messages: long enough for several collections of all objects. */
const SECONDS = 10
/** Seconds of messages before. V8's compiler is busy for 2 s with `ws`, and for 12 to 16 s with the engine. */
const WARM_UP = 16
/** Connections that are opened before the measured ones. */
const FEW = 100
/** Milliseconds for the garbage of opening to become collectable. */
const SETTLE = 1500

export interface ManyClient {
  /** Opens `count` connections at once. Resolves when all are open. */
  open(url: string, count: number): Promise<void>
  /** Messages received so far, over all connections. */
  received(): number
  /** Called when the measured messages begin. */
  measured?(): void
  /** Figures of its own, since `measured`. */
  extra?(): Readonly<Record<string, number>>
}

/** Runs a contender: `count` of its task is the number of connections. Node runs with `--expose-gc`. */
export async function contendWithMany(client: ManyClient): Promise<void> {
  const { count: connections, size } = JSON.parse(process.argv[2] ?? '') as Task
  const load = fork(join(import.meta.dirname, '..', 'load', 'many.ts'), {
    execArgv: ['--disable-warning=ExperimentalWarning'],
  })
  const [{ port }] = (await once(load, 'message')) as [Extract<ManyReport, { type: 'listening' }>]
  const url = `ws://127.0.0.1:${port}/`
  await client.open(url, FEW)
  const before = await settledMemory()

  const meter = new Meter()
  meter.start()
  await client.open(url, connections - FEW)
  const opening = meter.stop(connections - FEW)
  const after = await settledMemory()
  const each = (bytes: number) => bytes / (connections - FEW) / 1000

  const receive = async (count: number) => {
    const goal = client.received() + count
    load.send({ rate: RATE, count, size } satisfies Flood)
    await once(load, 'message')
    while (client.received() < goal) await delay(20)
  }
  await receive(WARM_UP * RATE)
  client.measured?.()
  const cpu = process.cpuUsage()
  await receive(SECONDS * RATE)
  const { user, system } = process.cpuUsage(cpu)
  const measurement = {
    ...opening,
    extra: {
      'kB each': each(after.resident - before.resident),
      'kB of objects each': each(after.objects - before.objects),
      'µs a message': (user + system) / (SECONDS * RATE),
      ...client.extra?.(),
    },
  }
  load.disconnect()
  process.send?.(measurement, undefined, undefined, () => process.exit(0))
}

/** Resident memory, and that of objects, after garbage collection. Node runs with `--expose-gc`. */
export async function settledMemory(): Promise<{ resident: number; objects: number }> {
  await delay(SETTLE)
  for (let round = 0; round < 3; round++) {
    globalThis.gc?.()
    await delay(50)
  }
  const { rss, heapUsed, external } = process.memoryUsage()
  return { resident: rss, objects: heapUsed + external }
}
