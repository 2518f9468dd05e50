/** What there is to know of a connection and of the session at a glance. */
import type { Finding } from './finding.ts'
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

export const SLOWEST_REPLAY = 0.25
export const FASTEST_REPLAY = 100

/** How many times as fast as it was recorded; `max` does not wait at all. */
export type ReplaySpeed = number | 'max'

/** A recording that is being played; times are session times in ms. */
export interface ReplayStatus {
  /** Of the first and the last event. */
  readonly start: number
  readonly end: number
  /** What has been reached. */
  readonly position: number
  readonly speed: ReplaySpeed
  readonly playing: boolean
  readonly loop: boolean
}

/** A file that the session is read from. */
export interface FileStatus {
  /** While it is read: bytes so far, and of the whole file. */
  readonly loading?: { readonly bytes: number; readonly of: number }
  /** What could not be read as it stands, as sentences; of many the first ones. */
  readonly problems: readonly string[]
  readonly problemCount: number
  /** Why it could not be read, or no further, as one sentence. */
  readonly failure?: string
  /** What is played; absent while all that was read is shown. */
  readonly replay?: ReplayStatus
}

/** The status of a connection of which nothing has happened yet. */
export function newStatus(id: number): ConnectionStatus {
  return {
    id,
    url: '',
    transport: 'auto',
    state: 'connecting',
    since: 0,
    openedAt: undefined,
    messagesIn: 0,
    messagesOut: 0,
    bytesIn: 0,
    bytesOut: 0,
    rate: 0,
    reconnects: 0,
    responses: 0,
    emptyResponses: 0,
    retry: undefined,
    heldSince: undefined,
    error: undefined,
    canSend: false,
    stalled: false,
  }
}

/** While the disk takes no payloads: keep the newest in memory, pause reading, or close every connection. */
export const WHEN_DISK_FULL = ['keepNewest', 'pause', 'disconnect'] as const
export type WhenDiskFull = (typeof WHEN_DISK_FULL)[number]

export interface DiskStatus {
  /** Why it takes no payloads now, as a sentence or two. */
  readonly failure?: string
  /** Payloads lost because it took none. */
  readonly lostPayloads: number
}

export interface SessionStatus {
  readonly startedAt: string
  /** Session time at which this was true, ms; lets a reader on another machine's clock tell ages. */
  readonly at?: number
  /** How many times as fast as the clock session time runs on from there; 0 while it stands still. Default 1. */
  readonly pace?: number
  /** Of a session from a file. */
  readonly file?: FileStatus
  readonly events: number
  /** Number of the oldest event still kept; those before it were dropped. */
  readonly firstKept: number
  /** Number of the oldest event whose payload is still kept. */
  readonly firstPayload: number
  readonly spoolBytes: number
  /** Absent if the disk has never failed. */
  readonly disk?: DiskStatus
  readonly connections: readonly ConnectionStatus[]
  /** What was found about the session as a whole. Absent if there is nothing. */
  readonly findings?: readonly Finding[]
  /** Events not yet saved to a file. */
  readonly unsaved: number
}
