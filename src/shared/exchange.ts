/** Requests with their answers over time, as the timeline shows them. */
import type { DecodedKind } from './decoded.ts'
import type { AnswerPartName } from './model-answer.ts'
import type { Percentiles } from './protocol/filtering.ts'

/** Milliseconds without an answer after which a request counts as unanswered. */
export const PATIENCE = 5000

/** Lines on which the requests of a lane are shown at most. */
export const MAX_ROWS = 2

/** A request with its answers. */
export interface Exchange {
  /** Number of the event that asks. */
  readonly index: number
  /** Session time in ms of the request, and of the latest answer; the same time if there is none. */
  readonly start: number
  readonly end: number
  /** Number of the event with the first answer; null if there is none. */
  readonly answer: number | null
  /** Number of answers so far, without one that only says that there are no more. */
  readonly answers: number
  /** More than one answer may come, as for a subscription. */
  readonly isStream: boolean
  /** No more answers will come. */
  readonly isOver: boolean
  /** The latest answer says that something went wrong. */
  readonly hasFailed: boolean
  /** What kind of packet asks. */
  readonly kind: DecodedKind
  readonly name: string
}

/** Many requests: how many were under way, by bucket of `from` to `to` in ms. */
export interface ExchangeCounts {
  readonly from: number
  readonly to: number
  readonly counts: readonly number[]
  /** Of them, those that have no answer. */
  readonly waiting: readonly number[]
}

/** How many requests were answered, and how fast. */
export interface RequestFigures {
  readonly requests: number
  readonly answered: number
  /** Those without an answer that were sent within `PATIENCE` before the last event. */
  readonly waiting: number
  /** Milliseconds to the first answer, of the latest 4,096 that were answered; null if there are none. */
  readonly latency: Percentiles | null
}

/** What a lane says of its requests in a line. */
export interface LaneFigures {
  /** Of all requests of the client but handshakes and subscriptions. */
  readonly calls: RequestFigures
  /** When the latest of them was sent. */
  readonly latest: number
  /** Subscriptions that have not ended. */
  readonly subscriptions: number
}

/** Pieces of one part in a row, from the first to the last, in ms of the session. */
export interface AnswerRun {
  readonly part: AnswerPartName
  readonly from: number
  readonly to: number
}

/** An answer of a language model over time, in ms of the session. */
export interface AnswerSpan {
  readonly start: number
  /** When its first piece came, if it is known. */
  readonly first: number | null
  readonly end: number
  readonly isGrowing: boolean
  /** Number of the event with the request; null if it is not known. */
  readonly request: number | null
  readonly runs: readonly AnswerRun[]
  readonly stalls: readonly { readonly from: number; readonly to: number }[]
}
