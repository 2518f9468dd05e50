/**
 * Runs a filter over a log, in slices that never block the thread for long, and continues with events that are
 * appended.
 */
import type { DecodedEvent } from '../../shared/decoded.ts'
import { type ColumnBatch, type ColumnSource, mayHoldPackets } from '../../shared/event-columns.ts'
import { type Filter, FilterError } from '../../shared/filter/syntax.ts'
import { NumberList } from '../../shared/number-list.ts'
import type { Candidate, Test } from '../filter/candidate.ts'
import { compileFilter, looksAtGaps, looksAtPackets, looksAtValues, regexesIn } from '../filter/compile.ts'
import { needlesOf } from '../filter/needles.ts'
import { WatchedRegexes } from '../filter/watched-regexes.ts'
import { parseJson } from './event-text.ts'
import type { Prefiltered } from './prefilter.ts'

/** What the decoders say of the events. Undefined is not known yet; call `decoded` of the search when more is known. */
export interface SearchDecoding {
  /** Whether `speaks` holds for any connection. */
  readonly isSpoken: boolean
  /** How many requests were answered so far. */
  readonly answered: number
  /** Whether the messages of a connection are decoded to values that are not in them as JSON. */
  speaks(connection: number): boolean
  /** Recognizes the protocols of further connections. */
  start(): void
  /** The packets may have no values if `hasValues` is false, which takes less time. */
  packets(index: number, hasValues: boolean): readonly DecodedEvent[] | undefined
  isUnanswered(index: number): boolean | undefined
}

export interface SearchSource extends ColumnSource {
  readonly eventNames: readonly string[]
  /** The payload as text, or the sentence of a lifecycle event; undefined if it was dropped. */
  text(index: number): string | undefined
  /** A run of events from number `from` on, and the events in it whose text may contain one of the needles. */
  prefilter?(from: number, needles: readonly string[]): Prefiltered
  readonly decoding?: SearchDecoding
}

/** Milliseconds that one slice may take. */
const SLICE = 8
/** Events, and bytes of their payloads, between two checks of the clock. */
const STEP = 256
const STEP_BYTES = 256 * 1024
/** Milliseconds that an expression should take for a batch of texts; the batch size adapts to this. */
const BATCH_TIME = { least: 20, most: 80 }
/** The first batch size. */
const FIRST_BATCH_SIZE = 16
/** Events to test without a prefilter after a run in which it excluded less than half of the events. */
const UNFILTERED = 65_536

/** A run of events, and those in it that remain to be tested. */
interface Run {
  readonly columns: ColumnBatch
  readonly indexes: readonly number[]
  /** Empty unless the filter uses them. */
  readonly gaps: readonly (number | undefined)[]
  at: number
}

export class Search {
  readonly #source: SearchSource
  readonly #test: Test
  readonly #regexes: readonly (Filter & { kind: 'regex' })[]
  readonly #watched = new WatchedRegexes()
  readonly #needles: readonly string[] | undefined
  /** As `#needles`, if payloads may be decoded to JSON. */
  readonly #decodedNeedles: readonly string[] | undefined
  readonly #looksAtGaps: boolean
  readonly #looksAtPackets: boolean
  readonly #looksAtValues: boolean
  readonly #progressed: () => void
  readonly #lastTime = new Map<number, number>()
  readonly #matches = new NumberList()
  readonly #from: number
  #position: number
  #run: Run | undefined
  #batchSize = FIRST_BATCH_SIZE
  #prefilterFrom = 0
  #scheduled = false
  /** The next event has to be decoded first. */
  #isWaiting = false
  #ended = false
  #error: FilterError | undefined

  /** Finds events from number `from` on. Calls `progressed` after every slice. Throws a `FilterError`. */
  constructor(source: SearchSource, filter: Filter, progressed: () => void, from = 0) {
    this.#source = source
    this.#test = compileFilter(filter)
    this.#regexes = regexesIn(filter)
    this.#needles = needlesOf(filter)
    this.#looksAtPackets = looksAtPackets(filter)
    this.#looksAtValues = looksAtValues(filter)
    this.#decodedNeedles = this.#looksAtPackets ? needlesOf(filter, true) : this.#needles
    this.#looksAtGaps = looksAtGaps(filter)
    this.#progressed = progressed
    this.#from = from
    // The gap before an event needs the time of an earlier one.
    this.#position = this.#looksAtGaps ? source.firstKept : Math.max(source.firstKept, from)
    this.poke()
  }

