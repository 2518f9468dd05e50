/** Options for serving a session, and events about its clients. */
import type { Match, ServedEndpoint } from '../../shared/protocol/served.ts'
import type { Timers } from '../replay/timers.ts'
import type { SharedBlocks } from './blocks/shared-blocks.ts'
import type { RecordedTalks } from './content/recorded-talks.ts'

export interface ServeOptions {
  /** Default 0: a free port. */
  readonly port?: number
  /** Default 127.0.0.1: only reachable from this machine. */
  readonly host?: string
  /** Origins whose pages are served, besides pages of this machine. `*` for any origin. Default none. */
  readonly allowOrigins?: readonly string[]
  /** Default 1: as recorded. Infinity: without waiting. */
  readonly speed?: number
  /** Default `content` for connections whose protocol has known ids, and `order` for others. */
  readonly match?: Match | undefined
  /** Whether lost connections, refused attempts and failed responses are played. Default true. */
  readonly outages?: boolean
  /** Whether the last attempt of a connection starts over instead of ending. Default false. */
  readonly loop?: boolean
  /** Serve only this connection. */
  readonly connection?: number
  readonly onClient?: (event: ClientEvent) => void
}

/** An event about a client. */
export type ClientEvent =
  /** The client connected and gets this attempt of this recorded connection. */
  | {
      readonly type: 'client'
      readonly client: number
      readonly connection: number
      readonly attempt: number
    }
  /**
   * The WebSocket client sent a message. `text` is its beginning, unless it is binary. `matched` if `match` is `equal` or
   * `content`: whether a recorded message equals it, or says the same; if not, `nearest` is the recorded request that has
   * most in common with it.
   */
  | {
      readonly type: 'received'
      readonly client: number
      readonly size: number
      readonly text?: string
      readonly matched?: boolean
      readonly nearest?: string
    }
  /** The request or connection ended. */
  | { readonly type: 'gone'; readonly client: number }
  /** The recording could not be read. */
  | { readonly type: 'failed'; readonly client: number; readonly reason: string }
  /** Nothing was recorded at this URL with this transport, or the client is not allowed. Secrets are masked. */
  | { readonly type: 'refused'; readonly url: string; readonly reason: string }

export interface Served {
  readonly endpoints: readonly ServedEndpoint[]
  /** What is not served, one sentence each. */
  readonly notes: readonly string[]
  /** Disconnects every client and closes the port. */
  close(): Promise<void>
}

/** How sessions are played to clients of every transport. */
export interface Playback {
  readonly speed: number
  /** How connections are matched that have no talk. */
  readonly match: Exclude<Match, 'content'>
  /** Recorded talks, for connections that are matched by content. */
  readonly talks: RecordedTalks
  readonly loop: boolean
  readonly timers: Timers
  readonly blocks: SharedBlocks
  tell(event: ClientEvent): void
  /** Reports a client that gets an attempt of a connection. Returns the client's number. */
  admit(connection: number, attempt: number): number
}
