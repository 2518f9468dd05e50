/** Contenders that hold many long polls: the memory of each while the server holds its request, and cycles over all of them. */
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import type { Answers, HeldReport } from '../load/held.ts'
import type { Task } from './contender.ts'
import { settledMemory } from './many-connections.ts'
import { Meter } from './meter.ts'

/** Polls that are held before the measured ones. */
const FEW = 100
/** Cycles of the few, so that V8 has compiled the code. */
const WARM_UP = 15_000
/** Cycles of each measured poll before its memory is measured: the code and its polls are in their lasting state. */
const SETTLING = 5

export interface PollingClient {
  /** Starts polling, `count` times at once. Each sends the next request as soon as one is answered. */
  poll(url: string, count: number): void
  /** Requests sent so far, over all polls. */
  sent(): number
  /** Responses read to their end so far. */
  answered(): number
}

/** Runs a contender: `size` of its task is the number of polls, `count` that of cycles. Node runs with `--expose-gc`. */
export async function contendWithPolls(client: PollingClient): Promise<void> {
  const { count: cycles, size: polls } = JSON.parse(process.argv[2] ?? '') as Task
  const load = fork(join(import.meta.dirname, '..', 'load', 'held.ts'), {
    execArgv: ['--disable-warning=ExperimentalWarning'],
  })
  const [{ port }] = (await once(load, 'message')) as [Extract<HeldReport, { type: 'listening' }>]
  const url = `http://127.0.0.1:${port}/poll`
  const untilHeld = async (count: number) => {
    while (client.sent() - client.answered() < count) await delay(5)
  }
  const cycle = async (count: number) => {
    const goal = client.answered() + count
    load.send({ count } satisfies Answers)
    await once(load, 'message')
    while (client.answered() < goal) await delay(2)
  }
  client.poll(url, FEW)
  await untilHeld(FEW)
  await cycle(WARM_UP)
  await untilHeld(FEW)
  const before = await settledMemory()

  client.poll(url, polls - FEW)
  await untilHeld(polls)
  await cycle(SETTLING * polls)
  await untilHeld(polls)
  const after = await settledMemory()
  const each = (bytes: number) => bytes / (polls - FEW) / 1000

  const meter = new Meter()
  meter.start()
  await cycle(cycles)
  const measurement = meter.stop(cycles, {
    'kB each': each(after.resident - before.resident),
    'kB of objects each': each(after.objects - before.objects),
  })
  if (client.sent() - client.answered() > polls)
    throw new Error('More requests were sent than there are polls.')
  load.disconnect()
  process.send?.(measurement, undefined, undefined, () => process.exit(0))
}
