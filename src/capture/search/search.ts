/** A filter run over the log: in slices that never hold the thread for long, on through whatever is appended. */
import type { ColumnBatch, ColumnSource } from '../../shared/columns.ts'
import { type Filter, FilterError } from '../../shared/filter/syntax.ts'
import { NumberList } from '../../shared/number-list.ts'
import type { Candidate, Test } from '../filter/candidate.ts'
import { compileFilter, looksAtGaps, regexesIn } from '../filter/compile.ts'
import { needlesOf } from '../filter/needles.ts'
import { WatchedRegexes } from '../filter/watched-regexes.ts'
import { parseJson } from './event-text.ts'
import type { Prefiltered } from './prefilter.ts'

export interface SearchSource extends ColumnSource {
  readonly eventNames: readonly string[]
  /** The payload as text, or what a lifecycle event says; undefined where it was dropped. */
  text(index: number): string | undefined
  /** A run of events from number `from` on, and those of it that may have one of the needles in their text. */
  prefilter?(from: number, needles: readonly string[]): Prefiltered
}

/** Milliseconds one slice may hold the thread. */
const SLICE = 8
/** Events looked at between two looks at the clock, and bytes of theirs. */
const STEP = 256
const STEP_BYTES = 256 * 1024
/** Milliseconds an expression may take over the events it is asked about at once: more and it is fewer, less and it is more. */
const ASKING = { least: 20, most: 80 }
/** Events it is asked about at first. */
const ASKED_FIRST = 16
/** Where most events of a run have to be looked at, how many more are looked at before prefiltering is tried again. */
const UNFILTERED = 65_536

/** A run of events, and which of them are still to be looked at. */
interface Lot {
  readonly columns: ColumnBatch
  readonly indexes: readonly number[]
  /** Only where the filter asks for them. */
  readonly gaps: readonly (number | undefined)[]
  at: number
}

export class Search {
  readonly #source: SearchSource
  readonly #test: Test
  readonly #regexes: readonly (Filter & { kind: 'regex' })[]
  readonly #watched = new WatchedRegexes()
  readonly #needles: readonly string[] | undefined
  readonly #looksAtGaps: boolean
  readonly #progressed: () => void
  readonly #lastTime = new Map<number, number>()
  readonly #matches = new NumberList()
  #position: number
  #lot: Lot | undefined
  #askedAtOnce = ASKED_FIRST
  #prefilterFrom = 0
  #scheduled = false
  #ended = false
  #error: FilterError | undefined

  /** Starts at the oldest event kept. `progressed` is called after every slice. Throws a `FilterError`. */
  constructor(source: SearchSource, filter: Filter, progressed: () => void) {
    this.#source = source
    this.#test = compileFilter(filter)
    this.#regexes = regexesIn(filter)
    this.#needles = needlesOf(filter)
    this.#looksAtGaps = looksAtGaps(filter)
    this.#progressed = progressed
    this.#position = source.firstKept
    this.poke()
  }

  /** Numbers of the events found so far, ascending. */
  get matches(): NumberList {
    return this.#matches
  }

  /** Every event before this one has been looked at. */
  get scanned(): number {
    return this.#position
  }

  /** Why the search stopped before the end. */
  get error(): FilterError | undefined {
    return this.#error
  }

