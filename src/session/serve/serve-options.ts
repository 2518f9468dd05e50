/** How a session is served, and what is told of its clients. */
import type { Match } from '../../shared/protocol/served.ts'
import type { TransportName } from '../../shared/spec.ts'
import type { Timers } from '../replay/timers.ts'

export interface ServeOptions {
  /** Default 0: one that is free. */
  readonly port?: number
  /** Default 127.0.0.1: this machine only. */
  readonly host?: string
  /** Origins whose pages may ask, beside those of this machine, or `*` for any. Default none. */
  readonly allowOrigins?: readonly string[]
  /** 1 is as recorded (default), infinite does not wait. */
  readonly speed?: number
  /** Default `order`. */
  readonly match?: Match
  /** Whether lost connections, refused attempts and failed answers are played too. Default true. */
  readonly outages?: boolean
  /** Whether the last attempt of a connection starts over rather than end. Default false. */
  readonly loop?: boolean
  /** Serve only this connection. */
  readonly connection?: number
  readonly onClient?: (event: ClientEvent) => void
}

/** Something happened with a client. */
export type ClientEvent =
  /** It asked, and is given this attempt of this recorded connection. */
  | {
      readonly type: 'client'
      readonly client: number
      readonly connection: number
      readonly attempt: number
    }
  /** WebSocket: it has sent a message; with `equal` matching, whether a recorded one equals it. */
  | { readonly type: 'received'; readonly client: number; readonly size: number; readonly matched?: boolean }
  /** Its request or connection is over. */
  | { readonly type: 'gone'; readonly client: number }
  /** The recording could not be read. */
  | { readonly type: 'failed'; readonly client: number; readonly reason: string }
  /** Nothing was recorded at this URL, or not by this transport, or it is not for who asks. Secrets are masked. */
  | { readonly type: 'refused'; readonly url: string; readonly reason: string }

export interface Endpoint {
  readonly url: string
  readonly transport: TransportName
  /** Number of the recorded connection. */
  readonly connection: number
}

export interface Served {
  readonly endpoints: readonly Endpoint[]
  /** Sentences about what of the session is not served. */
  readonly notes: readonly string[]
  /** Ends every client and frees the port. */
  close(): Promise<void>
}

/** What every kind of client is played with. */
export interface Playback {
  readonly speed: number
  readonly match: Match
  readonly loop: boolean
  readonly timers: Timers
  tell(event: ClientEvent): void
  /** Counts and tells of a client that is given an attempt of a connection; its number. */
  admit(connection: number, attempt: number): number
}
