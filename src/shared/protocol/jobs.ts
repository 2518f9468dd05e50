/** Work on recordings outside of the extension host's thread. Each job runs in its own worker. */
import type { Compared, ComparedConnections, CompareWish } from '../comparison.ts'
import type { Dialect } from '../dialect.ts'
import type { Saved } from './saving.ts'
import type { Match, ServedEndpoint, ServedState } from './served.ts'

export type { ServedEndpoint } from './served.ts'

/** A capture with unsaved events that another process left behind. */
export interface UnsavedCapture {
  readonly directory: string
  /** ISO 8601. */
  readonly startedAt: string
  /** Number of events that the user has not saved. */
  readonly events: number
  /** Total size of its files. */
  readonly bytes: number
}

export interface UnsavedParams {
  /** Folders that contain captures; missing folders are ignored. */
  readonly parents: readonly string[]
  /** Captures in these folders that this process is using. */
  readonly own: readonly string[]
  /** The largest number of captures to keep, and their bytes; the oldest beyond that are removed. */
  readonly most: number
  readonly mostBytes: number
}

export interface ServeParams {
  readonly path: string
  /** 0 for any free port. */
  readonly port: number
  /** A factor for the recorded speed; null to not wait at all. */
  readonly speed: number | null
  readonly loop: boolean
  readonly outages: boolean
  readonly match?: Match | undefined
  /** Origins whose pages may make requests, in addition to those of this machine; `*` for any. */
  readonly allowOrigins: readonly string[]
}

/** What a recording holds. */
export interface RecordingSummary {
  /** Milliseconds since 1970; absent if it is not known. */
  readonly startedAt?: number
  readonly events: number
  readonly connections: number
  /** Milliseconds until the last event. */
  readonly duration: number
  /** Only its beginning was read, because it is very long. */
  readonly isPartial?: true
}

export type JobMethods = {
  /**
   * Lists abandoned captures, oldest first. Removes those that are empty, saved or beyond the limits, and lists them in
   * `removed`.
   */
  unsaved: {
    params: UnsavedParams
    result: {
      readonly sessions: readonly UnsavedCapture[]
      /** Captures that other processes are still writing. */
      readonly running: readonly UnsavedCapture[]
      readonly removed: readonly string[]
    }
  }
  /** Writes an abandoned capture as a session file, or a copy of a capture that another process is still writing. */
  recover: {
    params: {
      readonly directory: string
      readonly path: string
      readonly reveal: readonly string[]
      /** As in `save`. */
      readonly mask?: readonly string[]
      /** Whether another process still writes it. Default false. */
      readonly isRunning?: boolean
    }
    result: Saved
  }
  /** Compares two recordings, each a session file or a HAR file. */
  compare: {
    params: {
      readonly a: string
      readonly b: string
      readonly wish: CompareWish
      /** Default all of them. */
      readonly connections?: ComparedConnections
      /** The users' own. */
      readonly dialects?: readonly Dialect[]
    }
    result: Compared
  }
  /** Writes a recording. `stop` cancels it and removes its file. */
  convert: {
    params: {
      readonly from: string
      readonly path: string
      /** The extension of the format, with its dot. Default: that of `path`. */
      readonly format?: string
      readonly reveal: readonly string[]
      /** The name that the file has of the recording. Default: none, as of a live session. */
      readonly name?: string
    }
    result: Saved
  }
  /** Null for a HAR that is too large to be read for a summary. Rejects if the file is not a recording. */
  summarize: { params: { readonly path: string }; result: RecordingSummary | null }
  discard: { params: { readonly directory: string }; result: null }
  /** Serves a recording until the worker ends. */
  serve: {
    params: ServeParams
    result: { readonly endpoints: readonly ServedEndpoint[]; readonly notes: readonly string[] }
  }
  stop: { params: null; result: null }
}

export type JobNotifications = {
  /** The state of the server has changed. Sent at most a few times per second. */
  served: ServedState
}
