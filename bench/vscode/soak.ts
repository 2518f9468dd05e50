/** Runs the engine for a long time at a steady rate, with frequent reconnects, to see whether its memory stays flat. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Engine } from '../../src/engine/engine.ts'
import { startPacedLoad } from '../harness/paced.ts'

const MB = 1024 * 1024
const RATE = 2000
/** Seconds after which the connection is dropped. */
const LIFE = 10
const SIZE = 100
const SAMPLE = 10_000

interface Sample {
  readonly seconds: number
  readonly events: number
  /** Resident MB. */
  readonly memory: number
}

/**
 * Runs for some minutes or until SIGTERM, and prints a line every 10 seconds. The capture keeps `maxEvents` and
 * drops older events, so that memory reaches a limit.
 */
export async function soak(minutes: number, maxEvents: number): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'realtime-soak-'))
  const load = await startPacedLoad()
  const engine: Engine = new Engine({
    directory: join(folder, 'capture'),
    network: { noProxy: '*' },
    settings: { memoryLimit: 16 * MB, spoolLimit: 64 * MB, maxEvents, maxMessageSize: 64 * MB },
    // Acknowledges every delta, as the editor does.
    notify: (name) => {
      if (name === 'delta') setImmediate(() => engine.acknowledge())
    },
  })
  await engine.handlers.subscribe({ from: 0, fromEventName: 0 })
  const url = load.url({ rate: RATE, seconds: LIFE, size: SIZE, end: 'drop' })
  await engine.handlers.connect({ spec: { url, transport: 'websocket' } })
  const samples: Sample[] = []
  const started = performance.now()
  const sampler = setInterval(() => {
    const seconds = Math.round((performance.now() - started) / 1000)
    const { events } = engine.status()
    samples.push({ seconds, events, memory: process.memoryUsage().rss / 1e6 })
    console.log(`${seconds} s, ${events} events, ${samples.at(-1)?.memory.toFixed(1)} MB`)
  }, SAMPLE)
  await new Promise<void>((resolve) => {
    const timer = setTimeout(resolve, minutes * 60_000)
    process.once('SIGTERM', () => {
      clearTimeout(timer)
      resolve()
    })
  })
  clearInterval(sampler)
  conclude(
    engine,
    samples,
    load.sent.reduce((sum, { count }) => sum + count, 0),
  )
  await engine.handlers.shutdown(null)
  load.stop()
  rmSync(folder, { recursive: true, force: true })
}

function conclude(engine: Engine, samples: readonly Sample[], sent: number): void {
  const [connection] = engine.status().connections
  console.log(
    `${connection?.messagesIn} messages received, ${sent} sent on connections that are over; ${connection?.reconnects} reconnects`,
  )
  const later = samples.filter(({ seconds }) => seconds > 60)
  const [first] = later
  const last = later.at(-1)
  if (first === undefined || last === undefined) return
  const memory = later.map((sample) => sample.memory)
  const range = `${Math.min(...memory).toFixed(1)} to ${Math.max(...memory).toFixed(1)} MB`
  const growth = slope(later) * 1e6
  console.log(`After the first minute ${range}; ${growth.toFixed(1)} bytes an event by least squares.`)
}

/** MB for each event, by least squares. */
function slope(samples: readonly Sample[]): number {
  const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length
  const x = mean(samples.map(({ events }) => events))
  const y = mean(samples.map(({ memory }) => memory))
  const above = samples.reduce((sum, { events, memory }) => sum + (events - x) * (memory - y), 0)
  const below = samples.reduce((sum, { events }) => sum + (events - x) ** 2, 0)
  return above / below
}
