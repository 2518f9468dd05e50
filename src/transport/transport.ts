/**
 * The interface that every transport implements. A transport is one attempt: it is created, run once, and stores in
 * the `ResumeState` what the next attempt needs.
 */
import type { Socket } from 'node:net'
import type { Clock } from '../shared/clock.ts'
import type { TransportEvent } from '../shared/event.ts'
import type { MessageBatch } from '../shared/message-batch.ts'
import type { ConnectionSpec, NetworkSettings, OutboundMessage } from '../shared/spec.ts'
import type { Http2Sessions } from './http2/sessions.ts'
import type { RequestHook } from './request-hook.ts'
import type { EventIds } from './stream/event-ids.ts'

/** Where redirects led a request, and in which form it got there. */
export interface Destination {
  readonly url: string
  readonly method: string
  /** A redirect led to another origin, so credentials are left out. */
  readonly isElsewhere: boolean
}

/** What one attempt of a connection leaves for the next. */
export interface ResumeState {
  /** SSE: the last event ID; empty if there is none. */
  lastEventId: string
  /** SSE: the last event ID that an emitted event carried. */
  emittedEventId?: string
  /** SSE: the reconnection time from the stream's `retry` field, in milliseconds. */
  retry: number | undefined
  /** The `Retry-After` of the response that just refused the request, in milliseconds. */
  retryAfter: number | undefined
  /** SSE: recent events, to recognize after a reconnect those that are repeated or missing. */
  eventIds?: EventIds
  /** The transport that `auto` detected. */
  settled?: 'sse' | 'http-stream'
  /** SSE: where redirects led. */
  destination?: Destination
  /** Polls and HTTP streams: the cursor of the next request, as shown to people. */
  cursor: string | undefined
  /** Request headers and query parameters that carry the cursor. */
  cursorHeaders: Readonly<Record<string, string>>
  cursorParams: Readonly<Record<string, string>>
}

export interface AttemptContext {
  readonly spec: ConnectionSpec
  readonly network: NetworkSettings
  readonly clock: Clock
  /** Aborted when the user disconnects; the attempt then ends cleanly, at once. Its reason is a `DisconnectRequest`. */
  readonly signal: AbortSignal
  readonly resume: ResumeState
  /** Changes the requests of the attempt. */
  readonly hook?: RequestHook | undefined
  /** HTTP/2 sessions that it shares with other connections. If absent, it has its own ones. */
  readonly sessions?: Http2Sessions | undefined
  /** Emits an event. Its `time` is read from `clock` in the socket's data callback, before any parsing. */
  emit(event: TransportEvent): void
  /** Called with each socket that is opened. */
  readonly connected?: ((socket: Socket) => void) | undefined
  /** Emits messages that arrived together. If absent, they are emitted one by one. */
  emitBatch?(batch: MessageBatch): void
}

export interface DisconnectRequest {
  /** WebSocket close code. Default 1000. */
  readonly code?: number
  readonly reason?: string
  /** The rule that closes it; absent if the user does. */
  readonly rule?: string
}

/**
 * How an attempt ended. `done`: the peer has nothing more to send, do not reconnect. `lost`: another attempt may
 * succeed. `failed`: another attempt would fail in the same way.
 * The transport emits its own `error` and `close` events before it returns the outcome.
 */
export interface Outcome {
  readonly end: 'done' | 'lost' | 'failed'
  /** A short phrase for people: "connection reset", "server closed with 1001". */
  readonly reason: string
}

export interface Transport {
  /** Runs the attempt to its end. */
  run(context: AttemptContext): Promise<Outcome>
  /** Sends a message over the open connection and emits it. Throws a `Failure` if that is not possible. */
  send(message: OutboundMessage): void
  /** Whether it can send, if that differs from its name's traits. */
  readonly sends?: boolean
  /** Stops reading from the socket until `resume`, so that nothing piles up while the consumer is behind. */
  pause(): void
  resume(): void
}

/** The resume state of a new connection. */
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
