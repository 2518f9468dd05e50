/** The state of a session that is served. */
import type { TransportName } from '../transports.ts'

/**
 * What a client must send before the recorded peer continues. `none`: nothing. `order`: what the peer sent after the
 * recorded k-th message waits for the client's k-th message. `equal`: what it sent after a recorded message waits for
 * an equal message.
 */
export const MATCHES = ['none', 'order', 'equal'] as const
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

export interface ServedState {
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

export const NOTHING_SERVED_YET: ServedState = { clients: 0, ever: 0, troubles: [], troubleCount: 0 }

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
