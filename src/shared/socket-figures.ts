/** What the kernel knows of the socket of a connection. */

/** Unknown values are absent. */
export interface SocketFigures {
  /** Bytes that arrived and were not read yet, and bytes that the peer has not acknowledged yet. */
  readonly receiveQueue: number
  readonly sendQueue: number
  /** Smoothed round trip, its mean deviation and the shortest one, in milliseconds. */
  readonly roundTrip?: number
  readonly roundTripDeviation?: number
  readonly shortestRoundTrip?: number
  /** Segments that were sent again, since the socket was opened. */
  readonly retransmissions?: number
  /** Segments that may be on their way at a time, and those that are. */
  readonly congestionWindow?: number
  readonly unacknowledged?: number
}

/** The figures, or a sentence that says why there are none. */
export type SocketAnswer = { readonly figures: SocketFigures } | { readonly unavailable: string }
