/** What the panel asks of a session when it narrows it, and what it is told. */
import type { Group } from '../groups.ts'

/** Characters a filter may have. */
export const MAX_FILTER = 2000

/** A mistake in a filter, or why it was stopped: one sentence, and the characters [start, end) it is about. */
export interface FilterMistake {
  readonly message: string
  readonly start: number
  readonly end: number
}

/** Events a filter has found since it was last told. */
export interface Matches {
  /** Which search they belong to: the number it was started with. */
  readonly generation: number
  /** How many it had found before these; fewer than were told before begin anew. */
  readonly first: number
  /** Numbers of events, ascending. */
  readonly indexes: Uint32Array<ArrayBuffer>
  /** Every event before this one has been looked at. */
  readonly scanned: number
  /** Why it looks no further. */
  readonly mistake?: FilterMistake
}

/** Session time in ms, both ends included. */
export interface TimeRange {
  readonly from: number
  readonly to: number
}

/** A part of the session: what the filter, the switches and the chosen range leave of it. */
export interface Selected {
  /** The search whose matches they are among; null for no filter. */
  readonly generation: number | null
  /** Null for all of it. */
  readonly range: TimeRange | null
  /** One connection, or null for all. */
  readonly connection: number | null
  readonly hidden: readonly Group[]
  /** Only events before this number. */
  readonly end: number
}

/** What a part of the session amounts to; exact, gaps to the microsecond. */
export interface PartStatistics {
  readonly count: number
  readonly messages: number
  /** Payload bytes. */
  readonly bytes: number
  /** Session time of the first and the last event in it, ms; both 0 where there is none. */
  readonly from: number
  readonly to: number
  /** Milliseconds from an event in it to the next on the same connection; null where there are no two. */
  readonly gaps: Percentiles | null
}

export interface Percentiles {
  readonly p50: number
  readonly p95: number
  readonly p99: number
}

/** A filter the user has named. */
export interface SavedFilter {
  readonly name: string
  readonly text: string
}

/** A path that leads somewhere in JSON payloads of the session, and some of what it leads to, as JSON. */
export interface SeenPath {
  readonly path: string
  readonly values: readonly string[]
}

export const MAX_SAVED_FILTERS = 50
export const MAX_FILTER_NAME = 80
/** Characters a mark's note may have. */
export const MAX_NOTE = 1000

/** Calls that narrow the session; the page makes them through the host. */
export type FilterMethods = {
  /**
   * Searches the session with a filter in place of the one before; what it finds comes with the deltas under
   * the number `generation`. An empty text ends the search. The result says what is wrong with the text, if
   * anything: the one before then goes on.
   */
  filter: { params: { readonly text: string; readonly generation: number }; result: FilterMistake | null }
  /** Looks no further; what was found stays. */
  stopFilter: { params: { readonly generation: number }; result: null }
  /** Counts a part of the session; null where another was asked for meanwhile. */
  statistics: { params: Selected; result: PartStatistics | null }
  /** What paths there are in the JSON payloads, by a look at some of the newest. */
  paths: { params: null; result: readonly SeenPath[] }
  /** Keeps new events back from the reader while capture goes on, or lets them come again. */
  hold: { params: { readonly held: boolean }; result: null }
}

export type FilterPanelMethods = FilterMethods & {
  /** The user's note at a session time in ms. */
  mark: { params: { readonly text: string; readonly time: number }; result: null }
  /** Keeps a filter under a name, in place of one of that name; the result is all of them. */
  saveFilter: { params: SavedFilter; result: readonly SavedFilter[] }
  forgetFilter: { params: { readonly name: string }; result: readonly SavedFilter[] }
}

/** Where a reader stands who already has a part of the session. */
export interface ReaderPosition {
  readonly from: number
  readonly fromEventName: number
  /** Matches of a filter. */
  readonly fromMatch?: { readonly generation: number; readonly count: number }
  /** Whether new events are kept back. */
  readonly held?: boolean
}
