/** The result of comparing two recordings. */
import type { Compared } from '../../shared/comparison.ts'
import type { Direction } from '../../shared/event.ts'
import type { LifecycleDifference } from './lifecycle.ts'

/** How the two sides of a row compare. Stored as indexes of `ROW_STATUSES`. */
export const ROW_STATUSES = ['same', 'changed', 'moved', 'missing', 'extra'] as const
export type RowStatus = (typeof ROW_STATUSES)[number]

/**
 * Aligned messages as columns: for each row the numbers of the events in both recordings, from 0, or `UNPAIRED`.
 * A moved message has one row, at its position in the first recording. If the protocol is known, messages are its packets.
 */
export interface LaneComparison {
  /** Undefined: both directions in their common order. */
  readonly direction: Direction | undefined
  readonly a: Int32Array<ArrayBuffer>
  readonly b: Int32Array<ArrayBuffer>
  /** The positions of packets among those that end in the same event. */
  readonly aPart: Uint32Array<ArrayBuffer>
  readonly bPart: Uint32Array<ArrayBuffer>
  /** The positions of their lines in the files; -1 if a message has to be read with the events before it. */
  readonly aOffset: Float64Array<ArrayBuffer>
  readonly bOffset: Float64Array<ArrayBuffer>
  /** Indexes of `ROW_STATUSES`. */
  readonly status: Uint8Array<ArrayBuffer>
  /** `ON_TIME`, `LATE` or `EARLY`. */
  readonly timing: Uint8Array<ArrayBuffer>
  /** Milliseconds by which the second message is later, both relative to their open. NaN if one is missing. */
  readonly lag: Float64Array<ArrayBuffer>
  /** By row: the positions of ids that do not correspond. */
  readonly idChanges: ReadonlyMap<number, readonly number[]>
  /** True if there were too many differences to try all pairings, so that another one may have fewer. */
  readonly isApproximate: boolean
}

export interface ConnectionSummary {
  readonly id: number
  readonly transport: string
  /** With masked secrets. */
  readonly url: string
}

export interface ConnectionComparison {
  readonly a: ConnectionSummary | undefined
  readonly b: ConnectionSummary | undefined
  readonly lanes: readonly LaneComparison[]
  readonly lifecycle: readonly LifecycleDifference[]
}

export type ComparisonCounts = Compared['counts']

export interface Comparison {
  readonly same: boolean
  readonly counts: ComparisonCounts
  /** Whether a lane is approximate. */
  readonly isApproximate: boolean
  readonly connections: readonly ConnectionComparison[]
}
