/**
 * HAR 1.2 (http://www.softwareishard.com/blog/har-12-spec/) as this program writes it, with extensions of Chrome for
 * WebSockets and event streams, of HTTP Toolkit for the close of a WebSocket, and of this program for everything
 * else. Names that begin with an underscore are custom fields.
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
  /** HTTP Toolkit: a body that is not text. */
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
  /** Chrome: why the request failed. */
  readonly _error?: string
}

/** Milliseconds. -1 if a phase did not happen or is unknown. `ssl` is part of `connect`. */
export interface HarTimings {
  readonly blocked: number
  readonly dns: number
  readonly connect: number
  readonly ssl: number
  readonly send: number
  readonly wait: number
  readonly receive: number
}

/** Chrome. `time` in seconds since the epoch. `data` is base64 unless `opcode` is 1. */
export interface HarWebSocketMessage {
  readonly type: 'send' | 'receive'
  readonly time: number
  readonly opcode: 1 | 2
  readonly data: string
  /** Realtime Inspector: bytes on the wire, and the size of a payload that was not kept. */
  readonly _wireSize?: number
  readonly _dropped?: number
}

/** Chrome. */
export interface HarEventSourceMessage {
  readonly time: number
  readonly eventName: string
  readonly eventId: string
  /** The message has the id of the previous one, and `eventId` is empty. */
  readonly _sameId?: boolean
  readonly data: string
  /** Realtime Inspector: `base64` if the data is not text. */
  readonly _encoding?: 'base64'
  readonly _wireSize?: number
  readonly _dropped?: number
}

/** Realtime Inspector: the records of a stream, whose boundaries are not in `content`. */
export interface HarStreamMessage {
  readonly time: number
  readonly data: string
  readonly _encoding?: 'base64'
  readonly _wireSize?: number
  readonly _dropped?: number
}

/** HTTP Toolkit. `timestamp` in seconds since the epoch. */
export type HarWebSocketClose =
  | 'aborted'
  | { readonly code: number; readonly reason: string; readonly timestamp: number }

/** Names of the lists of messages, by the kind of entry. */
export const MESSAGE_FIELDS = {
  websocket: '_webSocketMessages',
  sse: '_eventSourceMessages',
  stream: '_streamMessages',
} as const

/** Name of the field in the log and its entries that only this program reads. */
export const OWN = '_realtimeInspector'

/** MIME type that Chrome writes if it is unknown. */
export const UNKNOWN_TYPE = 'x-unknown'

/** Converts a session time in milliseconds to seconds since the epoch, exact to the microsecond. */
export function epochSeconds(startedAt: Date, time: number): number {
  return Math.round(startedAt.getTime() * 1000 + time * 1000) / 1_000_000
}

/** Converts seconds since the epoch to a session time in milliseconds, exact to the microsecond. */
export function sessionTime(startedAt: Date, seconds: number): number {
  return Math.max(Math.round(seconds * 1_000_000) - startedAt.getTime() * 1000, 0) / 1000
}
