/**
 * The one interface behind which every transport lives. A transport is one attempt: it is made, run
 * once, and what it learnt that the next attempt needs is left in the `ResumeState`.
 */
import type { Clock } from '../shared/clock.ts'
import type { TransportEvent } from '../shared/event.ts'
import type { MessageBatch } from '../shared/message-batch.ts'
import type { ConnectionSpec, NetworkSettings, OutboundMessage } from '../shared/spec.ts'
import type { EventIds } from './stream/event-ids.ts'

/** Where the redirects of a request have led, and what of it went there. */
export interface Destination {
  readonly url: string
  readonly method: string
  /** A redirect has led to another origin, so that credentials are left out. */
  readonly isElsewhere: boolean
}

/** What survives from one attempt of a connection to the next. */
export interface ResumeState {
  /** SSE: the last event id in force; empty where there is none. */
  lastEventId: string
  /** SSE: the last event id that an event has told. */
  toldEventId?: string
  /** SSE: the stream's `retry:`, in milliseconds. */
  retry: number | undefined
  /** In milliseconds: what the answer that just refused says of when to come back. */
  retryAfter: number | undefined
  /** SSE: the events seen last, to tell after a reconnect which come again or were missed. */
  eventIds?: EventIds
  /** What `auto` found the connection to be. */
  settled?: 'sse' | 'http-stream'
  /** SSE: where redirects have led. */
  destination?: Destination
  /** Polls: what the next request resumes from, for people to read. */
  cursor: string | undefined
  /** Polls: request headers and query parameters that carry the cursor. */
  cursorHeaders: Readonly<Record<string, string>>
  cursorParams: Readonly<Record<string, string>>
}

export interface AttemptContext {
  readonly spec: ConnectionSpec
  readonly network: NetworkSettings
  readonly clock: Clock
  /** Aborted when the user disconnects: end cleanly, at once. Its reason is a `DisconnectRequest`. */
  readonly signal: AbortSignal
  readonly resume: ResumeState
  /** Reports an event; `time` is taken from `clock` in the socket's data callback, before parsing. */
  emit(event: TransportEvent): void
  /** The same for messages that arrived together; absent where they are to be told one by one. */
  emitBatch?(batch: MessageBatch): void
}

export interface DisconnectRequest {
  /** WebSocket close code, default 1000. */
  readonly code?: number
  readonly reason?: string
}

/**
 * How an attempt ended. `done`: nothing more to come, no reconnect. `lost`: worth another attempt.
 * `failed`: another attempt would fail the same way.
 * The transport has emitted its own `error` and `close` events by then.
 */
export interface Outcome {
  readonly end: 'done' | 'lost' | 'failed'
  /** A phrase for people: "connection reset", "server closed with 1001". */
  readonly reason: string
}

export interface Transport {
  /** Runs the attempt to its end; never rejects. */
  run(context: AttemptContext): Promise<Outcome>
  /** Sends over the open connection and emits what was sent. Throws a `Failure` where it cannot. */
  send(message: OutboundMessage): void
  /** Stops reading from the socket until `resume`, so that nothing piles up when the sink is full. */
  pause(): void
  resume(): void
}

/** A fresh resume state for a new connection. */
export function newResumeState(): ResumeState {
  return {
    lastEventId: '',
    retry: undefined,
    retryAfter: undefined,
    cursor: undefined,
    cursorHeaders: {},
    cursorParams: {},
  }
}
