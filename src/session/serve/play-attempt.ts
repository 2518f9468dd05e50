/** Plays one attempt: the events at their times, over and over where it loops. */
import { setTimeout as delay } from 'node:timers/promises'
import type { IndexedRecording } from '../../capture/recording.ts'
import type { CommentEvent, ControlEvent, MessageEvent } from '../../shared/event.ts'
import type { Pacer } from './pacer.ts'
import type { RecordedAttempt } from './recorded-connection.ts'

export type PlayedEvent = MessageEvent | ControlEvent | CommentEvent

/** Milliseconds a pass of a loop lasts at least. */
const SHORTEST_PASS = 10

/** The played event of that number; undefined where its payload was not kept. */
export function playedEvent(source: IndexedRecording, index: number): PlayedEvent | undefined {
  const event = source.event(index)
  return 'payload' in event && event.dropped === undefined ? event : undefined
}

export interface AttemptPlayback {
  readonly source: IndexedRecording
  readonly attempt: RecordedAttempt
  readonly pacer: Pacer
  readonly signal: AbortSignal
  readonly loop: boolean
  /** Events that are passed over the first time. */
  readonly skip?: number
  /** Whether an event is waited for and delivered; others are passed to `deliver` at once. */
  isTimed(event: PlayedEvent): boolean
  deliver(event: PlayedEvent): void | Promise<void>
}

/** Settles at the end of what was recorded; rejects with the signal's reason. */
export async function playAttempt(run: AttemptPlayback): Promise<void> {
  const { attempt, loop, signal } = run
  let skip = run.skip ?? 0
  do {
    const started = performance.now()
    await runPass(run, skip)
    skip = 0
    if (!loop) return
    if (attempt.end.kind !== 'open') await run.pacer.until(attempt.end.time)
    const rest = SHORTEST_PASS - (performance.now() - started)
    if (rest > 0) await delay(rest, undefined, { signal })
  } while (attempt.runs.some(({ events }) => events.length > 0))
}

async function runPass(
  { source, attempt, pacer, isTimed, deliver }: AttemptPlayback,
  skip: number,
): Promise<void> {
  let left = skip
  for (const { opened, events } of attempt.runs) {
    const first = Math.min(left, events.length)
    left -= first
    // Who resumes after an event is where the recording was at that event.
    const before = events[first - 1]
    pacer.setNow(before === undefined ? opened : source.row(before).time)
    for (const index of events.slice(first)) {
      const event = playedEvent(source, index)
      if (event === undefined) continue
      if (isTimed(event)) await pacer.until(event.time)
      await deliver(event)
    }
  }
}
