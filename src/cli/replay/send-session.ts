/** Sends what the recorded connections sent to a live peer, into a new session. */
import type { Hub } from '../../engine/hub.ts'
import { LiveSteps } from '../../engine/resend/live-steps.ts'
import { SessionReplay } from '../../engine/resend/session-replay.ts'
import type { RealtimeEvent } from '../../shared/event.ts'
import { Failure } from '../../shared/failure.ts'
import { addTo } from '../../shared/maps.ts'
import { nounFor } from '../../shared/text/quantities.ts'
import type { Connection } from '../connect/driver.ts'
import { type Ending, endingOf, type LiveRun, runLive } from '../connect/run-live.ts'
import { openForPlayback } from '../recordings.ts'
import { printNotice } from '../standard-error.ts'
import { noticesOf } from './replay-notices.ts'
import type { ReplayPlan } from './replay-plan.ts'

/** Resolves with the exit code once everything is written. Rejects with a `Failure` if there is nothing to send. */
export async function run({ file, speed, to }: ReplayPlan): Promise<number> {
  if (to === undefined) throw new RangeError('There is no peer to send to.')
  // Ids in URLs look like secrets. The recorded secrets are not sent.
  const source = await openForPlayback(file, false)
  try {
    const { pace, patience, connect } = to
    const steps = await LiveSteps.read(source.log, connect.request.spec, { only: to.connection })
    for (const sentence of noticesOf(steps)) printNotice(sentence)
    const replay = new SessionReplay(steps, { speed, pace, ...(patience !== undefined && { patience }) })
    return await runLive(connect, new LiveReplay(replay, steps.steps.length === 1))
  } finally {
    source.close()
  }
}

class LiveReplay implements LiveRun {
  readonly #replay: SessionReplay
  /** It has one connection. */
  readonly #isSingle: boolean

  constructor(replay: SessionReplay, isSingle: boolean) {
    this.#replay = replay
    this.#isSingle = isSingle
  }

  async run(hub: Hub): Promise<Ending> {
    await this.#replay.run((spec) => hub.connect(spec))
    const { failures } = this.#replay
    return endingOf(this.#isSingle ? failures.map(({ thrown }) => thrown) : bySentence(failures))
  }

  end(): void {
    this.#replay.end()
  }

  update(connection: Connection): void {
    this.#replay.update(connection)
  }

  appended(event: RealtimeEvent): void {
    this.#replay.appended(event)
  }
}

/** A failure for each sentence, with the connections that it is about. */
function bySentence(failures: SessionReplay['failures']): unknown[] {
  const unexpected: unknown[] = []
  const connections = new Map<string, number[]>()
  const codes = new Map<string, string>()
  for (const { connection, thrown } of failures) {
    if (!(thrown instanceof Failure)) {
      unexpected.push(thrown)
      continue
    }
    addTo(connections, thrown.message, connection)
    codes.set(thrown.message, thrown.code)
  }
  const failed = [...connections].map(([sentence, numbers]) => {
    const which = `${nounFor(numbers.length, 'Connection')} ${numbers.join(', ')}`
    return new Failure(codes.get(sentence) ?? '', `${which} of the recording: ${sentence}`)
  })
  return [...unexpected, ...failed]
}
