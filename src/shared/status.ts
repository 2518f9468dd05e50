/** The status of a session and its connections. */
import type { EndedBy } from './event.ts'
import type { ExpectationStatus } from './expectation.ts'
import type { Finding, FindingCounts } from './finding.ts'
import type { ConnectionDecoding } from './protocol/decoding.ts'
import type { AttachmentStatus, ProxyStatus } from './protocol/traffic.ts'
import type { ScriptStatus } from './request-script.ts'
import type { RuleStatus } from './rule.ts'
import type { SeenSource, SourceLocation } from './traffic-source.ts'
import type { TransportName } from './transports.ts'

/** `waiting`: between two attempts. `closed`: ended by the user or as the peer intended. `failed`: needs the user. */
export type ConnectionState = 'connecting' | 'open' | 'waiting' | 'closing' | 'closed' | 'failed'

/** The progress of messages that are sent one after another: one message repeatedly, or several in order. */
export interface SendingStatus {
  readonly sent: number
  readonly count: number
  /** Milliseconds between two messages. Absent if each message waits for an answer to the one before it. */
  readonly interval?: number
  /** Why it ended, as one sentence; absent while it runs. */
  readonly ended?: string
}

export interface KeepAliveStatus {
  /** The message, with its placeholders. */
  readonly text: string
  /** The text stands for bytes. */
  readonly isBinary?: true
  /** It is written so in a file of requests. */
  readonly isFromFile?: true
  /** Milliseconds. */
  readonly interval: number
  readonly sent: number
  /** Why the message was last not sent although the connection was open, as one sentence. */
  readonly problem?: string
}

export interface ConnectionStatus {
  readonly id: number
  /** With secrets masked. */
  readonly url: string
  readonly transport: TransportName | 'auto'
  readonly state: ConnectionState
  /** Session time of the last change of state in ms. */
  readonly since: number
  /** Session time of the first successful open; undefined if it never opened. */
  readonly openedAt: number | undefined
  readonly messagesIn: number
  readonly messagesOut: number
  readonly bytesIn: number
  readonly bytesOut: number
  /** Inbound messages in the last second. */
  readonly rate: number
  readonly reconnects: number
  /** For polls: responses, and responses that brought nothing new. */
  readonly responses: number
  readonly emptyResponses: number
  /** While waiting: the next attempt, its session time in ms, and the reason. */
  readonly retry: { readonly attempt: number; readonly at: number; readonly reason: string } | undefined
  /** While a poll is held: the session time of its request. */
  readonly heldSince: number | undefined
  /** Errors of all attempts so far; absent if there were none. */
  readonly errors?: number | undefined
  /** The latest of them, as one sentence. */
  readonly lastError?: string | undefined
  /** Who closed it last; absent while it has not been closed, or if that is not known. */
  readonly closedBy?: EndedBy | undefined
  /** Why it failed, as one sentence. */
  readonly error: string | undefined
  /** Code of that failure. */
  readonly errorCode?: string | undefined
  /** Whether this transport can send messages. */
  readonly canSend: boolean
  /** Reading is paused because the disk or the reader fell behind. */
  readonly stalled: boolean
  /** What was last sent repeatedly or in order on the connection; absent if nothing was. */
  readonly sending?: SendingStatus | undefined
  /** The protocol that is spoken on it, and whether its handshake is complete; absent if none is. */
  readonly speaking?: { readonly protocol: string; readonly ready: boolean } | undefined
  /** Rules that answer its messages; absent if it never had any. */
  readonly rules?: readonly RuleStatus[] | undefined
  /** The message that keeps it alive; absent if there is none. */
  readonly keepAlive?: KeepAliveStatus | undefined
  /** The script of the request that opened it; absent if it has none. */
  readonly script?: ScriptStatus | undefined
  /** What was expected of it, in the order of the request, and whether it came; absent if nothing was. */
  readonly expectations?: readonly ExpectationStatus[] | undefined
  /** What the rules have found on it; absent if that is nothing. */
  readonly findings?: FindingCounts | undefined
  /** Through what it was seen, if we did not open it. */
  readonly source?: SeenSource | undefined
  /** The number of the proxy or of the attached program that sees it. */
  readonly through?: number | undefined
  /** The line of the program that opened it, if a debugger reports it. */
  readonly initiator?: SourceLocation | undefined
  /** How its messages are decoded; absent if they are not. */
  readonly decoding?: ConnectionDecoding
}

