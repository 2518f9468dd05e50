/** What `activate()` returns, for other extensions and for tests. */
import type { Event, Uri } from 'vscode'
import type { Direction, EventType } from '../shared/event.ts'
import type { ConnectionSpec } from '../shared/spec.ts'
import type { ConnectionStatus, SessionStatus } from '../shared/status.ts'

export type { ConnectionSpec, ConnectionStatus, SessionStatus }

/** One event as the session file has it (docs/session-format.md), secrets masked. */
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
  /** The payload, where it is valid UTF-8 text. */
  readonly text?: string
  /** The payload, where it is not. */
  readonly base64?: string
  /** The fields of its type. */
  readonly [field: string]: unknown
}

export interface SaveResult {
  /** How many events were written. */
  readonly events: number
  /** Names of what was written as `***`. */
  readonly masked: readonly string[]
  /** How many of them are without their payload, which is not kept any more. Default 0. */
  readonly withoutPayload?: number
}

export interface OpenRecording {
  readonly uri: Uri
  readonly status: SessionStatus | undefined
}

export interface RealtimeInspectorApi {
  /**
   * Opens a connection; resolves to its id once the attempt is under way. Rejects with a sentence where
   * the specification cannot be used; what the network does shows in `connections()` and `onEvent`.
   */
  connect(spec: ConnectionSpec): Promise<number>
  /** Every connection of the session, ended ones too, as of a moment ago. */
  connections(): readonly ConnectionStatus[]
  /**
   * Every event of the session from the time of subscribing, in order, at most a fraction of a second
   * late. Nothing is skipped, but for events that the capture had to drop before they could be read.
   */
  readonly onEvent: Event<SessionEvent>
  /** Writes the session so far as an `.rtsession` file, secrets masked. */
  save(uri: Uri): Promise<SaveResult>
  /** The session files that are open in editors; `status` is undefined until they have been opened. */
  recordings(): readonly OpenRecording[]
}
