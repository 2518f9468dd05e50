/** What is said of a session while it is served. */
import type { TransportName } from '../spec.ts'

/**
 * What a client has to send before the recorded peer goes on. `none`: nothing. `order`: what the peer sent after the
 * recorded k-th message waits for the client's k-th. `equal`: what it sent after a recorded message waits for one that
 * equals it.
 */
export const MATCHES = ['none', 'order', 'equal'] as const
export type Match = (typeof MATCHES)[number]

export interface ServedEndpoint {
  readonly url: string
  readonly transport: TransportName
  /** Number of the recorded connection. */
  readonly connection: number
}

/** Something that a client asked for or sent and that the recording does not have, or that failed. */
export interface Trouble {
  /** One sentence. */
  readonly text: string
  /** How often. */
  readonly count: number
}

export interface ServedState {
  /** Clients now. */
  readonly clients: number
  /** Clients since the server was started; of polls, requests. */
  readonly ever: number
  /** The latest kinds of trouble, the newest last; `MAX_TROUBLES` at most. */
  readonly troubles: readonly Trouble[]
  /** How often there was any. */
  readonly troubleCount: number
}

/** Kinds of trouble that are told one by one. */
export const MAX_TROUBLES = 20

export const NOTHING_SERVED_YET: ServedState = { clients: 0, ever: 0, troubles: [], troubleCount: 0 }

/** One session that is served, as its users see it. */
export interface ServedSession extends ServedState {
  readonly id: number
  readonly name: string
  readonly endpoints: readonly ServedEndpoint[]
  /** How it is served, in few words: `×1, looping`. */
  readonly how: string
  /** Sentences on what of the session is not served. */
  readonly notes: readonly string[]
}
