/** The text of a language model's answer as it grows, and which of its pieces each character belongs to. */
import type {
  AnswerPartName,
  AnswerPiece,
  AnswerSummary,
  ModelAnswer,
} from '../../src/shared/model-answer.ts'
import { lowerBound } from '../../src/shared/numbers.ts'
import { TextBlocks } from './text-blocks.ts'

/** Sections of an answer. Pieces beyond it are added to the last section of their part. */
const MAX_SECTIONS = 500

/** Text that belongs together: up to where the model goes on with another part. */
export class AnswerSection {
  readonly part: AnswerPartName
  readonly choice: number
  /** Index of the tool call whose arguments it has. */
  readonly call: number | undefined
  /** Numbers of its pieces, ascending. */
  readonly pieces: number[] = []
  readonly text = new TextBlocks()
  /** For each piece, the number of characters up to its end. */
  readonly #ends: number[] = []

  constructor({ part, choice = 0, call }: AnswerPiece) {
    this.part = part
    this.choice = choice
    this.call = call
  }

  add(number: number, text: string): void {
    this.pieces.push(number)
    this.text.append(text)
    this.#ends.push(this.text.length)
  }

  /** The number of the piece that has a character. */
  pieceAt(offset: number): number | undefined {
    return this.pieces[firstFrom(this.#ends, offset + 1)]
  }

  /** The characters [from, to) of a piece. Undefined if it is in another section. */
  spanOf(number: number): { readonly from: number; readonly to: number } | undefined {
    const at = firstFrom(this.pieces, number)
    if (this.pieces[at] !== number) return undefined
    return { from: this.#ends[at - 1] ?? 0, to: this.#ends[at] ?? 0 }
  }
}

/** Pieces [from, to) that are of one part. */
export interface PartRun {
  readonly part: AnswerPartName
  readonly from: number
  to: number
}

export class AnswerText {
  readonly answer: ModelAnswer
  readonly pieces: AnswerPiece[]
  readonly sections: AnswerSection[]
  readonly runs: PartRun[]
  /** By choice: the section that grows. */
  readonly #growing: Map<number, AnswerSection>

  /** `before` is an earlier state of the answer, which must not be used any more: its lists are added to. */
  constructor(answer: ModelAnswer, before?: AnswerText) {
    this.answer = answer
    this.pieces = before?.pieces ?? []
    this.sections = before?.sections ?? []
    this.runs = before?.runs ?? []
    this.#growing = before === undefined ? new Map() : before.#growing
    for (const piece of answer.next) this.#addPiece(piece)
  }

  /** Milliseconds from the piece before, or from the request. Undefined if that is not known. */
  gapOf(number: number): number | undefined {
    const piece = this.pieces[number]
    if (piece === undefined) return undefined
    const before = this.pieces[number - 1]
    return before === undefined ? this.answer.timeToFirst : piece.time - before.time
  }

  /** The number of the first piece of an event. Undefined if it has none. */
  pieceOf(event: number): number | undefined {
    const at = lowerBound(0, this.pieces.length, (i) => (this.pieces[i]?.event ?? 0) >= event)
    return this.pieces[at]?.event === event ? at : undefined
  }

  /** The number of the piece that arrived last before a session time. */
  pieceBefore(time: number): number {
    return Math.max(0, lowerBound(0, this.pieces.length, (i) => (this.pieces[i]?.time ?? 0) > time) - 1)
  }

  /** What the clipboard gets: the text and the tool calls, without the reasoning. */
  copied(): string {
    const { calls } = this.answer
    return this.sections
      .filter(({ part }) => part !== 'reasoning')
      .map(({ text, call }) =>
        call === undefined ? text.all() : `${calls[call]?.name ?? ''}(${text.all()})`,
      )
      .join('\n\n')
  }

  #addPiece(piece: AnswerPiece): void {
    const number = this.pieces.length
    this.pieces.push(piece)
    this.#sectionFor(piece).add(number, piece.text)
    const run = this.runs.at(-1)
    if (run?.part === piece.part) run.to = number + 1
    else this.runs.push({ part: piece.part, from: number, to: number + 1 })
  }

  #sectionFor(piece: AnswerPiece): AnswerSection {
    const { part, choice = 0, call } = piece
    const growing = this.#growing.get(choice)
    if (growing?.part === part && growing.call === call) return growing
    const isFull = this.sections.length >= MAX_SECTIONS
    const known =
      part === 'tool_call' || isFull
        ? this.sections.findLast((each) => each.part === part && (isFull || each.call === call))
        : undefined
    const section = known ?? new AnswerSection(piece)
    if (known === undefined) this.sections.push(section)
    this.#growing.set(choice, section)
    return section
  }
}

/** Identifies an answer within the session. */
export function answerKey({ connection, index }: Pick<AnswerSummary, 'connection' | 'index'>): string {
  return `${connection}.${index}`
}

/** The index of the first number that is not less than `value`. */
function firstFrom(ascending: readonly number[], value: number): number {
  return lowerBound(0, ascending.length, (i) => (ascending[i] ?? 0) >= value)
}
