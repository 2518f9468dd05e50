/** The answer of a language model, put together from the events that stream it. */

/** A longer time between two pieces, in ms, is a stall. */
export const STALL = 1000

/** Numbers of tokens. */
export interface TokenUsage {
  /** All of the prompt, including what was read from a cache. */
  readonly input?: number | undefined
  /** What of `input` was read from a cache. */
  readonly cached?: number | undefined
  /** All that the model wrote, including its reasoning. */
  readonly output?: number | undefined
  /** What of `output` is reasoning. */
  readonly reasoning?: number | undefined
}

export type AnswerPartName = 'content' | 'reasoning' | 'tool_call'

/** What one event adds to the answer. The text of a part is that of its pieces, joined. */
export interface AnswerPiece {
  /** Number of the event, counted from 0. */
  readonly event: number
  /** Session time in ms. */
  readonly time: number
  readonly part: AnswerPartName
  readonly text: string
  /** Index of the tool call that a piece of arguments belongs to. */
  readonly call?: number
  /** Which of several alternative answers to one request; default the first, 0. */
  readonly choice?: number
}

export interface AnswerToolCall {
  readonly id?: string
  readonly name?: string
  /** The arguments as they were sent: JSON that is incomplete while they grow. */
  readonly text: string
  /** The arguments, once they are complete JSON. */
  readonly value?: unknown
  /** What the tool said, if that is part of the stream. */
  readonly result?: unknown
  /** Its first and its last event. */
  readonly from: number
  readonly to: number
}

/** A time without a piece that is longer than `STALL`, between two events. */
export interface AnswerStall {
  readonly from: number
  readonly to: number
  readonly ms: number
}

/** `brokenOff`: the connection ended before the answer did. `failed`: the server says that it cannot go on. */
export type AnswerStatus = 'growing' | 'complete' | 'failed' | 'brokenOff'

export interface AnswerRate {
  /** From the first piece to the last. */
  readonly perSecond: number
  /** The same without the stalls. */
  readonly withoutStalls: number
  /** Tokens if the server says how many they are, which most do at the end. */
  readonly unit: 'tokens' | 'pieces'
}

export interface AnswerSummary {
  readonly connection: number
  /** Which answer on that connection, counted from 0. */
  readonly index: number
  /** `openai`, `anthropic`, … */
  readonly protocol: string
  readonly model?: string
  readonly status: AnswerStatus
  /** Why the model stopped, in its own words. */
  readonly stopReason?: string
  /** What went wrong, if it failed. */
  readonly error?: string
  /** Number of the event with the request; undefined if it is not known. */
  readonly request?: number
  /** Session time in ms of the request, or of the first event. */
  readonly start: number
  /** Session time in ms of the last piece, or of the first event. */
  readonly end: number
  /** Milliseconds from the request to the first piece. */
  readonly timeToFirst?: number
  /** Number of pieces of each part. */
  readonly pieces: Readonly<Record<AnswerPartName, number>>
  readonly usage?: TokenUsage
  readonly rate?: AnswerRate
  /** The longest ones, in order of time. */
  readonly stalls: readonly AnswerStall[]
  /** Number of stalls, and their total time in ms. */
  readonly stallCount: number
  readonly stalled: number
  /** The beginning of the content. */
  readonly beginning: string
  /** It is too long to keep: later pieces are missing. */
  readonly isCut: boolean
}

export interface ModelAnswer extends AnswerSummary {
  readonly calls: readonly AnswerToolCall[]
  /** Pieces from the requested one on, as many as fit. */
  readonly next: readonly AnswerPiece[]
}
