/** Calls for readers to whom each character counts, such as language models: excerpts of events, and waiting for one. */

/** An event as in a session file, with long values cut. */
export interface EventExcerpt {
  /** Number of the event, from 1. */
  readonly number: number
  readonly type: string
  /** Bytes of the payload after what is shown of it. Absent if all is shown. */
  readonly notShown?: number
  /** Something in the payload is masked. */
  readonly masked?: true
  /** What the message says in the protocol of its connection. */
  readonly decoded?: readonly PacketExcerpt[]
  /** The fields of its type, with long texts cut. */
  readonly [field: string]: unknown
}

/** A packet as in `DecodedEvent`. `value` is there if the payload does not show it, as JSON text with its end cut. */
export interface PacketExcerpt {
  readonly protocol: string
  readonly kind: string
  readonly value?: string
  readonly [field: string]: unknown
}

/** Which events, and how much of them. */
export interface ExcerptPlan {
  /** As typed into the panel; empty for all. */
  readonly filter: string
  /** Null for all. */
  readonly connection: number | null
  /** The first matches from this event on, or the last ones before an event. Numbers count from 1; `before: null` is the end. */
  readonly at: { readonly from: number } | { readonly before: number | null }
  readonly max: number
  /** Characters of a payload, and of any other text. */
  readonly maxText: number
  /** Characters after which no event is added. At least one event is listed. */
  readonly maxTotal: number
  /** Fields to mask in payloads: names and JSONPaths. */
  readonly mask: readonly string[]
}

export interface Excerpts {
  /** In the order of their numbers. */
  readonly events: readonly EventExcerpt[]
  /** Where the next page begins: `from` or `before` of its plan. Null after the last page. */
  readonly next: number | null
  /** Events that the filter finds from `from` on, or before `before`. */
  readonly matches: number
}

/** `ended`: the connection has ended without a match. */
export type WaitEnd = 'found' | 'timeout' | 'cancelled' | 'ended'

export interface Waited {
  readonly end: WaitEnd
  /** The number of the event that was found, from 1. */
  readonly found: number | null
  /** Number of the first event that was not looked at, or of the event after the one that was found. */
  readonly next: number
}

export const MAX_WAIT = 300_000
export const MAX_WAITS = 100

export type ExcerptMethods = {
  /** Rejects with BAD_FILTER, BAD_MASK, and with CANCELLED if the session is cleared. Takes as long as searching the session. */
  excerpts: { params: ExcerptPlan; result: Excerpts }
  /**
   * Waits at most `timeout` ms for an event that the filter finds, from number `from` on. Rejects with BAD_FILTER, with
   * TOO_MANY if `MAX_WAITS` wait already, and with CANCELLED if the session is cleared.
   */
  awaitEvent: {
    params: {
      readonly filter: string
      readonly connection: number | null
      readonly from: number
      readonly timeout: number
      /** Identifies the call in `cancelAwait`. */
      readonly ticket: string
    }
    result: Waited
  }
  cancelAwait: { params: { readonly ticket: string }; result: null }
}
