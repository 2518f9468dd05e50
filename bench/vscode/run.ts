/**
 * Measures the product in a real VS Code: `npm run bench:vscode`, `-- --seconds 60 --rate 20000`, `-- --starts 3`
 * (0 skips starting), `-- --json FILE`; `-- --soak` runs the soak test instead (soak.ts).
 */
import { writeFileSync } from 'node:fs'
import { loadavg } from 'node:os'
import { setTimeout } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { median } from '../harness/statistics.ts'
import { activationTimes, openEditor, openPanel } from './editor.ts'
import { type Flood, flood } from './flood.ts'
import { quantile, quantileOf } from './quantiles.ts'
import { soak } from './soak.ts'
import { stageExtension } from './stage.ts'

const { values } = parseArgs({
  options: {
    seconds: { type: 'string', default: '60' },
    rate: { type: 'string', default: '20000' },
    starts: { type: 'string', default: '3' },
    soak: { type: 'boolean', default: false },
    minutes: { type: 'string', default: '30' },
    'max-events': { type: 'string', default: '100000' },
    json: { type: 'string' },
  },
})

const FRAME = 17
/** Milliseconds after its first page in which Chromium has looked for another version of a new service worker. */
const SETTLED = 5000
const round = (value: number) => Number(value.toFixed(1))
const megabytes = (bytes: number) => Math.round(bytes / 1e6)

if (values.soak) await soak(Number(values.minutes), Number(values['max-events']))
else report(await measure())

async function measure(): Promise<Record<string, unknown>> {
  const { folder, packageSize } = await stageExtension()
  const results: Record<string, unknown> = {
    date: new Date().toISOString(),
    'load before': round(loadavg()[0] ?? 0),
    '.vsix, KB': round(packageSize / 1000),
  }
  const starts = Number(values.starts)
  if (starts > 0) Object.assign(results, await start(folder, starts))
  const seconds = Number(values.seconds)
  if (seconds === 0) return results
  const editor = await openEditor(folder)
  try {
    return { ...results, ...summary(await flood(editor, Number(values.rate), seconds)) }
  } finally {
    await editor.close()
  }
}

/** Measures activation and the panel, each time in a new VS Code. */
async function start(folder: string, times: number): Promise<Record<string, unknown>> {
  const cold: number[] = []
  const hurried: number[] = []
  const second: number[] = []
  const warm: number[] = []
  const activations: string[] = []
  const calls: number[] = []
  for (let i = 0; i < times; i++) {
    const editor = await openEditor(folder)
    try {
      const { workbench, companion } = editor
      cold.push(await openPanel(workbench))
      for (const times of [hurried, warm]) {
        await companion('closeEditors')
        times.push(await openPanel(workbench))
      }
      activations.push(await activationTimes(workbench))
    } finally {
      await editor.close()
    }
    const another = await openEditor(folder)
    try {
      calls.push((await another.companion('activate')).milliseconds)
      await openPanel(another.workbench)
      await setTimeout(SETTLED)
      await another.companion('closeEditors')
      second.push(await openPanel(another.workbench))
    } finally {
      await another.close()
    }
  }
  return {
    'panel ready after the command, extension not active before, ms': round(median(cold)),
    'the same, second time, ms': round(median(second)),
    'the same, second time at once (Chromium updates the service worker), ms': round(median(hurried)),
    'the same, third time, ms': round(median(warm)),
    'activation, from the list of running extensions': activations.join('; '),
    'activate() awaited in the extension host, ms': round(median(calls)),
  }
}

function summary(result: Flood): Record<string, unknown> {
  const { observed, loop, processors, memory, peak, disconnect } = result
  const latency = (name: 'painted' | 'followed' | 'newest' | 'channel') =>
    [0.5, 0.95, 0.99].map((share) => quantileOf(observed[name], share)).join(' / ')
  const within = observed.gaps.filter((gap) => gap <= FRAME).length / observed.gaps.length
  return {
    'sent / received': `${result.sent} / ${result.received}`,
    'count and checksum agree': result.isWhole,
    'most messages by which the generator was behind': result.mostBehind,
    'last message sent to painted, ms': round(result.caughtUp),
    'arrival to painted, every event, p50 / p95 / p99, ms': latency('painted'),
    'the same, to the start of the next frame, ms': latency('followed'),
    'the same, newest row of each frame, ms': latency('newest'),
    'of that, from the engine to the page, p50 / p95 / p99, ms': latency('channel'),
    'clocks through SessionStatus.at against wall clocks, ms': round(observed.clockError),
    'frames within 17 ms, %': round(within * 100),
    'frames, count; p50 / p95 / p99 / longest, ms': `${observed.gaps.length}; ${[0.5, 0.95, 0.99, 1]
      .map((share) => round(quantile(observed.gaps, share)))
      .join(' / ')}`,
    'extension host event loop, p50 / p99 / longest, ms': [loop.p50, loop.p99, loop.longest]
      .map(round)
      .join(' / '),
    'memory, extension host / renderer, MB': [
      ...[...memory].map(
        ([events, at]) => `${megabytes(at.extensionHost)} / ${megabytes(at.renderer)} at ${events} events`,
      ),
      `${megabytes(peak.extensionHost)} / ${megabytes(peak.renderer)} at most`,
    ].join('; '),
    'Disconnect answered, ms': round(disconnect.milliseconds),
    'everything before it kept, byte for byte': `${disconnect.isWhole} (${disconnect.received})`,
    'processors in use: extension host / renderer / all of ours / others': [
      processors.extensionHost,
      processors.renderer,
      processors.own,
      processors.others,
    ]
      .map((share) => share.toFixed(2))
      .join(' / '),
    'load after': round(loadavg()[0] ?? 0),
  }
}

function report(results: Record<string, unknown>): void {
  for (const [name, value] of Object.entries(results)) console.log(`${name}: ${value}`)
  if (values.json !== undefined) writeFileSync(values.json, `${JSON.stringify(results, undefined, 2)}\n`)
}
