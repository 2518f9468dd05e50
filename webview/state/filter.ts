/** The filter's text, and its matches as the engine finds them. */
import { signal } from '@preact/signals'
import { parseFilter } from '../../src/shared/filter/parse.ts'
import { FilterError } from '../../src/shared/filter/syntax.ts'
import { NumberList } from '../../src/shared/number-list.ts'
import type { FilterMistake, Matches } from '../../src/shared/protocol/filtering.ts'
import { withTerm } from './filter-terms.ts'

/** Milliseconds from the last key until the filter runs. */
const DELAY = 150

/** The matches of one run of a filter. */
export class FilterResult {
  readonly generation: number
  readonly text: string
  readonly numbers = new NumberList()
  /** How many matches the engine has sent, including those dropped since. */
  received = 0
  /** Every event before this one has been tested. */
  scanned = 0
  /** Whether it has stopped. */
  hasEnded = false
  /** Whether it has been through the session once, so that it only tests new events. */
  hasCaughtUp = false

  constructor(generation: number, text: string) {
    this.generation = generation
    this.text = text
  }

  /** Whether all events before `end` have been tested, or the filter has stopped. */
  isComplete(end: number): boolean {
    return this.hasEnded || this.scanned >= end
  }
}

export interface FilterEngine {
  filter(text: string, generation: number): Promise<FilterMistake | null>
  stop(generation: number): void
}

/** A mistake, and the text that it is in. */
export interface FilterTextMistake extends FilterMistake {
  readonly text: string
}

export class FilterStore {
  /** A term that narrows every filter, and the list without one. */
  #also = ''
  /** As the user types it. */
  readonly text = signal('')
  /** The mistake in the text. The list then stays as it is. */
  readonly mistake = signal<FilterTextMistake | undefined>(undefined)
  /** The matches that the list shows. Undefined without a filter. */
  readonly result = signal<FilterResult | undefined>(undefined)
  /** Changes if `result` has changed inside. */
  readonly changes = signal(0)
  readonly #engine: FilterEngine
  readonly #failed: (error: unknown) => void
  /** A run that the engine has started, without matches so far. */
  #next: FilterResult | undefined
  #generation = 0
  #timer: ReturnType<typeof setTimeout> | undefined
  #isWaiting = false

  constructor(engine: FilterEngine, failed: (error: unknown) => void) {
    this.#engine = engine
    this.#failed = failed
  }

  /** Called when the user has changed the text. The filter runs when they pause. */
  type(text: string): void {
    this.text.value = text
    clearTimeout(this.#timer)
    this.#timer = setTimeout(() => this.apply(), DELAY)
  }

  /** Runs the text now. */
  apply(text = this.text.value): void {
    clearTimeout(this.#timer)
    this.#timer = undefined
    this.text.value = text
    this.mistake.value = mistakeIn(text)
    if (this.mistake.value !== undefined) return
    const latest = this.#next ?? this.result.value
    if (text.trim() === (latest?.text.trim() ?? '') && latest?.hasEnded !== true) return
    this.#run(text)
  }

  /** Narrows the list by a term in addition to the text. An empty one does not narrow it. */
  narrow(term: string): void {
    if (term === this.#also) return
    this.#also = term
    this.#run((this.#next ?? this.result.value)?.text ?? '')
  }

  /** Stops the filter. Its matches so far stay. */
  stop(): void {
    const running = this.#next ?? this.result.value
    if (running === undefined || running.hasEnded) return
    this.#engine.stop(running.generation)
    running.hasEnded = true
    this.#show(running)
    this.changes.value++
  }

  /** Takes matches from the engine. `held` are the events that the page holds. */
  take(matches: Matches, held: { readonly first: number; readonly end: number }): void {
    const { generation, first, indexes, scanned, mistake } = matches
    const next = this.#next?.generation === generation ? this.#next : undefined
    if (mistake !== undefined && next !== undefined && first + indexes.length === 0) {
      this.#giveUp(mistake)
      return
    }
    const running = next ?? this.result.value
    if (running === undefined || running.generation !== generation) return
    const result = first < running.received ? new FilterResult(generation, running.text) : running
    for (const index of indexes) result.numbers.push(index)
    result.numbers.dropBefore(held.first)
    result.received = first + indexes.length
    result.scanned = scanned
    if (scanned >= held.end) result.hasCaughtUp = true
    if (mistake !== undefined) {
      result.hasEnded = true
      this.mistake.value = { ...mistake, text: this.text.value }
    }
    if (result !== this.result.value) this.#show(result)
    this.changes.value++
  }

  /** Called when all events are dropped. The filter runs again once there are new ones. */
  reset(): void {
    this.#next = undefined
    this.#isWaiting = this.result.value !== undefined
    if (this.result.value !== undefined) this.#show(new FilterResult(0, this.result.value.text))
  }

  /** Called when there are events. */
  awake(): void {
    if (!this.#isWaiting) return
    this.#isWaiting = false
    this.#run(this.result.value?.text ?? '')
  }

  #run(text: string): void {
    const generation = ++this.#generation
    const whole = this.#also === '' ? text : withTerm(text, this.#also)
    this.#next = whole.trim() === '' ? undefined : new FilterResult(generation, text)
    if (this.#next === undefined) this.#show(undefined)
    this.#engine.filter(whole, generation).then(
      (mistake) => {
        if (mistake !== null && this.#next?.generation === generation) {
          this.#next = undefined
          this.mistake.value = { ...mistake, text: this.text.value }
        }
      },
      (error) => this.#failed(error),
    )
  }

  /** The filter failed before it found anything: the list stays as it is, and the filter before it continues. */
  #giveUp(mistake: FilterMistake): void {
    this.#next = undefined
    this.mistake.value = { ...mistake, text: this.text.value }
    const shown = this.result.value
    if (shown !== undefined && !shown.hasEnded) this.#run(shown.text)
  }

  #show(result: FilterResult | undefined): void {
    if (result === this.#next) this.#next = undefined
    this.result.value = result
  }
}

/** The mistake in the text of a filter, as far as it shows without running it. */
export function mistakeIn(text: string): FilterTextMistake | undefined {
  try {
    parseFilter(text)
    return undefined
  } catch (thrown) {
    if (!(thrown instanceof FilterError)) throw thrown
    const { message, start, end } = thrown
    return { message, start, end, text }
  }
}
