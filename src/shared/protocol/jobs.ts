/** What is done with recordings off the extension host's thread, each job in a worker of its own. */
import type { Compared, ComparedConnections, CompareWish } from '../comparison.ts'
import type { Saved } from './saving.ts'
import type { Match, ServedEndpoint, ServedState } from './served.ts'

export type { ServedEndpoint } from './served.ts'

/** A capture that an earlier process left behind. */
export interface UnsavedCapture {
  readonly directory: string
  /** ISO 8601. */
  readonly startedAt: string
  /** Events that are in no file of the user's. */
  readonly events: number
  /** Of its files. */
  readonly bytes: number
}

export interface UnsavedParams {
  /** The folders of captures; one that is not there is empty. */
  readonly parents: readonly string[]
  /** Captures in them that are in use by this process. */
  readonly own: readonly string[]
  /** How many are kept at most, and how many bytes of them; the oldest beyond that are removed. */
  readonly most: number
  readonly mostBytes: number
}

export interface ServeParams {
  readonly path: string
  /** 0: one that is free. */
  readonly port: number
  /** Times as fast as recorded; null does not wait. */
  readonly speed: number | null
  readonly loop: boolean
  readonly outages: boolean
  readonly match: Match
  /** Origins whose pages may ask, beside those of this machine, or `*` for any. */
  readonly allowOrigins: readonly string[]
}

export type JobMethods = {
  /** Lists what was left, oldest first; what is empty or saved or too much is removed, as `removed` says. */
  unsaved: {
    params: UnsavedParams
    result: {
      readonly sessions: readonly UnsavedCapture[]
      /** Unsaved sessions that other processes are still writing. */
      readonly running: readonly UnsavedCapture[]
      readonly removed: readonly string[]
    }
  }
  /** Writes what was left as a session file, or a copy of what another process is still writing. */
  recover: {
    params: {
      readonly directory: string
      readonly path: string
      readonly reveal: readonly string[]
      /** As for `save`. */
      readonly mask?: readonly string[]
      /** Whether another process still writes it. Default false. */
      readonly isRunning?: boolean
    }
    result: Saved
  }
  /** Compares two recordings, each a session file or a HAR. */
  compare: {
    params: {
      readonly a: string
      readonly b: string
      readonly wish: CompareWish
      /** Default all of them. */
      readonly connections?: ComparedConnections
    }
    result: Compared
  }
  discard: { params: { readonly directory: string }; result: null }
  /** Serves a recording until the worker ends. */
  serve: {
    params: ServeParams
    result: { readonly endpoints: readonly ServedEndpoint[]; readonly notes: readonly string[] }
  }
  stop: { params: null; result: null }
}

export type JobNotifications = {
  /** What is said of the server is another; a few times a second at most. */
  served: ServedState
}
