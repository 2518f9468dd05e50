/** Two recordings compared, as the page of a comparison shows them. */

export const DIFFERENCE_KINDS = ['changed', 'moved', 'missing', 'extra', 'late', 'early'] as const
export type DifferenceKind = (typeof DIFFERENCE_KINDS)[number]

/** Spans that the messages of a lane are summed up in at most. */
export const MAX_SPANS = 240
/** Differences listed at most. */
export const MAX_LISTED = 2000
export const MAX_IGNORED = 50

export interface ComparedSide {
  /** Number of the event in its recording, from 1. */
  readonly event: number
  /** Session time, ms; undefined where its payload was too much to keep. */
  readonly time: number | undefined
  /** The payload's beginning. */
  readonly text: string
}

export interface ListedDifference {
  readonly kind: DifferenceKind
  readonly direction: 'in' | 'out' | undefined
  /** Which of `connections` it is in. */
  readonly connection: number
  readonly a: ComparedSide | undefined
  readonly b: ComparedSide | undefined
  /** Milliseconds, for `late` and `early`. */
  readonly lag?: number
  /** JSON path and the JSON on either side, shortened; a side that has nothing there is left out. */
  readonly changes: readonly { readonly path: string; readonly before?: string; readonly after?: string }[]
}

/** Aligned messages summed up: in each span how many are the same, changed, moved, missing, extra. */
export interface ComparedLane {
  readonly direction: 'in' | 'out' | undefined
  readonly rows: number
  readonly spans: readonly (readonly [number, number, number, number, number])[]
}

export interface ComparedConnection {
  /** `1 · websocket wss://…`, secrets masked; undefined where that recording has none. */
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
  readonly connections: readonly ComparedConnection[]
  readonly differences: readonly ListedDifference[]
}

export interface CompareWish {
  /** JSON paths (RFC 9535) of what is not compared. */
  readonly ignore: readonly string[]
  /** Milliseconds; null: times are not compared. */
  readonly tolerance: number | null
}

/** Numbers of the only connections that are compared. */
export interface ComparedConnections {
  readonly a: number
  readonly b: number
}

/** What the page of a comparison may ask. */
export type ComparePageMethods = {
  ready: { params: null; result: { readonly a: string; readonly b: string; readonly wish: CompareWish } }
  compare: { params: CompareWish; result: Compared }
}
