/**
 * HAR 1.2 (http://www.softwareishard.com/blog/har-12-spec/) as it is written here, with what Chrome adds for
 * WebSockets and event streams, HTTP Toolkit for a WebSocket's close, and this program for what no other
 * field holds. Names that begin with an underscore are the specification's way to add fields.
 */

export interface HarPair {
  readonly name: string
  readonly value: string
}

export interface HarPostData {
  readonly mimeType: string
  readonly params: readonly never[]
  readonly text: string
}

export interface HarRequest {
  readonly method: string
  readonly url: string
  readonly httpVersion: string
  readonly cookies: readonly never[]
  readonly headers: readonly HarPair[]
  readonly queryString: readonly HarPair[]
  readonly postData?: HarPostData
  /** HTTP Toolkit's place for a body that is no text. */
  readonly _content?: { readonly text: string; readonly size: number; readonly encoding: 'base64' }
  readonly headersSize: number
  readonly bodySize: number
}

export interface HarContent {
  readonly size: number
  readonly mimeType: string
  readonly text?: string
  readonly encoding?: 'base64'
  readonly comment?: string
}

export interface HarResponse {
  readonly status: number
  readonly statusText: string
  readonly httpVersion: string
  readonly cookies: readonly never[]
  readonly headers: readonly HarPair[]
  readonly content: HarContent
  readonly redirectURL: string
  readonly headersSize: number
  readonly bodySize: number
  /** Chrome: why it failed. */
  readonly _error?: string
}

/** Milliseconds; -1 where a phase did not happen or is not known. `ssl` is part of `connect`. */
export interface HarTimings {
  readonly blocked: number
  readonly dns: number
  readonly connect: number
  readonly ssl: number
  readonly send: number
  readonly wait: number
  readonly receive: number
}

/** Chrome's. `time` in seconds since the epoch; `data` is base64 unless `opcode` is 1. */
export interface HarWebSocketMessage {
  readonly type: 'send' | 'receive'
  readonly time: number
  readonly opcode: 1 | 2
  readonly data: string
  /** Ours: bytes on the connection; size of a payload that was not kept. */
  readonly _wireSize?: number
  readonly _dropped?: number
}

/** Chrome's. */
export interface HarEventSourceMessage {
  readonly time: number
  readonly eventName: string
  readonly eventId: string
  /** The id is that of the message before it which has one; `eventId` is then empty. */
  readonly _sameId?: boolean
  readonly data: string
  /** Ours: where the data is no text. */
  readonly _encoding?: 'base64'
  readonly _wireSize?: number
  readonly _dropped?: number
}

/** Ours: the records of a stream, whose boundaries `content` does not have. */
export interface HarStreamMessage {
  readonly time: number
  readonly data: string
  readonly _encoding?: 'base64'
  readonly _wireSize?: number
  readonly _dropped?: number
}

/** HTTP Toolkit's; `timestamp` in seconds since the epoch. */
export type HarWebSocketClose =
  | 'aborted'
  | { readonly code: number; readonly reason: string; readonly timestamp: number }

/** Names of the lists of messages, by what they are lists of. */
export const MESSAGE_FIELDS = {
  websocket: '_webSocketMessages',
  sse: '_eventSourceMessages',
  stream: '_streamMessages',
} as const

/** Under this name, on the log and on its entries, is what only this program reads. */
export const OWN = '_realtimeInspector'

/** MIME type where none is known, as Chrome writes it. */
export const UNKNOWN_TYPE = 'x-unknown'

/** Seconds since the epoch, exact to the microsecond, of a session time in milliseconds. */
export function epochSeconds(startedAt: Date, time: number): number {
  return Math.round(startedAt.getTime() * 1000 + time * 1000) / 1_000_000
}

/** The inverse: milliseconds since the session's start, to the microsecond. */
export function sessionTime(startedAt: Date, seconds: number): number {
  return Math.max(Math.round(seconds * 1_000_000) - startedAt.getTime() * 1000, 0) / 1000
}
