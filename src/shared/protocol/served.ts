/** The state of a session that is served. */
import type { TransportName } from '../transports.ts'

/**
 * What a client must send before the recorded peer continues. `none`: nothing. `order`: what the peer sent after the
 * recorded k-th message waits for the client's k-th message. `equal`: what it sent after a recorded message waits for
 * an equal message. `content`: the answers to a recorded request wait for one that says the same, whatever its ids, and get
 * the client's ids.
 */
export const MATCHES = ['none', 'order', 'equal', 'content'] as const
export type Match = (typeof MATCHES)[number]

export interface ServedEndpoint {
  readonly url: string
  readonly transport: TransportName
  /** Number of the recorded connection. */
  readonly connection: number
}

/** A request or message of a client that is not in the recording, or a failure. */
export interface Trouble {
  /** One sentence. */
  readonly text: string
  /** Number of occurrences. */
  readonly count: number
}

/** A message of a client. */
export interface ClientMessage {
  readonly client: number
  /** Bytes. */
  readonly size: number
  /** Its beginning; absent if it is binary. */
  readonly text?: string
  /** Whether a recorded message equals it or says the same, if that matters. */
  readonly matched?: boolean
  /** The recorded request that is nearest to one that did not match, with secrets masked. */
  readonly nearest?: string
}

export interface ServedState {
  /** The latest messages of clients, newest last; at most `MAX_RECEIVED`. */
  readonly received: readonly ClientMessage[]
  /** Number of all messages of clients. */
  readonly receivedCount: number
  /** Clients that are connected now. */
  readonly clients: number
  /** Clients since the server started; for polls, requests. */
  readonly ever: number
  /** The latest kinds of trouble, newest last; at most `MAX_TROUBLES`. */
  readonly troubles: readonly Trouble[]
  /** Number of all occurrences. */
  readonly troubleCount: number
}

/** The largest number of kinds of trouble that are listed. */
export const MAX_TROUBLES = 20

/** The largest number of messages of clients that are listed. */
export const MAX_RECEIVED = 20

export const NOTHING_SERVED_YET: ServedState = {
  received: [],
  receivedCount: 0,
  clients: 0,
  ever: 0,
  troubles: [],
  troubleCount: 0,
}

/** A session that is served, as users see it. */
export interface ServedSession extends ServedState {
  readonly id: number
  readonly name: string
  readonly endpoints: readonly ServedEndpoint[]
  /** How it is served in a few words: `×1, looping`. */
  readonly how: string
  /** Sentences about parts of the session that are not served. */
  readonly notes: readonly string[]
}
