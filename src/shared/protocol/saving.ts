/** Saving a session or a part of it, and its progress. */
import type { Selected } from './filtering.ts'

/** Events [from, to). */
export interface EventRange {
  readonly from: number
  readonly to: number
}

/** The largest number of ranges in a part. */
export const MAX_RANGES = 100_000

/** A part of a session: the selected events, limited to the ranges if there are any. */
export interface Part {
  readonly selected: Selected
  readonly ranges: readonly EventRange[] | null
}

/** All of one connection. */
export function wholeConnection(connection: number): Part {
  const end = Number.MAX_SAFE_INTEGER
  return { selected: { generation: null, range: null, connection, hidden: [], end }, ranges: null }
}

export const EXPORT_FORMATS = ['har', 'csv', 'ndjson', 'parquet', 'artillery.yml'] as const
export type ExportFormat = (typeof EXPORT_FORMATS)[number]
/** Extensions of the files that can be written. */
export const OUTPUT_EXTENSIONS = ['rtsession', ...EXPORT_FORMATS].map((name) => `.${name}`)

export interface Saved {
  /** How many events were read. A format that only holds messages leaves the others out. */
  readonly events: number
  /** Names of the values that were masked. */
  readonly masked: readonly string[]
  /** Events among them whose payload is no longer kept. Default 0. */
  readonly withoutPayload?: number
  /** What could not be decoded for a format that has decoded events: a sentence for each connection, at most a hundred. */
  readonly undecoded?: readonly string[]
}

/** Calls that write a session, or a part of it, to a file. */
export type SavingMethods = {
  /**
   * Writes a session file, or another format, whose extension the path must have. Masks secrets except those named in
   * `reveal`. A part includes the lifecycle events of its connections, because the file cannot be understood without
   * them. `ticket` identifies the call in `progress` and `cancelSave`.
   */
  save: {
    params: {
      readonly path: string
      readonly reveal: readonly string[]
      /** Fields to mask in payloads: names and JSONPaths. Default none; rejects with BAD_MASK. */
      readonly mask?: readonly string[]
      /** Default: the whole session. */
      readonly part?: Part | null
      /** Default: a session file. */
      readonly as?: ExportFormat
      /** A copy for internal use: the session does not count as saved. */
      readonly aside?: boolean
      readonly ticket?: number
    }
    result: Saved
  }
  /** Cancels a `save`, which rejects with CANCELLED and removes its file. */
  cancelSave: { params: { readonly ticket: number }; result: null }
}

/** The progress of a `save` in events. */
export interface Progress {
  readonly ticket: number
  readonly done: number
  readonly of: number
}
