/** Replays a session as many clients at once to a live peer, and prints how it answered. */
import type { Hub } from '../../engine/hub.ts'
import { LoadRun } from '../../engine/load/load-run.ts'
import { LiveSteps } from '../../engine/resend/live-steps.ts'
import type { RealtimeEvent } from '../../shared/event.ts'
import { Failure } from '../../shared/failure.ts'
import { formatCount, plural } from '../../shared/text/quantities.ts'
import { UsageError } from '../command-line.ts'
import type { ConnectPlan } from '../connect/connect-plan.ts'
import type { Connection } from '../connect/driver.ts'
import { type Ending, endingOf, type LiveRun, runLive } from '../connect/run-live.ts'
import { printLines } from '../line-stream.ts'
import { chooseColors } from '../pretty/terminal-text.ts'
import { openForPlayback } from '../recordings.ts'
import { printNotice } from '../standard-error.ts'
import { formatLoad, progressLine } from './format-load.ts'
import { noticesOf } from './replay-notices.ts'
import type { LoadPlan, ReplayPlan } from './replay-plan.ts'
import { StatusLine } from './status-line.ts'

/** All connections of a load. */
const MAX_CONNECTIONS = 100_000

/** Resolves with the exit code once everything has ended. Rejects with a `Failure` if there is nothing to open. */
export async function run({ file, speed, to, load }: ReplayPlan): Promise<number> {
  if (to === undefined || load === undefined) throw new RangeError('There is no load.')
  const source = await openForPlayback(file, false)
  try {
    const { pace, patience, connect, connection: only } = to
    const { spec } = connect.request
    // Connections that come back would hide that they were lost.
    const once = { ...spec, reconnect: spec.reconnect ?? 'never' } as const
    const steps = await LiveSteps.read(source.log, once, { only, withReceivers: true })
    checkSize(load, steps)
    for (const sentence of noticesOf(steps)) printNotice(sentence)
    const options = { speed, pace, ...(patience !== undefined && { patience }) }
    const run = new LoadRun(steps, { clients: load.connections, ramp: load.ramp, ...options })
    const status = new StatusLine(() => progressLine(run.figures))
    const code = await runLive({ ...connect, save: undefined, format: 'none' }, new LiveLoad(run, status))
    await print(run, load, connect)
    return code
  } finally {
    source.close()
  }
}

function checkSize({ connections }: LoadPlan, { steps }: LiveSteps): void {
  if (connections * steps.length <= MAX_CONNECTIONS) return
  throw new UsageError(
    `--connections ${connections} would open ${formatCount(connections * steps.length)} connections, because the recording has ${formatCount(steps.length)}, and ${formatCount(MAX_CONNECTIONS)} is the limit; choose one with --connection, or give a smaller number.`,
  )
}

async function print(
  { figures }: LoadRun,
  { format }: LoadPlan,
  { color, secrets }: ConnectPlan,
): Promise<void> {
  const report = figures.report()
  if (format === 'none') return
  const lines =
    format === 'json' ? [JSON.stringify(report, null, 2)] : formatLoad(report, chooseColors(color))
  // Servers may repeat them in what they say.
  await printLines(lines.map((line) => secrets.mask(line)))
}

class LiveLoad implements LiveRun {
  readonly #run: LoadRun
  readonly #status: StatusLine

  constructor(run: LoadRun, status: StatusLine) {
    this.#run = run
    this.#status = status
  }

  async run(hub: Hub): Promise<Ending> {
    this.#status.start()
    await this.#run.run(hub).finally(() => this.#status.stop())
    const { failedCount, started } = this.#run.figures
    const failed = `${plural(failedCount, 'connection')} of ${formatCount(started)} failed; the figures say why.`
    return endingOf(failedCount === 0 ? [] : [new Failure('LOAD', failed)])
  }

  end(): void {
    this.#run.end()
  }

  update(connection: Connection): void {
    this.#run.update(connection)
  }

  appended(event: RealtimeEvent): void {
    this.#run.appended(event)
  }
}
