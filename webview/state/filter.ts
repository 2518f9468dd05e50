/** The filter the user writes: read here, run by the engine, its matches kept as they come. */
import { signal } from '@preact/signals'
import { parseFilter } from '../../src/shared/filter/parse.ts'
import { FilterError } from '../../src/shared/filter/syntax.ts'
import { NumberList } from '../../src/shared/number-list.ts'
import type { FilterMistake, Matches } from '../../src/shared/protocol/filtering.ts'

/** Milliseconds after the last key until the filter runs. */
const DELAY = 150

/** What one run of a filter has found. */
export class FilterResult {
  readonly generation: number
  readonly text: string
  readonly numbers = new NumberList()
  /** How many the engine has told, those dropped since included. */
  told = 0
  /** Every event before this one has been looked at. */
  scanned = 0
  /** It looks no further. */
  hasEnded = false
  /** It has been through the session once; what comes now it looks at as it comes. */
  hasCaughtUp = false

  constructor(generation: number, text: string) {
    this.generation = generation
    this.text = text
  }

  /** Whether all events before `end` have been looked at, or none will be any more. */
  isComplete(end: number): boolean {
    return this.hasEnded || this.scanned >= end
  }
}

export interface FilterEngine {
  filter(text: string, generation: number): Promise<FilterMistake | null>
  stop(generation: number): void
}

/** A mistake and the text it was made in. */
export interface FilterTextMistake extends FilterMistake {
  readonly text: string
}

export class FilterStore {
  /** As typed. */
  readonly text = signal('')
  /** What is wrong with it; the list then stays as it was. */
  readonly mistake = signal<FilterTextMistake | undefined>(undefined)
  /** What the list shows; undefined where it is narrowed by no text. */
  readonly result = signal<FilterResult | undefined>(undefined)
  /** Changes with what is known of `result`. */
  readonly changes = signal(0)
  readonly #engine: FilterEngine
  readonly #failed: (error: unknown) => void
  /** A run the engine has begun of which nothing has come yet. */
  #next: FilterResult | undefined
  #generation = 0
  #timer: ReturnType<typeof setTimeout> | undefined
  #isWaiting = false

  constructor(engine: FilterEngine, failed: (error: unknown) => void) {
    this.#engine = engine
    this.#failed = failed
  }

  /** The user has changed the text; it runs when they pause. */
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

  /** Looks no further; what was found so far stays. */
  stop(): void {
    const running = this.#next ?? this.result.value
    if (running === undefined || running.hasEnded) return
    this.#engine.stop(running.generation)
    running.hasEnded = true
    this.#show(running)
    this.changes.value++
  }

  /** What the engine has found among the events [first, end) held here. */
  take(matches: Matches, held: { readonly first: number; readonly end: number }): void {
    const { generation, first, indexes, scanned, mistake } = matches
    const next = this.#next?.generation === generation ? this.#next : undefined
    if (mistake !== undefined && next !== undefined && first + indexes.length === 0) {
      this.#giveUp(mistake)
      return
    }
    const running = next ?? this.result.value
    if (running === undefined || running.generation !== generation) return
    const result = first < running.told ? new FilterResult(generation, running.text) : running
    for (const index of indexes) result.numbers.push(index)
    result.numbers.dropBefore(held.first)
    result.told = first + indexes.length
    result.scanned = scanned
    if (scanned >= held.end) result.hasCaughtUp = true
    if (mistake !== undefined) {
      result.hasEnded = true
      this.mistake.value = { ...mistake, text: this.text.value }
    }
    if (result !== this.result.value) this.#show(result)
    this.changes.value++
  }

  /** The events are gone; the filter runs again once there are others. */
  reset(): void {
    this.#next = undefined
    this.#isWaiting = this.result.value !== undefined
    if (this.result.value !== undefined) this.#show(new FilterResult(0, this.result.value.text))
  }

  /** There are events. */
  awake(): void {
    if (!this.#isWaiting) return
    this.#isWaiting = false
    this.#run(this.result.value?.text ?? '')
  }

  #run(text: string): void {
    const generation = ++this.#generation
    this.#next = text.trim() === '' ? undefined : new FilterResult(generation, text)
    if (this.#next === undefined) this.#show(undefined)
    this.#engine.filter(text, generation).then(
      (mistake) => {
        if (mistake !== null && this.#next?.generation === generation) {
          this.#next = undefined
          this.mistake.value = { ...mistake, text: this.text.value }
        }
      },
      (error) => this.#failed(error),
    )
  }

  /** It failed before it found anything: the list stays as it was, and what it shows goes on. */
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

function mistakeIn(text: string): FilterTextMistake | undefined {
  try {
    parseFilter(text)
    return undefined
  } catch (thrown) {
    if (!(thrown instanceof FilterError)) throw thrown
    const { message, start, end } = thrown
    return { message, start, end, text }
  }
}
