/** The call about requests and answers in a part of a session. */
import type { AnswerSpan, Exchange, ExchangeCounts, LaneFigures } from '../exchange.ts'

/** Connections that a call may name. */
export const MAX_LANES = 100

export interface LaneExchanges {
  readonly connection: number
  /** In the order of their requests. With `counts`, only those with several answers. */
  readonly exchanges: readonly Exchange[]
  /** The others, if they are too many to list. */
  readonly counts: ExchangeCounts | null
  readonly answers: readonly AnswerSpan[]
  /** Number of answers of language models on the connection so far. */
  readonly answerCount: number
  /** Of the whole connection so far; null if it has no requests, or if the reader does not see all events. */
  readonly figures: LaneFigures | null
  /** Session times in ms of messages that only keep the connection alive; empty if there are too many. */
  readonly heartbeats: readonly number[]
}

export interface ExchangeList {
  readonly lanes: readonly LaneExchanges[]
  /** Every connection of the session that has requests, and how many lines those take, up to `MAX_ROWS`. */
  readonly rows: readonly (readonly [connection: number, rows: number])[]
  /** Every event has been read. If not, `decoded` tells when to ask again. */
  readonly isCurrent: boolean
}

/** The page makes it through the host. */
export type ExchangeMethods = {
  /** What connections asked and were answered from one session time to another. */
  exchanges: {
    params: { readonly from: number; readonly to: number; readonly connections: readonly number[] }
    result: ExchangeList
  }
}
