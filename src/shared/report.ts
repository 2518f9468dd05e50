/** The report on a session in the terminal and in the panel. */
import type { DecodedKind } from './decoded.ts'
import type { EventType } from './event.ts'
import type { Finding } from './finding.ts'
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

export interface GapRange {
  /** Milliseconds, from `from` to below `to`. */
  readonly from: number
  readonly to: number
  readonly count: number
}

/** Milliseconds from the start of an attempt to the first byte of its response, and the phases that make them up. */
export interface FirstByteReport {
  readonly dns: number
  readonly tcp: number
  readonly tls: number
  /** From the request to the first byte. */
  readonly answer: number
  readonly total: number
}

/** Session times in milliseconds. */
export interface TimeSpan {
  readonly from: number
  readonly to: number
}

export interface WireReport {
  /** Bytes of all payloads. */
  readonly payload: number
  /** Events whose size on the connection is known, and events whose size is not. */
  readonly known: number
  readonly unknown: number
  /** Bytes of the heads of requests or of responses, as far as they are known. */
  readonly heads: number
  /** Bytes on the connection of the known ones, and of heads. */
  readonly wire: number
  /** `wire` minus the payloads of the known ones; negative if compression saved more than framing cost. */
  readonly overhead: number
}

export interface OutageReport {
  /** Number of `reconnect` events. */
  readonly reconnects: number
  /** Number of times from a close or error to the next open. */
  readonly outages: number
  /** Milliseconds of all outages, and of the longest. */
  readonly timeLost: number
  readonly longest: number
  /** The recording ends before the next attempt. */
  readonly endsLost: boolean
  /** Messages that are known to be missed, and to be repeated. */
  readonly missed: number
  readonly repeated: number
}

export interface PollReport {
  readonly requests: number
  readonly responses: number
  /** Responses that brought nothing new, and their share of all responses, 0 to 1. */
  readonly empty: number
  readonly emptyShare: number
  /** Milliseconds that the server held a request before it responded. */
  readonly held: Distribution | null
}

export interface DirectionReport {
  readonly messages: number
  /** Bytes of the messages, as payload and on the connection. */
  readonly bytes: WireReport
  readonly sizes: readonly SizeRange[]
  /** Milliseconds from one message to the next in the same attempt; null if there are no two. */
  readonly gaps: Distribution | null
  /** How many gaps are how long, by powers of two: the first range is below a millisecond. */
  readonly gapCounts: readonly GapRange[]
  /** Messages in each span of `bucket` milliseconds since the session started. */
  readonly rate: { readonly bucket: number; readonly counts: readonly number[]; readonly peak: number }
}

/** The packets of a connection that have one name. */
export interface DecodedReport {
  readonly protocol: string
  /** The kind of packets without a name. An answer has the name of its request. */
  readonly name: string
  readonly packets: number
  /** Number of packets of each kind. */
  readonly kinds: Readonly<Partial<Record<DecodedKind, number>>>
  /** Packets that ask for an answer, without heartbeats; those that were answered, and those that were not. */
  readonly requests: number
  readonly answered: number
  readonly unanswered: number
  /** Milliseconds from a request to its first answer. */
  readonly latency: Distribution | null
}

/** How long messages take to arrive, by the time that they carry. Milliseconds. */
export interface DeliveryReport {
  /** Where the time is in the payload: as the user named it, or as it was found. */
  readonly field: string
  /** Messages with a time. Percentiles are those of a part of them if there are many. */
  readonly events: number
  /** Above the fastest message, since the clocks of sender and receiver differ by an unknown amount. */
  readonly latency: Distribution
  /** Arrival minus time of the fastest message: below 0, the sender's clock is ahead of ours by more than that. */
  readonly fastest: number
  /** The shortest round trip, of a ping or of the handshake of TCP; null if there was none. */
  readonly roundTrip: number | null
}

export interface ConnectionReport {
  readonly id: number
  readonly transport: string
  /** With secrets masked; empty if the recording does not contain the start of the connection. */
  readonly url: string
  /** Session times of its first and last event in ms. */
  readonly from: number
  readonly to: number
  /** Number of events of each type. */
  readonly events: Readonly<Partial<Record<EventType, number>>>
  readonly in: DirectionReport
  readonly out: DirectionReport
  /** Number of SSE events by name, for the twenty most frequent names. */
  readonly eventNames: Readonly<Record<string, number>>
  readonly errors: Readonly<Record<string, number>>
  readonly outages: OutageReport
  readonly polls: PollReport | null
  /** Milliseconds for which it was open. */
  readonly openFor: number
  /** Of its first attempt that was answered; null if it is not known. */
  readonly firstByte: FirstByteReport | null
  /** Milliseconds from a ping of the client to its pong; null if there is none. */
  readonly roundTrips: Distribution | null
  /** Its first outages, at most a hundred. */
  readonly down: readonly TimeSpan[]
  /** What its messages are decoded to, the most frequent names first. */
  readonly decoded: readonly DecodedReport[]
  /** Milliseconds from a request to its first answer, of all requests that decoders pair; null if there are none. */
  readonly answers: Distribution | null
  /** Null if no messages with a time were received. */
  readonly delivery: DeliveryReport | null
}

/** A finding without its chart. */
export type ReportedFinding = Omit<Finding, 'chart'>

/** What a report says in place of the start if that is not known. */
export const UNKNOWN_START = 'start unknown'

export interface SessionReport {
  /** In ISO 8601; null if it is not known. */
  readonly startedAt: string | null
  readonly generator: string
  /** Milliseconds from the start to the last event. */
  readonly duration: number
  readonly events: number
  readonly marks: number
  readonly connections: readonly ConnectionReport[]
  /** What the rules have found: the most severe first, then by time. */
  readonly findings: readonly ReportedFinding[]
}
