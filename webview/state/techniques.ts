/** The techniques of the session side by side, and what the user said about the feed. */
import { signal } from '@preact/signals'
import type { FeedRate, TechniqueQuestion } from '../../src/shared/protocol/techniques.ts'
import type { TechniqueAnswers, TechniqueReport } from '../../src/shared/techniques.ts'
import type { Host } from '../host/host.ts'

/** Milliseconds between two readings. */
const PERIOD = 2000

export class TechniqueStore {
  readonly report = signal<TechniqueReport | undefined>(undefined)
  readonly answers = signal<TechniqueAnswers>({})
  /** Connections that the user chose to compare. */
  readonly chosen = signal<readonly number[] | null>(null)
  /** That of the demo's feed, if the session has it. */
  readonly rate = signal<FeedRate | null>(null)
  readonly #host: Pick<Host, 'call'>
  #isOpen = false
  #events = -1
  #hasNews = false
  #isReading = false
  #lastRead = Number.NEGATIVE_INFINITY
  #timer: ReturnType<typeof setTimeout> | undefined
  #generation = 0

  constructor(host: Pick<Host, 'call'>) {
    this.#host = host
  }

  get question(): TechniqueQuestion {
    return { answers: this.answers.value, chosen: this.chosen.value }
  }

  /** Call while the page is visible and its session is not paused: reads again if there are other events. */
  follow(events: number, isOpen: boolean): void {
    if (isOpen && !this.#isOpen) void this.setRate(null)
    if (isOpen && (!this.#isOpen || events !== this.#events)) this.#hasNews = true
    this.#events = events
    this.#isOpen = isOpen
    if (this.#hasNews && isOpen) this.#plan()
  }

  /** The user answered a question. */
  answer(answers: TechniqueAnswers): void {
    this.answers.value = { ...this.answers.value, ...answers }
    this.#refresh()
  }

  /** The user took an answer back. */
  takeBack(question: keyof TechniqueAnswers): void {
    const { [question]: _, ...others } = this.answers.value
    this.answers.value = others
    this.#refresh()
  }

  /** Compares the connections that the user chose, or with null those that carry the same. */
  choose(chosen: readonly number[] | null): void {
    this.chosen.value = chosen
    this.#refresh()
  }

  /** Sets the milliseconds between two events of the demo's feed, or with null only reads them. */
  async setRate(every: number | null): Promise<void> {
    try {
      this.rate.value = await this.#host.call('feedRate', { every })
    } catch {
      this.rate.value = null
    }
  }

  /** There are fewer events than before. */
  reset(): void {
    this.#generation++
    this.report.value = undefined
    this.chosen.value = null
    this.#hasNews = true
  }

  #refresh(): void {
    this.#generation++
    this.#lastRead = Number.NEGATIVE_INFINITY
    clearTimeout(this.#timer)
    this.#timer = undefined
    this.#hasNews = true
    this.#plan()
  }

  #plan(): void {
    if (this.#isReading || this.#timer !== undefined) return
    const wait = Math.max(0, this.#lastRead + PERIOD - performance.now())
    this.#timer = setTimeout(() => void this.#ask(), wait)
  }

  async #ask(): Promise<void> {
    this.#timer = undefined
    this.#isReading = true
    this.#hasNews = false
    const generation = this.#generation
    try {
      const report = await this.#host.call('techniques', this.question, 0)
      if (generation === this.#generation) this.report.value = report
    } catch {
      // The host does not answer, which the page shows. The next event starts another attempt.
    }
    this.#isReading = false
    if (generation === this.#generation) this.#lastRead = performance.now()
    if (this.#hasNews && this.#isOpen) this.#plan()
  }
}