  /** There may be new events. */
  poke(): void {
    if (this.#scheduled || this.#ended || this.#position >= this.#source.count) return
    this.#scheduled = true
    setImmediate(() => this.#slice())
  }

  cancel(): void {
    this.#ended = true
    this.#watched.close()
  }

  /** Looks at events for a while; on from there once the expressions have said what they are asked. */
  #slice(): void {
    this.#scheduled = false
    if (this.#ended) return
    const until = performance.now() + SLICE
    try {
      let asked: Promise<void> | undefined
      do asked = this.#step(until)
      while (asked === undefined && this.#position < this.#source.count && performance.now() < until)
      if (asked === undefined) this.#goOn()
      else {
        this.#scheduled = true
        asked.then(
          () => this.#goOn(),
          (thrown: unknown) => this.#fail(thrown),
        )
      }
    } catch (thrown) {
      this.#fail(thrown)
    }
  }

  #goOn(): void {
    if (this.#ended) return
    this.#scheduled = false
    this.#progressed()
    this.poke()
  }

  #fail(thrown: unknown): void {
    if (this.#ended) return
    this.cancel()
    if (!(thrown instanceof FilterError)) throw thrown
    this.#error = thrown
    this.#progressed()
  }

  /** Looks at the next events, at no more once it is `until`; a promise where expressions have to be asked first. */
  #step(until: number): Promise<void> | undefined {
    this.#matches.dropBefore(this.#source.firstKept)
    this.#lot ??= this.#nextLot()
    const lot = this.#lot
    const rows: SearchCandidate[] = []
    const open: SearchCandidate[] = []
    for (const row of this.#nextRows(lot)) {
      row.matched = this.#test(row)
      rows.push(row)
      if (row.matched === undefined) open.push(row)
      if (open.length === this.#askedAtOnce || (row.isRead && performance.now() > until)) break
    }
    if (open.length === 0) {
      this.#advance(lot, rows)
      return undefined
    }
    return this.#askRegexes(open).then(() => {
      if (!this.#ended) this.#advance(lot, rows)
    })
  }

  #advance(lot: Lot, rows: readonly SearchCandidate[]): void {
    for (const row of rows) if (row.matched) this.#matches.push(row.index)
    this.#position = lot.indexes[lot.at] ?? lot.columns.first + lot.columns.count
    if (lot.at === lot.indexes.length) this.#lot = undefined
  }

  #nextLot(): Lot {
    const source = this.#source
    const from = Math.max(this.#position, source.firstKept)
    const prefiltered =
      this.#needles === undefined || from < this.#prefilterFrom || from >= source.count
        ? undefined
        : source.prefilter?.(from, this.#needles)
    const columns = source.columns(from, prefiltered === undefined ? STEP : prefiltered.end - from)
    if (prefiltered !== undefined && prefiltered.indexes.length > columns.count / 2)
      this.#prefilterFrom = prefiltered.end + UNFILTERED
    const indexes =
      prefiltered?.indexes ?? Array.from({ length: columns.count }, (_, offset) => columns.first + offset)
    return { columns, indexes, gaps: this.#looksAtGaps ? this.#gapsIn(columns) : [], at: 0 }
  }

  /** The next events of the lot, those that were dropped meanwhile left out. */
  *#nextRows(lot: Lot): Generator<SearchCandidate> {
    const { columns, indexes, gaps } = lot
    for (let bytes = 0, rows = 0; lot.at < indexes.length && rows < STEP && bytes < STEP_BYTES; ) {
      const index = indexes[lot.at++] ?? 0
      if (index < this.#source.firstKept) continue
      const offset = index - columns.first
      rows++
      bytes += columns.size[offset] ?? 0
      yield new SearchCandidate(this.#source, columns, offset, gaps[offset])
    }
  }

  #gapsIn({ count, connection, time }: ColumnBatch): (number | undefined)[] {
    return Array.from({ length: count }, (_, offset) => {
      const at = time[offset] ?? 0
      const before = this.#lastTime.get(connection[offset] ?? 0)
      this.#lastTime.set(connection[offset] ?? 0, at)
      return before === undefined ? undefined : at - before
    })
  }

  async #askRegexes(rows: readonly SearchCandidate[]): Promise<void> {
    const texts = rows.map((row) => row.text() ?? '')
    const asked = performance.now()
    for (const regex of this.#regexes) {
      const verdicts = await this.#watched.test(regex, texts)
      rows.forEach((row, at) => {
        row.setVerdict(regex, verdicts[at] ?? false)
      })
    }
    const took = performance.now() - asked
    if (took > ASKING.most) this.#askedAtOnce = Math.max(1, this.#askedAtOnce >> 1)
    else if (took < ASKING.least) this.#askedAtOnce = Math.min(STEP, this.#askedAtOnce * 2)
    for (const row of rows) row.matched = this.#test(row)
  }
}

class SearchCandidate implements Candidate {
  readonly index: number
  readonly time: number
  readonly kind: number
  readonly connection: number
  readonly size: number
  readonly wireSize: number
  readonly gap: number | undefined
  matched: boolean | undefined
  readonly #source: SearchSource
  readonly #eventName: number
  #verdicts: Map<Filter, boolean> | undefined
  #text: string | undefined
  #json: unknown
  #parsed = false

  constructor(source: SearchSource, columns: ColumnBatch, offset: number, gap: number | undefined) {
    this.#source = source
    this.index = columns.first + offset
    this.time = columns.time[offset] ?? 0
    this.kind = columns.kind[offset] ?? 0
    this.connection = columns.connection[offset] ?? 0
    this.size = columns.size[offset] ?? 0
    this.wireSize = columns.wireSize[offset] ?? 0
    this.#eventName = columns.eventName[offset] ?? 0
    this.gap = gap
  }

  /** Whether its text was asked for, which is what takes time. */
  get isRead(): boolean {
    return this.#text !== undefined
  }

  get eventName(): string {
    return this.#source.eventNames[this.#eventName] ?? ''
  }

  text(): string | undefined {
    this.#text ??= this.#source.text(this.index)
    return this.#text
  }

  json(): unknown {
    if (!this.#parsed) {
      this.#parsed = true
      this.#json = parseJson(this.text())
    }
    return this.#json
  }

  verdict(regex: Filter & { kind: 'regex' }): boolean | undefined {
    return this.#verdicts?.get(regex)
  }

  setVerdict(regex: Filter, verdict: boolean): void {
    this.#verdicts ??= new Map()
    this.#verdicts.set(regex, verdict)
  }
}
