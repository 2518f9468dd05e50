/** The answers of language models in the session, and the text of those that the page shows. */
import { computed, signal } from '@preact/signals'
import type { AnswerSummary } from '../../src/shared/model-answer.ts'
import type { AnswerMethods } from '../../src/shared/protocol/answers.ts'
import { AnswerText, answerKey } from './answer-text.ts'

/** Milliseconds between two readings: while the engine has not read all events, while answers are shown, else. */
const UNREAD_PERIOD = 40
const OPEN_PERIOD = 250
const CLOSED_PERIOD = 1000
/** Answers that are shown side by side at most. */
const MAX_BESIDE = 4

export type AnswerCalls = {
  readonly [K in keyof AnswerMethods]: (
    params: AnswerMethods[K]['params'],
  ) => Promise<AnswerMethods[K]['result']>
}

export class AnswerStore {
  /** In the order in which they began. */
  readonly list = signal<readonly AnswerSummary[]>([])
  readonly count = computed(() => this.list.value.length)
  /** Changes whenever the text of a shown answer does. */
  readonly changes = signal(0)
  readonly isSideBySide = signal(false)
  /** The key of the answer that the user chose. */
  readonly #chosen = signal<string | undefined>(undefined)
  readonly #calls: AnswerCalls
  readonly #texts = new Map<string, AnswerText>()
  #isOpen = false
  #events = 0
  #hasNews = false
  #isReading = false
  /** Whether the engine has not read all events yet. */
  #isBehind = false
  #lastRead = Number.NEGATIVE_INFINITY
  #timer: ReturnType<typeof setTimeout> | undefined
  #generation = 0

  constructor(calls: AnswerCalls) {
    this.#calls = calls
  }

  /** The answer that was chosen, else the latest one. */
  get current(): AnswerSummary | undefined {
    const list = this.list.value
    return list.find((each) => answerKey(each) === this.#chosen.value) ?? list.at(-1)
  }

  /** The answers to show: the current one, or some side by side. */
  get shown(): readonly AnswerSummary[] {
    const { current } = this
    if (current === undefined) return []
    if (!this.isSideBySide.value) return [current]
    const list = this.list.value
    const from = Math.max(0, Math.min(list.indexOf(current), list.length - MAX_BESIDE))
    return list.slice(from, from + MAX_BESIDE)
  }

  /** The text of an answer. Undefined until it has been read. */
  textOf(answer: AnswerSummary): AnswerText | undefined {
    return this.#texts.get(answerKey(answer))
  }

  choose(answer: AnswerSummary): void {
    this.#chosen.value = answerKey(answer)
    this.#readSoon()
  }

  /** Chooses the answer that is shown already, or the one that has an event. */
  settle(event: { readonly connection: number; readonly time: number } | undefined): void {
    const of = this.list.value.findLast(
      ({ connection, start, end }) =>
        connection === event?.connection && event.time >= start && event.time <= end,
    )
    const answer = of ?? this.current
    if (answer !== undefined) this.choose(answer)
  }

  setSideBySide(beside: boolean): void {
    this.isSideBySide.value = beside
    this.#readSoon()
  }

  /** Call while the page is visible and its session is not paused: reads again if there is something new. */
  follow(events: number, isOpen: boolean): void {
    if (isOpen !== this.#isOpen || events !== this.#events) this.#hasNews = true
    this.#isOpen = isOpen
    this.#events = events
    if (this.#hasNews && events > 0) this.#plan()
  }

  /** Events may be decoded in another way, all of them if the user said so. */
  decoded(all: boolean): void {
    if (all) this.#forget()
    this.#readSoon()
  }

  /** There are fewer events than before. */
  reset(): void {
    this.#forget()
    this.list.value = []
    this.#chosen.value = undefined
    this.#events = 0
  }

  #forget(): void {
    this.#generation++
    this.#texts.clear()
    this.changes.value++
  }

  #readSoon(): void {
    this.#hasNews = true
    if (this.#events > 0) this.#plan()
  }

  #plan(): void {
    if (this.#isReading || this.#timer !== undefined) return
    const period = !this.#isOpen ? CLOSED_PERIOD : this.#isBehind ? UNREAD_PERIOD : OPEN_PERIOD
    const wait = Math.max(0, this.#lastRead + period - performance.now())
    this.#timer = setTimeout(() => void this.#read(), wait)
  }

  async #read(): Promise<void> {
    this.#timer = undefined
    this.#isReading = true
    this.#hasNews = false
    const generation = this.#generation
    try {
      const { answers, isCurrent } = await this.#calls.answers(null)
      if (generation === this.#generation) {
        this.list.value = answers
        if (this.#isOpen) await this.#readTexts(generation)
      }
      this.#isBehind = !isCurrent
      if (!isCurrent || generation !== this.#generation) this.#hasNews = true
    } catch {
      // The host does not answer, which the page shows. The next event starts another attempt.
    }
    this.#isReading = false
    this.#lastRead = performance.now()
    if (this.#hasNews) this.#plan()
  }

  async #readTexts(generation: number): Promise<void> {
    const { shown } = this
    const keys = new Set(shown.map(answerKey))
    for (const key of this.#texts.keys()) if (!keys.has(key)) this.#texts.delete(key)
    for (const summary of shown) await this.#readText(summary, generation)
  }

  async #readText(summary: AnswerSummary, generation: number): Promise<void> {
    const key = answerKey(summary)
    const { connection, index } = summary
    let text = this.#texts.get(key)
    if (text !== undefined && sameSummary(text.answer, summary)) return
    while (generation === this.#generation) {
      const from = text?.pieces.length ?? 0
      const answer = await this.#calls.answer({ connection, index, from })
      if (generation !== this.#generation || answer === null) return
      const { content, reasoning, tool_call } = answer.pieces
      const total = content + reasoning + tool_call
      // It was read again from the start meanwhile.
      if (total < from) {
        text = undefined
        continue
      }
      text = new AnswerText(answer, text)
      this.#texts.set(key, text)
      this.changes.value++
      if (answer.next.length === 0 || text.pieces.length >= total) return
    }
  }
}

function sameSummary(one: AnswerSummary, other: AnswerSummary): boolean {
  const fields = Object.keys(other) as (keyof AnswerSummary)[]
  return fields.every((field) => JSON.stringify(one[field]) === JSON.stringify(other[field]))
}
