/** Filters, matches and statistics of a session. */
import type { Group } from '../groups.ts'

/** The largest length of a filter. */
export const MAX_FILTER = 2000

/** An error in a filter, or why it was stopped: one sentence, and the characters [start, end) that it refers to. */
export interface FilterMistake {
  readonly message: string
  readonly start: number
  readonly end: number
}

/** Matches of a filter that are new since the last delta. */
export interface Matches {
  /** The number with which the search was started. */
  readonly generation: number
  /** Number of matches before these. If it is lower than before, the search has started over. */
  readonly first: number
  /** Numbers of events, ascending. */
  readonly indexes: Uint32Array<ArrayBuffer>
  /** Every event before this number has been tested. */
  readonly scanned: number
  /** Why the search stopped. */
  readonly mistake?: FilterMistake
}

/** Session times in ms, both included. */
export interface TimeRange {
  readonly from: number
  readonly to: number
}

/** A part of the session: the events that the filter, the switches and the selected range leave. */
export interface Selected {
  /** The search whose matches they are among; null without a filter. */
  readonly generation: number | null
  /** Null for all times. */
  readonly range: TimeRange | null
  /** Number of a connection; null for all. */
  readonly connection: number | null
  readonly hidden: readonly Group[]
  /** Numbers of connections whose events are not part of it. */
  readonly without?: readonly number[]
  /** Only events before this number. */
  readonly end: number
}

/** Statistics of a part of the session; exact, gaps in microseconds. */
export interface PartStatistics {
  readonly count: number
  readonly messages: number
  /** Payload bytes. */
  readonly bytes: number
  /** Session times of its first and last event in ms; both 0 if it has no events. */
  readonly from: number
  readonly to: number
  /** Milliseconds from one event in it to the next on the same connection; null if there are no two such events. */
  readonly gaps: Percentiles | null
}

export interface Percentiles {
  readonly p50: number
  readonly p95: number
  readonly p99: number
}

/** A filter that the user has named. */
export interface SavedFilter {
  readonly name: string
  readonly text: string
}

/** A path in JSON payloads of the session, and some of its values as JSON. */
export interface SeenPath {
  readonly path: string
  readonly values: readonly string[]
}

/** Paths and texts that previews can be asked for, and the largest length of one. */
export const MAX_WISHES = 32
export const MAX_WISH = 400

export const MAX_SAVED_FILTERS = 50
export const MAX_FILTER_NAME = 80
/** The largest length of a note. */
export const MAX_NOTE = 1000

/** Calls that narrow the session. The page makes them through the host. */
export type FilterMethods = {
  /**
   * Replaces the filter. Its matches come with the deltas, with the number `generation`. An empty text ends the search.
   * Returns what is wrong with the text, in which case the previous filter continues.
   */
  filter: { params: { readonly text: string; readonly generation: number }; result: FilterMistake | null }
  /** Stops the search. Its matches stay. */
  stopFilter: { params: { readonly generation: number }; result: null }
  /** Computes the statistics of a part; null if another part was requested in the meantime. */
  statistics: { params: Selected; result: PartStatistics | null }
  /** Paths in some of the newest JSON payloads. */
  paths: { params: null; result: readonly SeenPath[] }
  /** Holds back new events from the reader while the capture continues, or releases them. */
  hold: { params: { readonly held: boolean }; result: null }
}

export type FilterPanelMethods = FilterMethods & {
  /** Adds the user's note at a session time in ms. */
  mark: { params: { readonly text: string; readonly time: number }; result: null }
  /** Saves a filter; replaces one with the same name. Returns all saved filters. */
  saveFilter: { params: SavedFilter; result: readonly SavedFilter[] }
  forgetFilter: { params: { readonly name: string }; result: readonly SavedFilter[] }
}

/** The position of a reader that already has a part of the session. */
export interface ReaderPosition {
  readonly from: number
  readonly fromEventName: number
  /** The matches that it already has. */
  readonly fromMatch?: { readonly generation: number; readonly count: number }
  /** Whether new events are held back. */
  readonly held?: boolean
}
