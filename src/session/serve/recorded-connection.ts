/** What a session says of the peers it was recorded from: connections, and their attempts one by one. */
import type { Direction, EventType, Headers, OpenEvent } from '../../shared/event.ts'
import { isPolling, type PollingTransport, type TransportWith } from '../../shared/transports.ts'

/** How an attempt ended. `open`: the peer did not end it. */
export type AttemptEnd =
  | { readonly kind: 'open' }
  | {
      readonly kind: 'server'
      readonly time: number
      readonly code?: number
      readonly reason?: string
      readonly trailers?: Headers
    }
  | { readonly kind: 'network'; readonly time: number; readonly reset: boolean }
  /** It never opened; without a status the peer hung up, or was not there. */
  | { readonly kind: 'refused'; readonly time: number; readonly status?: number }

/** Events without an interruption. */
export interface UninterruptedRun {
  /** Session time at which the peer had accepted. */
  readonly opened: number
  /** Numbers of the events to play, in order. */
  readonly events: readonly number[]
}

/** One attempt; several where outages are left out. */
export interface RecordedAttempt {
  readonly number: number
  /** Session time of the request. */
  readonly asked: number
  readonly open: OpenEvent | undefined
  readonly runs: readonly UninterruptedRun[]
  readonly end: AttemptEnd
  /** The `Last-Event-ID` it was asked with. */
  readonly resumedFrom: string | undefined
  /** Milliseconds after its end in which the next attempt followed. */
  readonly retry: number | undefined
}

/** One request of a poll and its answer; without an answer the request was held for as long as it was recorded. */
export interface Cycle {
  /** What the request resumed from. */
  readonly request: { readonly url: string; readonly headers: Headers }
  readonly asked: number
  /** Number of the `response` event, and of the `message` with its body. */
  readonly response: number | undefined
  readonly body: number | undefined
  /** Session time at which the connection broke. */
  readonly brokenAt: number | undefined
}

interface Recorded {
  readonly id: number
  readonly url: URL
}

export interface RecordedStream extends Recorded {
  readonly transport: TransportWith<'polls', false>
  /** At least one. */
  readonly attempts: readonly RecordedAttempt[]
}

export interface RecordedPoll extends Recorded {
  readonly transport: PollingTransport
  readonly cycles: readonly Cycle[]
}

export type RecordedConnection = RecordedStream | RecordedPoll

export function isPoll(recorded: RecordedConnection): recorded is RecordedPoll {
  return isPolling(recorded.transport)
}

/** Whether an event is played back, by what its head says. */
export function isPlayed(type: EventType, direction: Direction | undefined): boolean {
  return (
    type === 'message' || type === 'comment' || ((type === 'ping' || type === 'pong') && direction === 'in')
  )
}
