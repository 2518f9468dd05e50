/** One answer of a language model as it grows. */

import type { AnswerRun } from '../../shared/exchange.ts'
import type {
  AnswerPartName,
  AnswerPiece,
  AnswerStatus,
  AnswerSummary,
  ModelAnswer,
  TokenUsage,
} from '../../shared/model-answer.ts'
import { toMicroseconds } from '../../shared/numbers.ts'
import type { AnswerPart } from '../protocols/language-models/parts.ts'
import { Pace } from './pace.ts'
import { Runs } from './runs.ts'
import { ToolCalls } from './tool-calls.ts'

/** Characters at the beginning of the content that a list shows. */
const BEGINNING = 200
/** Pieces that `answer` returns at once, and characters in them after which no piece is added. */
const MAX_NEXT = 20_000
const MAX_NEXT_TEXT = 2_000_000

/** Room for the pieces of all answers of a session. */
export interface AnswerBudget {
  pieces: number
  characters: number
}

/** How an answer begins. */
interface AnswerStart {
  readonly connection: number
  readonly index: number
  readonly protocol: string
  readonly model?: string | undefined
  /** Number of the event with the request. */
  readonly request?: number | undefined
  readonly time: number
}

export class AnswerBuilder {
  readonly #start: AnswerStart
  readonly #budget: AnswerBudget
  readonly #calls = new ToolCalls()
  readonly #pace = new Pace()
  readonly #runs = new Runs()
  readonly #pieces: AnswerPiece[] = []
  readonly #counts: Record<AnswerPartName, number> = { content: 0, reasoning: 0, tool_call: 0 }
  #characters = 0
  #status: AnswerStatus = 'growing'
  #model: string | undefined
  #stopReason: string | undefined
  #error: string | undefined
  #usage: TokenUsage | undefined
  #beginning = ''
  #isCut = false

  constructor(start: AnswerStart, budget: AnswerBudget) {
    this.#start = start
    this.#budget = budget
    this.#model = start.model
  }

  get status(): AnswerStatus {
    return this.#status
  }

  /** Whether nothing shows so far that it is the answer of a model. */
  get isEmpty(): boolean {
    return this.#pace.first === undefined && this.#usage === undefined && this.#model === undefined
  }

  get runs(): readonly AnswerRun[] {
    return this.#runs.list()
  }

  add(parts: readonly AnswerPart[], event: number, time: number): void {
    for (const part of parts) this.#add(part, event, time)
  }

  /** The connection ended. */
  ended(error?: string): void {
    if (this.#status !== 'growing') return
    this.#status = this.#stopReason === undefined || error !== undefined ? 'brokenOff' : 'complete'
    this.#error ??= error
  }

  /** Gives back the room that it takes. */
  release(): void {
    this.#budget.pieces += this.#pieces.length
    this.#budget.characters += this.#characters
  }

  summary(): AnswerSummary {
    const { connection, index, protocol, request, time: start } = this.#start
    const { first, last = start } = this.#pace
    const pieces = { ...this.#counts }
    const rate = this.#pace.rate(pieces.content + pieces.reasoning + pieces.tool_call, this.#usage)
    return {
      connection,
      index,
      protocol,
      ...(this.#model !== undefined && { model: this.#model }),
      status: this.#status,
      ...(this.#stopReason !== undefined && { stopReason: this.#stopReason }),
      ...(this.#error !== undefined && { error: this.#error }),
      ...(request !== undefined && { request }),
      start,
      end: last,
      ...(request !== undefined && first !== undefined && { timeToFirst: toMicroseconds(first - start) }),
      pieces,
      ...(this.#usage !== undefined && { usage: this.#usage }),
      ...(rate !== undefined && { rate }),
      ...this.#pace.stalls,
      beginning: this.#beginning,
      isCut: this.#isCut,
    }
  }

  /** The answer with its pieces from number `from` on. */
  answer(from: number): ModelAnswer {
    let characters = 0
    let to = Math.max(0, from)
    const end = Math.min(this.#pieces.length, to + MAX_NEXT)
    for (; to < end && characters < MAX_NEXT_TEXT; to++) characters += this.#pieces[to]?.text.length ?? 0
    return { ...this.summary(), calls: this.#calls.list(), next: this.#pieces.slice(from, to) }
  }

  #add(part: AnswerPart, event: number, time: number): void {
    switch (part.part) {
      case 'content':
      case 'reasoning':
        if (part.part === 'content' && part.choice === undefined && this.#beginning.length < BEGINNING)
          this.#beginning = (this.#beginning + part.text).slice(0, BEGINNING)
        this.#append({ event, time, ...part })
        break
      case 'tool_call': {
        if (!this.#hasRoom(part.piece?.length ?? 0)) break
        const added = this.#calls.add(part, event)
        if (added === undefined) this.#isCut = true
        else this.#append({ event, time, part: 'tool_call', ...added })
        break
      }
      case 'tool_result':
        this.#calls.addResult(part, event)
        break
      case 'model':
        this.#model = part.model
        break
      case 'usage':
        this.#usage = { ...this.#usage, ...part.usage }
        break
      case 'stop':
        this.#stopReason = part.reason
        break
      case 'error':
        this.#error = part.message
        this.#status = 'failed'
        break
      case 'done':
        if (this.#status === 'growing') this.#status = 'complete'
        break
      default:
        // A ping.
        break
    }
  }

  #append(piece: AnswerPiece): void {
    this.#pace.add(piece.event, piece.time)
    this.#runs.add(piece.part, piece.time)
    this.#counts[piece.part]++
    if (!this.#hasRoom(piece.text.length)) return
    this.#budget.pieces--
    this.#budget.characters -= piece.text.length
    this.#characters += piece.text.length
    this.#pieces.push(piece)
  }

  #hasRoom(characters: number): boolean {
    if (this.#budget.pieces <= 0 || this.#budget.characters < characters) this.#isCut = true
    return !this.#isCut
  }
}
