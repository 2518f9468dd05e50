/** The comparison of two recordings, as its page shows it. */

export const DIFFERENCE_KINDS = ['changed', 'moved', 'missing', 'extra', 'late', 'early'] as const
export type DifferenceKind = (typeof DIFFERENCE_KINDS)[number]

/** The largest number of spans in the summary of a lane. */
export const MAX_SPANS = 240
/** The largest number of differences that are listed. */
export const MAX_LISTED = 2000
export const MAX_IGNORED = 50

export interface ComparedSide {
  /** Number of the event in its recording, from 1. */
  readonly event: number
  /** Session time in ms; undefined if its payload was too large to keep. */
  readonly time: number | undefined
  /** The payload's beginning. */
  readonly text: string
}

export interface ListedDifference {
  readonly kind: DifferenceKind
  readonly direction: 'in' | 'out' | undefined
  /** Index into `connections`. */
  readonly connection: number
  readonly a: ComparedSide | undefined
  readonly b: ComparedSide | undefined
  /** Milliseconds, for `late` and `early`. */
  readonly lag?: number
  /** JSON path, and the JSON on each side, shortened; absent on a side that has nothing at the path. */
  readonly changes: readonly { readonly path: string; readonly before?: string; readonly after?: string }[]
}

/** A summary of aligned messages: for each span, how many are the same, changed, moved, missing and extra. */
export interface ComparedLane {
  readonly direction: 'in' | 'out' | undefined
  readonly rows: number
  readonly spans: readonly (readonly [number, number, number, number, number])[]
}

export interface ComparedConnection {
  /** `1 · websocket wss://…`, secrets masked; undefined if that recording does not have the connection. */
  readonly a: string | undefined
  readonly b: string | undefined
  readonly lifecycle: readonly { readonly field: string; readonly before: string; readonly after: string }[]
  readonly lanes: readonly ComparedLane[]
}

export interface Compared {
  readonly same: boolean
  readonly counts: Readonly<
    Record<DifferenceKind | 'same' | 'lifecycle' | 'missingConnections' | 'extraConnections', number>
  >
  /** True if there were too many differences to try all pairings, so that another one may have fewer. */
  readonly isApproximate: boolean
  /** What could not be read of the files: one sentence each. */
  readonly notes: readonly string[]
  readonly connections: readonly ComparedConnection[]
  readonly differences: readonly ListedDifference[]
}

export interface CompareWish {
  /** JSON paths (RFC 9535) of values to ignore. */
  readonly ignore: readonly string[]
  /** Milliseconds; null to ignore times. */
  readonly tolerance: number | null
  /** A filter for messages that are not compared; empty for none. */
  readonly ignoreMessages: string
  /** Ids are compared only by what they belong to. */
  readonly normalizeIds: boolean
}

/** Compares everything but times. */
export const COMPARE_ALL: CompareWish = {
  ignore: [],
  tolerance: null,
  ignoreMessages: '',
  normalizeIds: false,
}

/** Numbers of the connections, if only one of each recording is compared. */
export interface ComparedConnections {
  readonly a: number
  readonly b: number
}

/** The calls that the page of a comparison can make. */
export type ComparePageMethods = {
  ready: { params: null; result: { readonly a: string; readonly b: string; readonly wish: CompareWish } }
  compare: { params: CompareWish; result: Compared }
  /** Hands over the difference at this position of the last result to the user's assistant. */
  explain: { params: { readonly difference: number }; result: null }
}
