/** Reads the answers of language models in a session: its events in order, as far as they are decoded. */
import type { Log } from '../../capture/recording.ts'
import { mayHaveAnswers } from '../../decode/model-answers/parts-of.ts'
import { SessionAnswers } from '../../decode/model-answers/session-answers.ts'
import { typeOf } from '../../shared/event-columns.ts'
import type { AnswerRun } from '../../shared/exchange.ts'
import type { ModelAnswer } from '../../shared/model-answer.ts'
import type { AnswerList } from '../../shared/protocol/answers.ts'
import type { SessionDecoding } from './session-decoding.ts'

/** Milliseconds that a call may read, and events between two checks of the clock. */
const MAX_TIME = 30
const STEP = 32
/** First events of a connection that are read again once its decoder is known. */
const MAX_EARLY = 16

export class AnswerReader {
  readonly #log: Log
  readonly #decoding: SessionDecoding
  #answers = new SessionAnswers()
  /** First events of connections that are not known to have answers. */
  readonly #early = new Map<number, number[]>()
  /** Connections that have answers. */
  readonly #known = new Set<number>()
  /** Earlier events to read before the next one. */
  #again: number[] = []
  #next = 0
  #version = 0

  constructor(log: Log, decoding: SessionDecoding) {
    this.#log = log
    this.#decoding = decoding
  }

  list(): AnswerList {
    this.#read()
    return { answers: this.#answers.list(), read: this.#next, isCurrent: this.#next >= this.#log.count }
  }

  answer(connection: number, index: number, from: number): ModelAnswer | null {
    this.#read()
    return this.#answers.answer(connection, index, from) ?? null
  }

  /** The parts of an answer over time, as far as they have been read. */
  runs(connection: number, index: number): readonly AnswerRun[] {
    return this.#answers.runs(connection, index)
  }

  #read(): void {
    const { count, firstKept } = this.#log
    const { version } = this.#decoding
    if (version !== this.#version || count < this.#next) this.#restart(version)
    this.#next = Math.max(this.#next, firstKept)
    const end = Math.min(count, this.#decoding.readTo(count))
    const until = performance.now() + MAX_TIME
    while (this.#next < end && performance.now() < until)
      for (let step = 0; step < STEP && this.#next < end; step++) if (!this.#readNext()) return
  }

  #restart(version: number): void {
    this.#answers = new SessionAnswers()
    this.#early.clear()
    this.#known.clear()
    this.#again = []
    this.#next = 0
    this.#version = version
  }

  /** Reads one event. False if it is not decoded yet. */
  #readNext(): boolean {
    const [early] = this.#again
    if (early !== undefined) {
      if (early >= this.#log.firstKept && !this.#take(early)) return false
      this.#again.shift()
      return true
    }
    const { connection } = this.#log.row(this.#next)
    if (!this.#known.has(connection) && !this.#learn(connection)) {
      this.#next++
      return true
    }
    if (this.#again.length > 0) return true
    if (!this.#take(this.#next)) return false
    this.#next++
    return true
  }

  /** Whether a connection has answers, as of the next event. */
  #learn(connection: number): boolean {
    const { decoder = '' } = this.#decoding.of(connection) ?? {}
    const early = this.#early.get(connection) ?? []
    if (mayHaveAnswers(decoder)) {
      this.#known.add(connection)
      this.#early.delete(connection)
      this.#again = early
      return true
    }
    if (early.length === 0) this.#early.set(connection, early)
    if (early.length < MAX_EARLY) early.push(this.#next)
    return false
  }

  #take(index: number): boolean {
    const { connection, time, kind } = this.#log.row(index)
    switch (typeOf(kind)) {
      case 'error': {
        const event = this.#log.peek(index)
        this.#answers.ended(connection, event.type === 'error' ? event.message : undefined)
        return true
      }
      case 'close':
        this.#answers.ended(connection)
        return true
      default: {
        const events = this.#decoding.at(index)
        if (events === undefined) return false
        this.#answers.decoded(connection, index, time, events)
        return true
      }
    }
  }
}
