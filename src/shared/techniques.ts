/** The connections of a session side by side by technique, and which technique fits their feed. */
import type { FindingSource } from './finding.ts'
import type { Distribution } from './report.ts'
import type { TransportName } from './transports.ts'

export const CLIENTS_SEND = ['no', 'sometimes', 'always'] as const
export const BUFFERING_PROXY = ['no', 'unknown', 'yes'] as const

/** What traffic cannot tell. */
export interface TechniqueAnswers {
  /** Default: what the traffic shows. */
  readonly clientsSend?: (typeof CLIENTS_SEND)[number]
  /** Browsers use the feed without a library. Default: not known. */
  readonly plainBrowser?: boolean
  /** A proxy on the way may collect responses before it passes them on. */
  readonly bufferingProxy?: (typeof BUFFERING_PROXY)[number]
  /** The feed is sound or video. Default: what its content type says. */
  readonly media?: boolean
}

/** Milliseconds from when an event was sent, or first came on any connection, until it came on this one. */
export interface DeliveryLatency extends Distribution {
  /** Events that it rests on. */
  readonly count: number
}

/** A cycle of a poll. Session times in ms. */
export interface DrawnCycle {
  readonly from: number
  /** Undefined if the response has not come. */
  readonly to?: number
  readonly empty: boolean
}

export interface TechniqueConnection {
  readonly id: number
  readonly transport: TransportName | 'unknown'
  /** With secrets masked. */
  readonly url: string
  /** Milliseconds between the requests of a poll, if known. */
  readonly interval: number | null
  /** Whether it carries the feed that is compared. */
  readonly inFeed: boolean
  /** Events of the feed that came in. A message of a poll may have several, and repeated ones do not count. */
  readonly events: number
  /** Inbound and outbound messages; those that are sent automatically do not count as outbound. */
  readonly messages: number
  readonly sent: number
  /** Requests, handshakes included. */
  readonly requests: number
  /** Null without events. */
  readonly requestsPerEvent: number | null
  /** Responses of a poll, those of them that brought nothing new, and their share. Null if it does not poll. */
  readonly responses: number | null
  readonly empty: number | null
  readonly emptyShare: number | null
  /** Bytes of payload for each event. */
  readonly payloadPerEvent: number | null
  /** Bytes on the connection beside the payload, heads included, for each event. Null if a part of them is unknown. */
  readonly overheadPerEvent: number | null
  /** The parts of it in bytes: heads, framing of messages, and pings, pongs and comments. */
  readonly overhead: {
    readonly heads: number | null
    readonly framing: number | null
    readonly keepAlive: number | null
  }
  readonly latency: DeliveryLatency | null
  /** Events that came in one piece, on average. */
  readonly eventsPerArrival: number | null
  readonly reconnects: number
  /** Events that are known lost. Null if that is unknown. */
  readonly lost: number | null
  /** Share of the time for which a connection was held open, or a request waited: 0 to 1. */
  readonly heldShare: number | null
  /** Bytes on the connection in each direction. Null if unknown. */
  readonly bytesIn: number | null
  readonly bytesOut: number | null
  /** Share of the payload that is binary. */
  readonly binaryShare: number
  /** When events came in the ten seconds that are drawn, and the cycles of a poll. */
  readonly arrivals: readonly number[]
  readonly cycles: readonly DrawnCycle[]
}

export type FeedMatch = 'content' | 'counter' | 'chosen' | 'only' | 'busiest'

/** What the compared connections carry. */
export interface TechniqueFeed {
  readonly connections: readonly number[]
  /**
   * How they were found: by equal events, by a counter, chosen by the user, the only one with events, or the busiest one
   * because no two carry the same.
   */
  readonly by: FeedMatch
  /** The counter and the time in its events, such as `seq`. */
  readonly counter: string | null
  readonly clock: string | null
  /** What latencies count from. */
  readonly latencyFrom: 'clock' | 'fastest' | null
  /** Milliseconds by which the clocks differ at least, if latencies were corrected for it. */
  readonly skew: number | null
  readonly events: number
  /** Milliseconds from its first event to its last. */
  readonly duration: number
}

export interface TechniqueReason {
  /** Follows the word "because". */
  readonly text: string
  readonly source?: FindingSource
}

export interface TechniqueAdvice {
  readonly technique: TransportName
  /** How much speaks for it: the sum of its reasons. */
  readonly points: number
  /** A few words. */
  readonly summary: string
  /** Whether figures of this session speak of it. */
  readonly measured: boolean
  /** Never empty; the weightiest first. */
  readonly because: readonly TechniqueReason[]
}

/** What would put another technique first. */
export interface TechniqueChange {
  readonly change: string
  readonly technique: TransportName
}

export interface TechniqueReport {
  readonly connections: readonly TechniqueConnection[]
  readonly feed: TechniqueFeed | null
  /** The one that fits best first. Empty if there is too little data. */
  readonly advice: readonly TechniqueAdvice[]
  readonly changes: readonly TechniqueChange[]
  /** What is missing for advice, or for a figure: one sentence each. */
  readonly missing: readonly string[]
  /** The ten seconds that are drawn, and when events were sent or first came in them. */
  readonly drawn: { readonly from: number; readonly to: number; readonly sent: readonly number[] }
}
