/** All answers of language models in a session, from its decoded events in order. */
import type { DecodedEvent } from '../../shared/decoded.ts'
import type { AnswerRun } from '../../shared/exchange.ts'
import type { AnswerSummary, ModelAnswer } from '../../shared/model-answer.ts'
import { type AnswerBudget, AnswerBuilder } from './answer-builder.ts'
import { mayHaveAnswers, OPENAI_REALTIME, partsOf } from './parts-of.ts'

/** Answers that are kept. Beyond it, the oldest are forgotten. */
const MAX_ANSWERS = 1000
/** Pieces, and characters in them, of all answers together. */
const MAX_PIECES = 500_000
const MAX_CHARACTERS = 32 * 1024 * 1024

interface Kept {
  readonly connection: number
  readonly index: number
  readonly builder: AnswerBuilder
}

export class SessionAnswers {
  readonly #budget: AnswerBudget = { pieces: MAX_PIECES, characters: MAX_CHARACTERS }
  #kept: Kept[] = []
  /** By connection: its latest answer. */
  readonly #latest = new Map<number, Kept>()

  /** In the order in which they began. */
  list(): AnswerSummary[] {
    return this.#kept.filter(({ builder }) => !builder.isEmpty).map(({ builder }) => builder.summary())
  }

  /** An answer with its pieces from number `from` on. Undefined if there is none. */
  answer(connection: number, index: number, from = 0): ModelAnswer | undefined {
    return this.#find(connection, index)?.answer(from)
  }

  /** The parts of an answer over time. Empty if there is none. */
  runs(connection: number, index: number): readonly AnswerRun[] {
    return this.#find(connection, index)?.runs ?? []
  }

  /** Takes what a message of a connection says, or the body of its request. Events are counted from 0. */
  decoded(connection: number, number: number, time: number, events: readonly DecodedEvent[]): void {
    for (const event of events) {
      if (!mayHaveAnswers(event.protocol)) continue
      if (event.kind === 'request') this.#begin(connection, event, time, number)
      const parts = partsOf(event)
      if (parts.length > 0) this.#builder(connection, event, time).add(parts, number, time)
    }
  }

  /** The connection ended. `error` is a sentence on what went wrong, if something did. */
  ended(connection: number, error?: string): void {
    this.#latest.get(connection)?.builder.ended(error)
  }

  #find(connection: number, index: number): AnswerBuilder | undefined {
    return this.#kept.find((each) => each.connection === connection && each.index === index)?.builder
  }

  #builder(connection: number, event: DecodedEvent, time: number): AnswerBuilder {
    const latest = this.#latest.get(connection)?.builder
    const isOver = event.protocol === OPENAI_REALTIME && latest?.status !== 'growing'
    return latest === undefined || isOver ? this.#begin(connection, event, time) : latest
  }

  #begin(connection: number, event: DecodedEvent, time: number, request?: number): AnswerBuilder {
    const { protocol, name } = event
    const before = this.#latest.get(connection)
    before?.builder.ended()
    const index = before === undefined ? 0 : before.index + 1
    // A request is named by its model, if it says which.
    const model = request !== undefined && protocol !== OPENAI_REALTIME ? name : undefined
    const builder = new AnswerBuilder({ connection, index, protocol, model, request, time }, this.#budget)
    const kept = { connection, index, builder }
    this.#latest.set(connection, kept)
    this.#kept.push(kept)
    if (this.#kept.length > MAX_ANSWERS) this.#kept.shift()?.builder.release()
    return builder
  }
}