  /** Numbers of the matches so far, ascending. */
  get matches(): NumberList {
    return this.#matches
  }

  /** Every event before this number has been tested. */
  get scanned(): number {
    return this.#position
  }

  /** It was canceled, or stopped early. */
  get hasEnded(): boolean {
    return this.#ended
  }

  /** Why the search stopped early. */
  get error(): FilterError | undefined {
    return this.#error
  }

  /** Call this after new events may have been appended. */
  poke(): void {
    if (this.#scheduled || this.#ended || this.#isWaiting || this.#position >= this.#source.count) return
    this.#scheduled = true
    setImmediate(() => this.#slice())
  }

  /** Call this after more events have been decoded. */
  decoded(): void {
    this.#isWaiting = false
    this.poke()
  }

  cancel(): void {
    this.#ended = true
    this.#watched.close()
  }

  /** Tests events for a while. If regular expressions have to run, continues once they have. */
  #slice(): void {
    this.#scheduled = false
    if (this.#ended) return
    if (this.#looksAtPackets) this.#source.decoding?.start()
    const until = performance.now() + SLICE
    try {
      let asked: Promise<void> | undefined
      do asked = this.#step(until)
      while (
        asked === undefined &&
        !this.#isWaiting &&
        this.#position < this.#source.count &&
        performance.now() < until
      )
      if (asked === undefined) this.#continue()
      else {
        this.#scheduled = true
        asked.then(
          () => this.#continue(),
          (thrown: unknown) => this.#fail(thrown),
        )
      }
    } catch (thrown) {
      this.#fail(thrown)
    }
  }

  #continue(): void {
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

  /** Tests the next events until the time `until`. Returns a promise if regular expressions have to run first. */
  #step(until: number): Promise<void> | undefined {
    this.#matches.dropBefore(this.#source.firstKept)
    this.#run ??= this.#nextRun()
    const run = this.#run
    const rows: SearchCandidate[] = []
    const open: SearchCandidate[] = []
    for (const row of this.#nextRows(run)) {
      row.matched = this.#test(row)
      if (row.matched === undefined && row.isWaiting) {
        this.#isWaiting = true
        run.at--
        break
      }
      rows.push(row)
      if (row.matched === undefined) open.push(row)
      if (open.length === this.#batchSize || (row.isRead && performance.now() > until)) break
    }
    if (open.length === 0) {
      this.#advance(run, rows)
      return undefined
    }
    return this.#runRegexes(open).then(() => {
      if (!this.#ended) this.#advance(run, rows)
    })
  }

  #advance(run: Run, rows: readonly SearchCandidate[]): void {
    for (const { index, matched } of rows) if (matched && index >= this.#from) this.#matches.push(index)
    this.#position = run.indexes[run.at] ?? run.columns.first + run.columns.count
    if (run.at === run.indexes.length) this.#run = undefined
  }

  #nextRun(): Run {
    const source = this.#source
    const from = Math.max(this.#position, source.firstKept)
    const isDecoded = this.#looksAtPackets && source.decoding?.isSpoken === true
    const needles = isDecoded ? this.#decodedNeedles : this.#needles
    const prefiltered =
      needles === undefined || from < this.#prefilterFrom || from >= source.count
        ? undefined
        : source.prefilter?.(from, needles)
    const columns = source.columns(from, prefiltered === undefined ? STEP : prefiltered.end - from)
    if (prefiltered !== undefined && prefiltered.indexes.length > columns.count / 2)
      this.#prefilterFrom = prefiltered.end + UNFILTERED
    const indexes =
      prefiltered?.indexes ?? Array.from({ length: columns.count }, (_, offset) => columns.first + offset)
    return { columns, indexes, gaps: this.#looksAtGaps ? this.#gapsIn(columns) : [], at: 0 }
  }

  /** The next candidates of the run, except for events that have been dropped. */
  *#nextRows(run: Run): Generator<SearchCandidate> {
    const { columns, indexes, gaps } = run
    for (let bytes = 0, rows = 0; run.at < indexes.length && rows < STEP && bytes < STEP_BYTES; ) {
      const index = indexes[run.at++] ?? 0
      if (index < this.#source.firstKept) continue
      const offset = index - columns.first
      rows++
      bytes += columns.size[offset] ?? 0
      yield new SearchCandidate(this.#source, columns, offset, gaps[offset], this.#looksAtValues)
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

  async #runRegexes(rows: readonly SearchCandidate[]): Promise<void> {
    const texts = rows.map((row) => row.text() ?? '')
    const asked = performance.now()
    for (const regex of this.#regexes) {
      const verdicts = await this.#watched.test(regex, texts)
      rows.forEach((row, at) => {
        row.setVerdict(regex, verdicts[at] ?? false)
      })
    }
    const took = performance.now() - asked
    if (took > BATCH_TIME.most) this.#batchSize = Math.max(1, this.#batchSize >> 1)
    else if (took < BATCH_TIME.least) this.#batchSize = Math.min(STEP, this.#batchSize * 2)
    for (const row of rows) row.matched = this.#test(row)
  }
}

class SearchCandidate implements Candidate {
  readonly index: number
  readonly number: number
  readonly time: number
  readonly kind: number
  readonly connection: number
  readonly size: number
  readonly wireSize: number
  readonly gap: number | undefined
  matched: boolean | undefined
  readonly #source: SearchSource
  readonly #hasValues: boolean
  readonly #eventName: number
  #verdicts: Map<Filter, boolean> | undefined
  #text: string | undefined
  #json: unknown
  #parsed = false
  #packets: readonly DecodedEvent[] | undefined
  /** It has to be decoded before the test can decide. */
  isWaiting = false

  /** `hasValues` is false if the filter does not ask for the values of packets. */
  constructor(
    source: SearchSource,
    columns: ColumnBatch,
    offset: number,
    gap: number | undefined,
    hasValues: boolean,
  ) {
    this.#source = source
    this.#hasValues = hasValues
    this.index = columns.first + offset
    this.number = this.index + 1
    this.time = columns.time[offset] ?? 0
    this.kind = columns.kind[offset] ?? 0
    this.connection = columns.connection[offset] ?? 0
    this.size = columns.size[offset] ?? 0
    this.wireSize = columns.wireSize[offset] ?? 0
    this.#eventName = columns.eventName[offset] ?? 0
    this.gap = gap
  }

  /** Whether its text was read, which takes time. */
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

  decoded(): readonly DecodedEvent[] | undefined {
    if (!mayHoldPackets(this.kind)) return NO_PACKETS
    this.#packets ??= this.#wait(
      this.#source.decoding === undefined
        ? NO_PACKETS
        : this.#source.decoding.packets(this.index, this.#hasValues),
    )
    return this.#packets
  }

  values(): readonly unknown[] | undefined {
    if (this.#source.decoding?.speaks(this.connection) !== true) return NO_PACKETS
    return this.decoded()?.flatMap(({ value }) => (value === undefined ? [] : [value]))
  }

  isUnanswered(): boolean | undefined {
    const { decoding } = this.#source
    if (decoding === undefined || !mayHoldPackets(this.kind)) return false
    return this.#wait(decoding.isUnanswered(this.index))
  }

  /** Takes note if a value is not known yet. */
  #wait<T>(value: T | undefined): T | undefined {
    if (value === undefined) this.isWaiting = true
    return value
  }

  verdict(regex: Filter & { kind: 'regex' }): boolean | undefined {
    return this.#verdicts?.get(regex)
  }

  setVerdict(regex: Filter, verdict: boolean): void {
    this.#verdicts ??= new Map()
    this.#verdicts.set(regex, verdict)
  }
}

const NO_PACKETS: readonly DecodedEvent[] = []
