/** The figures of a load, as `replay --connections` prints them. Times are in ms. */
import type { Distribution } from '../../shared/report.ts'

/** Connections that failed for the same reason. */
export interface FailureKind {
  /** The code of the failure, such as `ECONNREFUSED`, `HTTP_STATUS 503` or `CLOSE 1011`. */
  readonly kind: string
  /** They never opened, or they were lost later. */
  readonly phase: 'open' | 'later'
  readonly count: number
  /** The sentence of the first of them. */
  readonly message: string
}

export interface TrafficCount {
  readonly messages: number
  /** Bytes of the payloads. */
  readonly bytes: number
}

/** What the program that made the load could do. */
export interface OwnLimit {
  /** How long callbacks waited for the event loop. */
  readonly eventLoopDelay: Distribution | null
  /** Share of the time in which the event loop had work, from 0 to 1. */
  readonly eventLoopUtilization: number
  /** Processor time by the time that passed; 1 is one processor. */
  readonly processors: number
  /** The largest memory of the process in bytes. */
  readonly memory: number
  /** How long after their times messages were sent and connections were started; null if none had a time. */
  readonly late: Distribution | null
  /** Why the figures say more about this program than about the server; null if they do not. */
  readonly bottleneck: string | null
}

export interface LoadReport {
  readonly duration: number
  readonly connections: {
    readonly planned: number
    readonly started: number
    readonly opened: number
    /** The most that were open at once. */
    readonly peak: number
    /** Opened and ended without a failure. */
    readonly closed: number
    /** Never opened. */
    readonly failed: number
    /** Opened and failed later. */
    readonly lost: number
  }
  readonly failures: readonly FailureKind[]
  /** From the start of a connection until it was open. Without polls. */
  readonly handshakes: Distribution | null
  /** From a message that was sent to its answer. */
  readonly answers: Distribution | null
  /**
   * How answers were found: `protocol` if the ids of the protocol pair them, `order` if the recording says which inbound
   * message followed.
   */
  readonly answersBy: 'protocol' | 'order'
  /** How many answers were measured. */
  readonly answerCount: number
  /** From the request of a poll to the head of its response. */
  readonly responses: Distribution | null
  readonly out: TrafficCount
  readonly in: TrafficCount
  readonly client: OwnLimit
}
