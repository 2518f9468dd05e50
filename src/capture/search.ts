/** A filter run over the log: in slices that never hold the thread for long, on through whatever is appended. */
import type { ColumnBatch } from '../shared/columns.ts'
import { type Filter, FilterError } from '../shared/filter/syntax.ts'
import { NumberList } from '../shared/number-list.ts'
import { compileFilter, regexesIn } from './filter/compile.ts'
import type { Row, Test } from './filter/row.ts'
import { testAll } from './filter/watched-regex.ts'

export interface SearchSource {
  readonly count: number
  readonly firstKept: number
  readonly labels: readonly string[]
  columns(from: number, max: number): ColumnBatch
  /** The payload as text, or what a lifecycle event says; undefined where it was dropped. */
  text(index: number): string | undefined
}

/** Milliseconds one slice may hold the thread. */
const SLICE = 8
/** Events looked at between two looks at the clock. */
const STEP = 256

export class Search {
  readonly #source: SearchSource
  readonly #test: Test
  readonly #regexes: readonly (Filter & { kind: 'regex' })[]
  readonly #progressed: () => void
  readonly #lastTime = new Map<number, number>()
  readonly #matches = new NumberList()
  #position: number
  #scheduled = false
  #ended = false
  #error: FilterError | undefined

  /** Starts at the oldest event kept. `progressed` is called after every slice. Throws a `FilterError`. */
  constructor(source: SearchSource, filter: Filter, progressed: () => void) {
    this.#source = source
    this.#test = compileFilter(filter)
    this.#regexes = regexesIn(filter)
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
  }

  #slice(): void {
    this.#scheduled = false
    if (this.#ended) return
    const until = performance.now() + SLICE
    try {
      do this.#step()
      while (this.#position < this.#source.count && performance.now() < until)
    } catch (thrown) {
      if (!(thrown instanceof FilterError)) throw thrown
      this.#error = thrown
      this.#ended = true
    }
    this.#progressed()
    this.poke()
  }

  #step(): void {
    const { firstKept } = this.#source
    this.#matches.dropBefore(firstKept)
    const from = Math.max(this.#position, firstKept)
    const columns = this.#source.columns(from, STEP)
    const rows = Array.from({ length: columns.count }, (_, offset) => this.#row(columns, offset))
    const open = rows.filter((row) => {
      row.matched = this.#test(row)
      return row.matched === undefined
    })
    if (open.length > 0) this.#askRegexes(open)
    for (const row of rows) if (row.matched) this.#matches.push(row.index)
    this.#position = from + columns.count
  }

  #row(columns: ColumnBatch, offset: number): SearchRow {
    const connection = columns.connection[offset] ?? 0
    const time = columns.time[offset] ?? 0
    const before = this.#lastTime.get(connection)
    this.#lastTime.set(connection, time)
    return new SearchRow(this.#source, columns, offset, before === undefined ? undefined : time - before)
  }

  #askRegexes(rows: readonly SearchRow[]): void {
    const texts = rows.map((row) => row.text() ?? '')
    for (const regex of this.#regexes) {
      const verdicts = testAll(regex, texts)
      rows.forEach((row, at) => {
        row.verdicts.set(regex, verdicts[at] ?? false)
      })
    }
    for (const row of rows) row.matched = this.#test(row)
  }
}

class SearchRow implements Row {
  readonly index: number
  readonly time: number
  readonly kind: number
  readonly connection: number
  readonly size: number
  readonly wireSize: number
  readonly label: string
  readonly gap: number | undefined
  readonly verdicts = new Map<Filter, boolean>()
  matched: boolean | undefined
  readonly #source: SearchSource
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
    this.label = source.labels[columns.label[offset] ?? 0] ?? ''
    this.gap = gap
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
    return this.verdicts.get(regex)
  }
}

/** A payload that is no JSON is an answer here, not a failure. */
function parseJson(text: string | undefined): unknown {
  const first = text?.trimStart().charAt(0)
  if (text === undefined || first === undefined || !/[[{"\-0-9tfn]/.test(first)) return undefined
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
