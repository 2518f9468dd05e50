/** Iterates over the events of one connection, skipping those of others. */
import type { Log } from '../../capture/recording.ts'
import { type Kind, unpackKind } from '../../shared/event-columns.ts'
import { Failure } from '../../shared/failure.ts'

export interface Step {
  readonly index: number
  readonly kind: Kind
  readonly time: number
  readonly size: number
}

/** Events copied out of the capture at once. */
const BATCH = 4096

/** The connection of an event. Throws NO_EVENT if the event does not exist, or was dropped. */
export function connectionOf(capture: Log, index: number): number {
  requireKept(capture, index)
  return capture.row(index).connection
}

/** Throws NO_EVENT if the event was dropped or cleared, or does not exist yet. */
export function requireKept(capture: Log, index: number): void {
  if (index < capture.firstKept || index >= capture.count)
    throw new Failure('NO_EVENT', `Event ${index + 1} does not exist; it may have been dropped or cleared.`)
}

/** A connection's events from `from` on, among the next `most` events of the session. */
export function* forward(capture: Log, connection: number, from: number, most: number): Generator<Step> {
  const first = Math.max(from, capture.firstKept)
  const end = Math.min(capture.count, first + most)
  for (let at = first; at < end; ) {
    const batch = capture.columns(at, Math.min(BATCH, end - at))
    if (batch.count === 0) return
    for (let i = 0; i < batch.count; i++) if (batch.connection[i] === connection) yield step(batch, i)
    at = batch.first + batch.count
  }
}

/** A connection's events before `before`, the nearest first, among the `most` events of the session before it. */
export function* backward(capture: Log, connection: number, before: number, most: number): Generator<Step> {
  const first = Math.max(capture.firstKept, before - most)
  for (let end = before; end > first; ) {
    const from = Math.max(first, end - BATCH)
    const batch = capture.columns(from, end - from)
    for (let i = batch.count - 1; i >= 0; i--) if (batch.connection[i] === connection) yield step(batch, i)
    end = from
  }
}

function step(batch: ReturnType<Log['columns']>, i: number): Step {
  return {
    index: batch.first + i,
    kind: unpackKind(batch.kind[i] ?? 0),
    time: batch.time[i] ?? 0,
    size: batch.size[i] ?? 0,
  }
}
