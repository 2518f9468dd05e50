/** What there is to know of a connection and of the session at a glance. */
import type { TransportName } from './spec.ts'

/** `waiting` is between two attempts; `closed` ended as asked or as the peer meant; `failed` needs the user. */
export type ConnectionState = 'connecting' | 'open' | 'waiting' | 'closing' | 'closed' | 'failed'

/** How a message that is sent again and again gets on. */
export interface RepeatStatus {
  readonly sent: number
  readonly count: number
  /** Milliseconds. */
  readonly interval: number
  /** Why it ended, as one sentence; absent while it goes on. */
  readonly ended?: string
}

export interface ConnectionStatus {
  readonly id: number
  /** With secrets masked. */
  readonly url: string
  readonly transport: TransportName | 'auto'
  readonly state: ConnectionState
  /** Session time of the last change of state, ms. */
  readonly since: number
  /** Session time of the first successful open; undefined where it never opened. */
  readonly openedAt: number | undefined
  readonly messagesIn: number
  readonly messagesOut: number
  readonly bytesIn: number
  readonly bytesOut: number
  /** Inbound messages a second, over the last second. */
  readonly rate: number
  readonly reconnects: number
  /** Polls: answers, and those among them that brought nothing. */
  readonly responses: number
  readonly emptyResponses: number
  /** While waiting: the attempt to come, when (session time, ms), and why. */
  readonly retry: { readonly attempt: number; readonly at: number; readonly reason: string } | undefined
  /** While a poll is held: session time of its request. */
  readonly heldSince: number | undefined
  /** Why it failed, as one sentence. */
  readonly error: string | undefined
  /** The code of that failure. */
  readonly errorCode?: string | undefined
  /** Whether this transport can send messages. */
  readonly canSend: boolean
  /** Reading is paused because the disk or the reader fell behind. */
  readonly stalled: boolean
  /** The last repeat on it; absent where there was none. */
  readonly repeat?: RepeatStatus | undefined
}

export interface SessionStatus {
  readonly startedAt: string
  /** Session time at which this was true, ms; lets a reader on another machine's clock tell ages. */
  readonly at?: number
  readonly events: number
  /** Number of the oldest event still kept; those before it were dropped. */
  readonly firstKept: number
  /** Number of the oldest event whose payload is still kept. */
  readonly firstPayload: number
  readonly spoolBytes: number
  readonly connections: readonly ConnectionStatus[]
  /** Events not yet saved to a file. */
  readonly unsaved: number
}
