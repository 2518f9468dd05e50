/** Plays one attempt: its events at their times, repeatedly if it loops. */
import { setTimeout as delay } from 'node:timers/promises'
import type { IndexedRecording } from '../../capture/recording.ts'
import type { CommentEvent, ControlEvent, MessageEvent, PayloadHead } from '../../shared/event.ts'
import type { Pacer } from './pacer.ts'
import type { RecordedAttempt } from './recorded-connection.ts'

export type PlayedEvent = MessageEvent | ControlEvent | CommentEvent

/** Shortest duration of a pass of a loop, in milliseconds. */
const SHORTEST_PASS = 10

/** The event to play. Undefined if its payload was not kept. */
export function playedEvent(source: IndexedRecording, index: number): PlayedEvent | undefined {
  const event = source.event(index)
  return 'payload' in event && event.dropped === undefined ? event : undefined
}

/** Whether the recorded peer sent an event. */
export function isInbound({ type, direction }: PayloadHead): boolean {
  return type === 'comment' || direction === 'in'
}

export interface AttemptPass {
  readonly attempt: RecordedAttempt
  readonly pacer: Pacer
  readonly signal: AbortSignal
  readonly loop: boolean
}

export interface AttemptPlayback extends AttemptPass {
  readonly source: IndexedRecording
  /** Events to skip in the first pass. */
  readonly skip?: number
  /** Whether an event is delivered at its time. Others are delivered at once. */
  isTimed(event: PlayedEvent): boolean
  deliver(event: PlayedEvent): void | Promise<void>
}

/** Plays each event at its time. Settles at the recorded end. Rejects with the signal's reason. */
export async function playAttempt(run: AttemptPlayback): Promise<void> {
  let skip = run.skip ?? 0
  await playPasses(run, async () => {
    await playOnce(run, skip)
    skip = 0
  })
}

/** Calls `pass` once, or repeatedly if it loops. */
export async function playPasses(
  { attempt, pacer, signal, loop }: AttemptPass,
  pass: () => Promise<void>,
): Promise<void> {
  do {
    const started = performance.now()
    await pass()
    if (!loop) return
    if (attempt.end.kind !== 'open') await pacer.until(attempt.end.time)
    const rest = SHORTEST_PASS - (performance.now() - started)
    if (rest > 0) await delay(rest, undefined, { signal })
  } while (attempt.runs.some(({ events }) => events.length > 0))
}

async function playOnce(
  { source, attempt, pacer, isTimed, deliver }: AttemptPlayback,
  skip: number,
): Promise<void> {
  let left = skip
  for (const { opened, events } of attempt.runs) {
    const first = Math.min(left, events.length)
    left -= first
    // A client that resumes after an event continues at the time of that event.
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