/** Whether it has ended for good. */
export function hasEnded({ state }: Pick<ConnectionStatus, 'state'>): boolean {
  return state === 'closed' || state === 'failed'
}

/** Whether messages can be sent now: the connection is open, and the handshake of its protocol is complete if it has one. */
export function isReady({ state, speaking }: Pick<ConnectionStatus, 'state' | 'speaking'>): boolean {
  return state === 'open' && speaking?.ready !== false
}

/** Whether we opened it. What another program opened, only that program can open again. */
export function isOwn({ source }: Pick<ConnectionStatus, 'source'>): boolean {
  return source === undefined
}

/** Whether we can end it: it is live, and ours or cut by our proxy. What a debugger sees, only its program can end. */
export function canEnd({ source, state }: Pick<ConnectionStatus, 'source' | 'state'>): boolean {
  return state !== 'closed' && state !== 'failed' && source !== 'debugger'
}

export const SLOWEST_REPLAY = 0.25
export const FASTEST_REPLAY = 100

/** A factor for the recorded speed; `max` does not wait at all. */
export type ReplaySpeed = number | 'max'

/** A recording that is being played. Times are session times in ms. */
export interface ReplayStatus {
  /** Of the first and the last event. */
  readonly start: number
  readonly end: number
  /** The current position. */
  readonly position: number
  readonly speed: ReplaySpeed
  readonly playing: boolean
  readonly loop: boolean
}

/** A file that the session is read from. */
export interface FileStatus {
  /** While the file is read: bytes so far, and in total. */
  readonly loading?: { readonly bytes: number; readonly of: number }
  /** Sentences about what could not be read properly; the first ones if there are many. */
  readonly problems: readonly string[]
  readonly problemCount: number
  /** Why it could not be read completely, as one sentence. */
  readonly failure?: string
  /** The state of playing; absent while everything that was read is shown. */
  readonly replay?: ReplayStatus
}

/** The initial status of a connection. */
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

/** While writing to the disk fails: keep the newest payloads in memory, pause reading, or close every connection. */
export const WHEN_DISK_FULL = ['keepNewest', 'pause', 'disconnect'] as const
export type WhenDiskFull = (typeof WHEN_DISK_FULL)[number]

export interface DiskStatus {
  /** Why writing fails now, as a sentence or two. */
  readonly failure?: string
  /** Payloads that were lost because writing failed. */
  readonly lostPayloads: number
}

/** A connection that the user has removed: its events are kept, but not shown. */
export type RemovedConnection = Pick<ConnectionStatus, 'id' | 'url' | 'transport'>

/** What was cleared last and can be brought back. */
export interface ClearedStatus {
  readonly events: number
  /** Numbers of the connections that went with them. */
  readonly connections: readonly number[]
}

export interface SessionStatus {
  /** In ISO 8601; empty if it is not known. */
  readonly startedAt: string
  /** Session time of this status in ms, so that a reader on another machine's clock can compute ages. */
  readonly at?: number
  /** Speed of session time relative to the clock; 0 while it stands still. Default 1. */
  readonly pace?: number
  /** For a session from a file. */
  readonly file?: FileStatus
  readonly events: number
  /** Number of the oldest event kept; earlier events were dropped. */
  readonly firstKept: number
  /** Number of the oldest event that still has its payload. */
  readonly firstPayload: number
  readonly spoolBytes: number
  /** Absent if the disk has never failed. */
  readonly disk?: DiskStatus
  readonly connections: readonly ConnectionStatus[]
  /** Absent if there is nothing to bring back. */
  readonly cleared?: ClearedStatus
  /** In the order in which they were opened. Absent if there are none. */
  readonly removed?: readonly RemovedConnection[]
  /** What could not be kept or read of the session. Absent if there is nothing. */
  readonly notices?: readonly Finding[]
  /** What the rules have found so far: `version` changes when that does. Absent if there is nothing. */
  readonly findings?: { readonly version: number; readonly counts: FindingCounts }
  /** The proxies that run, and those programs that were attached to. Absent if there are none. */
  readonly proxies?: readonly ProxyStatus[]
  readonly attachments?: readonly AttachmentStatus[]
  /** Number of events not saved to a file yet. */
  readonly unsaved: number
}
