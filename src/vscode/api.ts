/** What `activate()` returns, for other extensions and for tests. */
import type { Event, Uri } from 'vscode'
import type { Direction, EventType } from '../shared/event.ts'
import type { Finding } from '../shared/finding.ts'
import type { ConnectionSpec } from '../shared/spec.ts'
import type { ConnectionStatus, SessionStatus } from '../shared/status.ts'

export type { ConnectionSpec, ConnectionStatus, Finding, SessionStatus }

/** One event as in a session file (docs/session-format.md), with secrets masked. */
export interface SessionEvent {
  readonly type: EventType
  /** Counts from 1; absent on a `mark`. */
  readonly connection?: number
  /** Milliseconds since the session started. */
  readonly time: number
  readonly direction?: Direction
  /** Payload bytes. */
  readonly size?: number
  readonly wireSize?: number
  /** The payload if it is valid UTF-8 text. */
  readonly text?: string
  /** The payload if it is not valid UTF-8 text. */
  readonly base64?: string
  /** The other fields of its type. */
  readonly [field: string]: unknown
}

export interface SaveResult {
  /** Number of events that were written. */
  readonly events: number
  /** Names of the secrets that were written as `***`. */
  readonly masked: readonly string[]
  /** Number of these events whose payload is missing because it is no longer kept. Default 0. */
  readonly withoutPayload?: number
}

export interface OpenRecording {
  readonly uri: Uri
  readonly status: SessionStatus | undefined
}

export interface RealtimeInspectorApi {
  /**
   * Opens a connection, and resolves to its id once the attempt has started. Rejects with a sentence if the
   * specification is invalid. Failures of the network show in `connections()` and `onEvent`.
   */
  connect(spec: ConnectionSpec): Promise<number>
  /** Every connection of the session, including those that have ended, as of a moment ago. */
  connections(): readonly ConnectionStatus[]
  /**
   * Fires for every event of the session from the time of subscribing, in order, at most a fraction of a second late.
   * Skips only events that the capture had to drop before they were read.
   */
  readonly onEvent: Event<SessionEvent>
  /**
   * The events of a connection so far that a filter finds, as typed into the panel: at most 10,000. An empty filter finds all.
   * Rejects if the filter is wrong.
   */
  events(connection: number, filter?: string): Promise<readonly SessionEvent[]>
  /** Writes the session so far to an `.rtsession` file, with secrets masked. */
  save(uri: Uri): Promise<SaveResult>
  /**
   * What the rules have found (docs/findings.md), in the live session or in a session file or HAR: the most severe first, without
   * those that the user has muted. Resolves once all events so far are diagnosed. Rejects if the file cannot be read.
   */
  diagnose(uri?: Uri): Promise<readonly Finding[]>
  /** The session files that are open in editors; `status` is undefined until the file has been opened. */
  recordings(): readonly OpenRecording[]
}
