/** Runs one filter at a time over a session and hands its matches to the reader in pieces. */
import { looksAtAnswers, looksAtPackets } from '../capture/filter/compile.ts'
import { Search, type SearchSource } from '../capture/search/search.ts'
import { parseFilter } from '../shared/filter/parse.ts'
import { type Filter, FilterError } from '../shared/filter/syntax.ts'
import type { NumberList } from '../shared/number-list.ts'
import type { FilterMistake, Matches } from '../shared/protocol/filtering.ts'

/** Matches of one piece at most: 256 KB. */
const MAX_MATCHES = 65_536
/** Milliseconds after an answer until a search for unanswered requests starts over. */
const RECHECK = 1000

export class FilterRunner {
  readonly #source: SearchSource
  readonly #changed: () => void
  #filter: Filter | undefined
  #search: Search | undefined
  /** The number of answers when the search started. */
  #answered = 0
  #recheck: NodeJS.Timeout | undefined
  #generation = 0
  /** How many matches the reader has. */
  #sent = 0
  #scanned = -1
  #isMistakeTold = false

  /** `changed` is called when there may be something new for the reader. */
  constructor(source: SearchSource, changed: () => void) {
    this.#source = source
    this.#changed = changed
  }

  /**
   * Replaces the running filter; an empty text only ends it. Returns what is wrong with the text, if anything: the
   * running filter then continues.
   */
  start(text: string, generation: number): FilterMistake | null {
    try {
      const filter = parseFilter(text)
      const next = filter.kind === 'all' ? undefined : new Search(this.#source, filter, this.#changed)
      this.clear()
      this.#filter = filter
      this.#search = next
      this.#answered = this.#source.decoding?.answered ?? 0
      this.#generation = generation
      return null
    } catch (thrown) {
      if (thrown instanceof FilterError) return toMistake(thrown)
      throw thrown
    }
  }

  /** Stops the search and keeps what it has found. */
  stop(generation: number): void {
    if (generation === this.#generation) this.#search?.cancel()
  }

  /** Ends the filter and forgets what it has found. */
  clear(): void {
    this.#search?.cancel()
    this.#search = undefined
    this.#filter = undefined
    clearTimeout(this.#recheck)
    this.#recheck = undefined
    this.resume(undefined)
  }

  /** Call when more events are decoded. */
  decoded(): void {
    const search = this.#search
    if (search === undefined || this.#filter === undefined) return
    search.decoded()
    if (!looksAtAnswers(this.#filter) || this.#source.decoding?.answered === this.#answered) return
    this.#recheck ??= setTimeout(() => this.#checkAgain(), RECHECK)
  }

  /** Call when any event may be decoded in another way than before. */
  restart(): void {
    if (this.#filter !== undefined && looksAtPackets(this.#filter)) this.#startOver(this.#filter)
  }

  /** Call when there may be new events. */
  poke(): void {
    this.#search?.poke()
  }

  /** The reader has `count` matches of search `generation`, or none. */
  resume(held: { readonly generation: number; readonly count: number } | undefined): void {
    this.#sent = held?.generation === this.#generation ? held.count : 0
    this.#scanned = -1
    this.#isMistakeTold = false
  }

  /** What search `generation` has found so far; undefined if another one runs. */
  matchesOf(generation: number): NumberList | undefined {
    return generation === this.#generation ? this.#search?.matches : undefined
  }

  /** Whether there is something new for a reader that has the events before `end`. */
  hasNews(end: number): boolean {
    const search = this.#search
    if (search === undefined) return false
    if (search.error !== undefined && !this.#isMistakeTold) return true
    return Math.min(search.scanned, end) !== this.#scanned || this.#position(search, end) > this.#sent
  }

  /** What is new for a reader that has the events before `end`. */
  take(end: number): Matches | undefined {
    const search = this.#search
    if (search === undefined || !this.hasNews(end)) return undefined
    const { matches, error } = search
    const first = Math.max(this.#sent, matches.first)
    const upTo = this.#position(search, end)
    const indexes = matches.slice(first, Math.min(upTo, first + MAX_MATCHES))
    this.#sent = first + indexes.length
    const isCut = this.#sent < upTo
    const scanned = isCut ? (indexes.at(-1) ?? 0) + 1 : Math.min(search.scanned, end)
    this.#scanned = scanned
    const isMistaken = error !== undefined && !isCut
    if (isMistaken) this.#isMistakeTold = true
    return {
      generation: this.#generation,
      first,
      indexes,
      scanned,
      ...(isMistaken ? { mistake: toMistake(error) } : {}),
    }
  }

  #checkAgain(): void {
    this.#recheck = undefined
    if (this.#search === undefined || this.#filter === undefined) return
    if (this.#search.scanned < this.#source.count)
      this.#recheck = setTimeout(() => this.#checkAgain(), RECHECK)
    else this.#startOver(this.#filter)
  }

  #startOver(filter: Filter): void {
    if (this.#search === undefined || this.#search.hasEnded) return
    this.#search.cancel()
    this.#search = new Search(this.#source, filter, this.#changed)
    this.#answered = this.#source.decoding?.answered ?? 0
    this.resume(undefined)
    this.#changed()
  }

  #position({ matches, scanned }: Search, end: number): number {
    return scanned <= end ? matches.length : matches.positionOf(end)
  }
}

function toMistake({ message, start, end }: FilterError): FilterMistake {
  return { message, start, end }
}
