/** The calls about answers of language models. */
import type { AnswerSummary, ModelAnswer } from '../model-answer.ts'

export interface AnswerList {
  /** In the order in which they began. */
  readonly answers: readonly AnswerSummary[]
  /** Every event before this number has been read. If there are more, the next call goes on. */
  readonly read: number
  readonly isCurrent: boolean
}

/** The page makes them through the host. */
export type AnswerMethods = {
  /** The answers that the session has so far. `decoded` tells when to ask again, and so do new events. */
  answers: { params: null; result: AnswerList }
  /**
   * An answer, with its pieces from number `from` on as far as they fit; null if there is none. To follow one that grows,
   * ask from the number of pieces that are known.
   */
  answer: {
    params: { readonly connection: number; readonly index: number; readonly from: number }
    result: ModelAnswer | null
  }
}
