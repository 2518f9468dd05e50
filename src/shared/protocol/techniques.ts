/** The calls about techniques side by side. */
import type { TechniqueAnswers, TechniqueReport } from '../techniques.ts'

/** What the ranking depends on beside the session. */
export interface TechniqueQuestion {
  readonly answers: TechniqueAnswers
  /** Connections that carry the same feed. Null if they are to be found. */
  readonly chosen: readonly number[] | null
}

/** The page makes them through the host. */
export type TechniqueMethods = {
  /** The connections of the session so far side by side. Takes as long as reading what is new since the last call. */
  techniques: { params: TechniqueQuestion; result: TechniqueReport }
}

/** Milliseconds between two events of the demo's feed, and what can be set. */
export interface FeedRate {
  readonly every: number
  readonly least: number
  readonly most: number
}

/** Calls that only the page makes. */
export type TechniquePanelMethods = {
  /** Reads the rate of the demo's feed, or sets it. Null if the session does not have the demo's feed. */
  feedRate: { params: { readonly every: number | null }; result: FeedRate | null }
  /** Opens the demo's feed by all techniques. */
  openFeed: { params: null; result: null }
  /** Asks for a file, and writes the comparison to it as Markdown or JSON. */
  exportTechniques: { params: TechniqueQuestion; result: null }
}
