/** The call about how long messages take to arrive. */
import type { DeliveryReport } from '../report.ts'

/** Columns that a call may ask for. */
export const MAX_LATENCY_WIDTH = 4096

/** Delays of the messages in a span of time, in ms above the fastest message of the connection. */
export interface LatencyBucket {
  /** Session times in ms. */
  readonly from: number
  readonly to: number
  readonly min: number
  readonly median: number
  readonly max: number
}

export interface LaneLatency extends DeliveryReport {
  readonly connection: number
  readonly buckets: readonly LatencyBucket[]
}

export interface LatencyList {
  /** Those of the connections whose messages carry a time. */
  readonly lanes: readonly LaneLatency[]
  /** Whether every event has been read. If not, ask again. */
  readonly isCurrent: boolean
}

/** The page makes it through the host. */
export type LatencyMethods = {
  /** The delays from one session time to another, in `width` buckets of equal duration. */
  latency: {
    params: {
      readonly from: number
      readonly to: number
      readonly width: number
      readonly connections: readonly number[]
    }
    result: LatencyList
  }
}
