/** What is saved of a session, and how saving gets on. */
import type { Selected } from './filtering.ts'

/** Events [from, to). */
export interface EventRange {
  readonly from: number
  readonly to: number
}

/** Ranges of events named one by one at most. */
export const MAX_RANGES = 100_000

/** A part of a session: what is selected of it, and of that only the events in the ranges where there are any. */
export interface Part {
  readonly selected: Selected
  readonly ranges: readonly EventRange[] | null
}

/** All of one connection. */
export function wholeConnection(connection: number): Part {
  const end = Number.MAX_SAFE_INTEGER
  return { selected: { generation: null, range: null, connection, hidden: [], end }, ranges: null }
}

export const EXPORT_FORMATS = ['har', 'csv', 'ndjson'] as const
export type ExportFormat = (typeof EXPORT_FORMATS)[number]

export interface Saved {
  /** How many events were written. */
  readonly events: number
  /** Names of what was written as `***`. */
  readonly masked: readonly string[]
  /** How many of them are without their payload, which is not kept any more. Default 0. */
  readonly withoutPayload?: number
}

/** Calls that write a session, or a part of it, to a file. */
export type SavingMethods = {
  /**
   * Writes the session file, or another format, in which the path has to end; secrets are masked except those
   * named. Of a part the lifecycle of its connections is written too, without which the file could
   * not be understood. `ticket` names the call in `progress` and `cancelSave`.
   */
  save: {
    params: {
      readonly path: string
      readonly reveal: readonly string[]
      /** Fields to mask in payloads too: names, and JSONPaths. Default none; rejects with BAD_MASK. */
      readonly mask?: readonly string[]
      /** Default all of it. */
      readonly part?: Part | null
      /** Default: a session file. */
      readonly as?: ExportFormat
      /** A copy for the program's own use: the session is as unsaved as before. */
      readonly aside?: boolean
      readonly ticket?: number
    }
    result: Saved
  }
  /** Has a `save` reject with CANCELLED; nothing is left of its file. */
  cancelSave: { params: { readonly ticket: number }; result: null }
}

/** How far a `save` has got, in events. */
export interface Progress {
  readonly ticket: number
  readonly done: number
  readonly of: number
}
