/** The recorded peers of a session: connections with their attempts, and polls with their cycles. */
import type { Direction, EventType, Headers, OpenEvent } from '../../shared/event.ts'
import { isPolling, type PollingTransport, type TransportWith } from '../../shared/transports.ts'

/** How an attempt ended. `open` if the peer did not end it. */
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
  /** The attempt never opened. Without a status, the peer hung up or was not reachable. */
  | { readonly kind: 'refused'; readonly time: number; readonly status?: number }

/** Events between two interruptions. */
export interface UninterruptedRun {
  /** Session time at which the peer accepted. */
  readonly opened: number
  /** Numbers of the events to play, in order. */
  readonly events: readonly number[]
}

/** One attempt, or several that are joined because outages are left out. */
export interface RecordedAttempt {
  readonly number: number
  /** Session time of the request. */
  readonly asked: number
  readonly open: OpenEvent | undefined
  readonly runs: readonly UninterruptedRun[]
  readonly end: AttemptEnd
  /** The `Last-Event-ID` of the request. */
  readonly resumedFrom: string | undefined
  /** Milliseconds between the end of this attempt and the next one. */
  readonly retry: number | undefined
}

/** One request of a poll and its response. Without a response, the request was held until the recorded client left. */
export interface Cycle {
  /** What identifies the position at which the request resumed. */
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
  /** The method of its requests. */
  readonly method: string
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

/** Whether an event of this type and direction is played. */
export function isPlayed(type: EventType, direction: Direction | undefined): boolean {
  return (
    type === 'message' || type === 'comment' || ((type === 'ping' || type === 'pong') && direction === 'in')
  )
}
