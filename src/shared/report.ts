/** A session in short: what the terminal and the panel report. */
import type { EventType } from './event.ts'
import type { Percentiles } from './protocol/filtering.ts'

export interface Distribution extends Percentiles {
  readonly max: number
}

export interface SizeRange {
  /** Bytes, both ends included. */
  readonly from: number
  readonly to: number
  readonly count: number
}

export interface WireReport {
  /** Bytes of all payloads. */
  readonly payload: number
  /** Events whose size on the connection is known, and those whose is not. */
  readonly known: number
  readonly unknown: number
  /** Bytes on the connection of the known ones. */
  readonly wire: number
  /** `wire` less the payloads of the known ones; below nought where compression saved more than framing cost. */
  readonly overhead: number
}

export interface OutageReport {
  /** `reconnect` events: attempts that were scheduled. */
  readonly reconnects: number
  /** Times from a close or error to the next open. */
  readonly outages: number
  /** Milliseconds of all of them, and of the longest. */
  readonly timeLost: number
  readonly longest: number
  /** The recording ends while another attempt was due. */
  readonly endsLost: boolean
  /** Messages known to have been missed and to have come again. */
  readonly missed: number
  readonly repeated: number
}

export interface PollReport {
  readonly requests: number
  readonly responses: number
  /** Answers that brought nothing, and their share of all answers, 0 to 1. */
  readonly empty: number
  readonly emptyShare: number
  /** Milliseconds the server held a request before it answered. */
  readonly held: Distribution | null
}

export interface DirectionReport {
  readonly messages: number
  /** Of the messages' payloads and, where known, of what they took on the connection. */
  readonly bytes: WireReport
  readonly sizes: readonly SizeRange[]
  /** Milliseconds between one message and the next of the same attempt; null where there are not two. */
  readonly gaps: Distribution | null
  /** Messages in each span of `bucket` milliseconds from the session's start. */
  readonly rate: { readonly bucket: number; readonly counts: readonly number[]; readonly peak: number }
}

export interface ConnectionReport {
  readonly id: number
  readonly transport: string
  /** With secrets masked; empty where the recording does not have the connection's beginning. */
  readonly url: string
  /** Session times of its first and last event, ms. */
  readonly from: number
  readonly to: number
  /** Events of each type. */
  readonly events: Readonly<Partial<Record<EventType, number>>>
  readonly in: DirectionReport
  readonly out: DirectionReport
  /** SSE: events of each name, the most frequent twenty. */
  readonly eventNames: Readonly<Record<string, number>>
  readonly errors: Readonly<Record<string, number>>
  readonly outages: OutageReport
  readonly polls: PollReport | null
}

export interface SessionReport {
  readonly startedAt: string
  readonly generator: string
  /** Milliseconds from the start to the last event. */
  readonly duration: number
  readonly events: number
  readonly marks: number
  readonly connections: readonly ConnectionReport[]
}
