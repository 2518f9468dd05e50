/**
 * Runs the rules over the events of a session, in slices behind the capture. While a session is captured, rules that read
 * payloads get a small share of the thread. Payloads that come faster are left out, and counted.
 */
import { isDeepStrictEqual } from 'node:util'
import { alikeFrom, areAlike } from '../diagnose/alike-events.ts'
import {
  Diagnosis,
  type DiagnosisChoices,
  type DiagnosisOptions,
  type FoundInSession,
} from '../diagnose/diagnosis.ts'
import { CurrentEvent, type EventRow } from '../diagnose/rule-event.ts'
import { RULES } from '../diagnose/rules.ts'
import type { DecodedEvent } from '../shared/decoded.ts'
import type { RealtimeEvent } from '../shared/event.ts'
import { type ColumnSource, type ColumnView, UNKNOWN_SIZE } from '../shared/event-columns.ts'
import { countFindings, type Finding, type FindingCounts } from '../shared/finding.ts'
import { addTo } from '../shared/maps.ts'
import { isMutedBy } from '../shared/muted-rules.ts'
import type { DiagnosisSettings, FindingList } from '../shared/protocol/findings.ts'
import type { SessionStatus } from '../shared/status.ts'
import { PayloadBudget } from './payload-budget.ts'

export interface DiagnosedSource extends ColumnSource {
  readonly startedAt: Date
  /** The event; its payload may be valid only until the next append. */
  peek(index: number): RealtimeEvent
  /** As that of a `Log`. */
  columnsAround?(index: number): ColumnView
}

/** The packets of events. */
export interface DiagnosedDecoding {
  packets(index: number): readonly DecodedEvent[] | undefined
  /** Whether a connection speaks no known protocol, so that packets say no more than the names in their JSON. */
  isPlain(connection: number): boolean
  /** Whether `packets` are those that stay. After `start`, they will be. `row` has columns of the event. */
  isKnown(index: number, row: Pick<EventRow, 'kind' | 'connection'>): boolean
  start(): void
}

/** Milliseconds from an event until its slice. What it finds is shown at most once a second. */
const DELAY = 250
/** Milliseconds that a slice may hold the thread. */
const SLICE = 4
/** Events whose columns are copied in one step, if they have to be: about as many as a slice gives to rules one by one. */
const STEP = 2048
/** Events given to rules between two checks of the clock, and bytes of their payloads. */
const GIVEN = 64
const GIVEN_BYTES = 64 * 1024
/** Milliseconds between two times that rules are asked what they found. */
const PERIOD = 1000
/** How many times as long as asking takes, and as the period if nothing happens but that time passes. */
const PERIODS_OF_COST = 50
const IDLE_PERIODS = 5
/** Milliseconds that a live session waits for decoders before it goes on without. */
const PATIENCE = 2000

export interface FindingSummary {
  readonly session: NonNullable<SessionStatus['findings']>
  of(connection: number): FindingCounts | undefined
}

export interface DiagnosisRunnerOptions {
  readonly source: DiagnosedSource
  readonly decoding?: DiagnosedDecoding
  /** The session time of a session that goes on. Without it, the session is as long as its events. */
  readonly now?: (() => number) | undefined
  /** Called if the findings may have changed. */
  readonly onProgress: () => void
  /** Default: the whole table. */
  readonly rules?: DiagnosisOptions['rules']
  /** Milliseconds between two times that rules are asked. Default 1000. */
  readonly period?: number
}

export class DiagnosisRunner {
  readonly #options: DiagnosisRunnerOptions
  readonly #event: CurrentEvent
  readonly #period: number
  #settings: DiagnosisSettings = { thresholds: {}, muted: [] }
  #diagnosis: Diagnosis
  readonly #budget = new PayloadBudget(performance.now())
  /** Number of the first event that the rules have not seen, and the time of the one before it. */
  #reached = 0
  #time = 0
  #events = 0
  #skipped = 0
  /** Time of `performance.now()` since when decoders are waited for. */
  #waitingSince: number | undefined
  /** When the rules were last asked, and how many milliseconds that took. Undefined before the first time. */
  #asked: { readonly at: number; readonly cost: number } | undefined
  #startedAt = performance.now()
  /** When rules were last asked about connections on which nothing happens. */
  #agedAt = performance.now()
  /** While the rules are asked: the session time, and the milliseconds so far. */
  #asking: { readonly now: number; cost: number } | undefined
  #found: FoundInSession = { findings: [], muted: [] }
  #version = 0
  /** The version of the diagnosis that it is of. */
  #published = 0
  #summary: FindingSummary | undefined
  #delay: { readonly timer: NodeJS.Timeout; readonly at: number } | undefined
  #next: NodeJS.Immediate | undefined
  /** The next slice comes within `DELAY`. */
  #isPoked = false

  constructor(options: DiagnosisRunnerOptions) {
    const { source, decoding, period = PERIOD } = options
    this.#options = options
    this.#period = period
    this.#event = new CurrentEvent({
      read: (number) => source.peek(number),
      ...(decoding !== undefined && {
        decoded: (number: number) =>
          decoding.isPlain(this.#event.connection) ? undefined : decoding.packets(number),
      }),
    })
    this.#diagnosis = this.#newDiagnosis()
  }

  /** Call when events were appended. */
  poke(): void {
    // Called for each message, so that the clock is asked only for the first one.
    if (this.#isPoked) return
    this.#isPoked = true
    this.#wait(DELAY)
  }

  /** Call when more messages are decoded. */
  decoded(): void {
    if (this.#waitingSince !== undefined) this.#wait(0)
  }

  /** The user has set something. If it is a threshold, the session is diagnosed again. */
  choose(settings: DiagnosisSettings): void {
    const before = this.#settings
    this.#settings = settings
    if (!isDeepStrictEqual(settings.thresholds, before.thresholds)) {
      this.clear()
      this.poke()
    } else if (!isDeepStrictEqual(settings.muted, before.muted)) this.#publish()
  }

  /** The source no longer has the events from number `count` on. */
  rewind(count: number): void {
    if (count < this.#reached) this.clear()
    this.poke()
  }

  /** Stops, and forgets what was found. After `poke`, starts with the oldest event. */
  clear(): void {
    clearTimeout(this.#delay?.timer)
    clearImmediate(this.#next)
    this.#delay = undefined
    this.#next = undefined
    this.#isPoked = false
    this.#reached = 0
    this.#time = 0
    this.#events = 0
    this.#skipped = 0
    this.#waitingSince = undefined
    this.#asked = undefined
    this.#startedAt = performance.now()
    this.#asking = undefined
    this.#diagnosis = this.#newDiagnosis()
    this.#publish()
  }

  /** What was found, as of the last time that the rules were asked. */
  list(): FindingList {
    return {
      ...this.#found,
      rules: (this.#options.rules ?? RULES).length,
      failed: this.#diagnosis.failed,
      events: this.#events,
      skipped: this.#skipped,
      isCurrent: !this.#isBehind && this.#diagnosis.isCurrent,
    }
  }

  /** The counts for the status, of the session and of each connection. Undefined if nothing was found. */
  summary(): FindingSummary | undefined {
    return this.#summary
  }

  /** What the user has set. */
  get choices(): DiagnosisChoices {
    return {
      thresholds: this.#settings.thresholds,
      isMuted: (rule, url) => isMutedBy(this.#settings.muted, rule, url),
    }
  }

  get #isBehind(): boolean {
    return this.#reached < this.#options.source.count
  }

  #newDiagnosis(): Diagnosis {
    const { rules, source } = this.#options
    return new Diagnosis({
      startedAt: () => source.startedAt.getTime(),
      thresholds: this.#settings.thresholds,
      ...(rules !== undefined && { rules }),
    })
  }

  /** Schedules a slice in some milliseconds, unless one comes sooner. */
  #wait(ms: number): void {
    if (this.#next !== undefined) return
    const at = performance.now() + ms
    if (this.#delay !== undefined && this.#delay.at <= at) return
    clearTimeout(this.#delay?.timer)
    this.#delay = { timer: setTimeout(() => this.#slice(), Math.max(ms, 0)), at }
  }

  #slice(): void {
    this.#delay = undefined
    this.#next = undefined
    this.#isPoked = false
    const begin = performance.now()
    const until = begin + SLICE
    this.#budget.earn(this.#options.source.count, begin)
    let goesOn = true
    while (goesOn && this.#isBehind && performance.now() < until) goesOn = this.#step(until)
    this.#ask(until)
    if (this.#asking !== undefined || (goesOn && this.#isBehind))
      this.#next = setImmediate(() => this.#slice())
    else if (this.#isBehind) this.#wait(PATIENCE)
    else if (!this.#diagnosis.isCurrent) this.#wait(this.#dueIn)
    else if (this.#ages) this.#wait(this.#agedAt + this.#period * IDLE_PERIODS - performance.now())
  }

  /** Gives the next events to the rules until the time is over. Returns false if decoders have to be waited for. */
  #step(until: number): boolean {
    const columns = this.#columns()
    const { first, count, time, size } = columns
    let clock = performance.now()
    let events = 0
    let payloads = 0
    let bytes = 0
    for (let at = Math.max(this.#reached - first, 0); at < count; ) {
      const from = at
      at = this.#giveAlike(columns, from)
      if (at === from) {
        const given = this.#give(columns, at, clock)
        if (given === 'wait') return false
        if (given === 'payload') {
          payloads++
          bytes += size[at] ?? 0
        }
        at++
      }
      this.#time = time[at - 1] ?? 0
      this.#reached = first + at
      this.#events += at - from
      events += at - from
      if (events < GIVEN && bytes < GIVEN_BYTES) continue
      const now = performance.now()
      if (payloads > 0) this.#budget.spend(payloads, bytes, now - clock)
      events = 0
      payloads = 0
      bytes = 0
      clock = now
      if (now >= until) return true
    }
    if (payloads > 0) this.#budget.spend(payloads, bytes, performance.now() - clock)
    this.#reached = first + count
    return true
  }

  /** The columns of the next events. */
  #columns(): ColumnView {
    const { source } = this.#options
    const next = Math.max(this.#reached, source.firstKept)
    return source.columnsAround?.(next) ?? source.columns(next, STEP)
  }

  /**
   * Gives events to the rules at once, from a position of the columns on, if the rules take them so and no payload may be read.
   * Returns the position after them.
   */
  #giveAlike(columns: ColumnView, from: number): number {
    if (!areAlike(columns, from)) return from
    const kind = columns.kind[from] ?? 0
    const connection = columns.connection[from] ?? 0
    const isAllowed = this.#mayRead
    const reads = this.#diagnosis.readsPayload(connection, kind)
    if ((reads && isAllowed) || !this.#diagnosis.takesAlike(connection, kind)) return from
    const events = alikeFrom(columns, from)
    this.#diagnosis.addAlike(events, isAllowed)
    if (reads) this.#skipped += events.to - from
    return events.to
  }

  /** Whether payloads may be read now. */
  get #mayRead(): boolean {
    return this.#options.now === undefined || this.#budget.isLeft
  }

  /**
   * Gives an event of the columns to the rules. Returns what they may have read of it, or `wait` if it has to be decoded first.
   * `clock` is about the time of `performance.now()`.
   */
  #give(columns: ColumnView, at: number, clock: number): 'columns' | 'payload' | 'wait' {
    const number = columns.first + at
    const kind = columns.kind[at] ?? 0
    const connection = columns.connection[at] ?? 0
    const { size, time, wireSize } = columns
    const wire = wireSize[at] ?? UNKNOWN_SIZE
    this.#event.move(number, time[at] ?? 0, kind, connection, size[at] ?? 0, wire)
    const reads = this.#diagnosis.readsPayload(connection, kind)
    const isAllowed = this.#mayRead
    const isReady = !reads || !isAllowed || this.#isDecoded(clock)
    if (isReady === undefined) return 'wait'
    const withPayloads = isAllowed && isReady
    try {
      this.#diagnosis.add(this.#event, withPayloads)
    } catch {
      // The step of a connection cannot be read, so it is no evidence.
    }
    if (reads && (!withPayloads || this.#event.isUnreadable)) this.#skipped++
    return reads && withPayloads ? 'payload' : 'columns'
  }

  /** Whether the packets of the current event are known; undefined if it is worth waiting for them. */
  #isDecoded(clock: number): boolean | undefined {
    const { decoding, now } = this.#options
    if (decoding === undefined || decoding.isKnown(this.#event.number, this.#event)) {
      this.#waitingSince = undefined
      return true
    }
    decoding.start()
    this.#waitingSince ??= clock
    return now !== undefined && clock - this.#waitingSince > PATIENCE ? false : undefined
  }

  /** Whether time alone may change what is found. */
  get #ages(): boolean {
    return this.#options.now !== undefined && this.#diagnosis.ages
  }

  /** Milliseconds until the rules are asked again. At first they are asked as soon as they have all events. */
  get #dueIn(): number {
    if (this.#asked === undefined)
      return this.#isBehind ? this.#startedAt + this.#period - performance.now() : 0
    const { at, cost } = this.#asked
    return at + Math.max(this.#period, cost * PERIODS_OF_COST) - performance.now()
  }

  /** Asks the rules, if it is time to, until the time is over. */
  #ask(until: number): void {
    const { now } = this.#options
    const begin = performance.now()
    if (this.#asking === undefined) {
      if (this.#dueIn > 0) return
      if (this.#ages && begin - this.#agedAt >= this.#period * IDLE_PERIODS) {
        this.#diagnosis.age()
        this.#agedAt = begin
      }
      if (this.#diagnosis.isCurrent) return
      this.#asking = { now: this.#isBehind ? this.#time : (now?.() ?? this.#time), cost: 0 }
    }
    const goesOn = this.#diagnosis.refresh(this.#asking.now, until)
    const end = performance.now()
    this.#asking.cost += end - begin
    if (goesOn) return
    this.#asked = { at: end, cost: this.#asking.cost }
    this.#asking = undefined
    if (this.#diagnosis.version !== this.#published) this.#publish()
  }

  /** Makes the list and the counts. */
  #publish(): void {
    const found = this.#diagnosis.list(this.choices.isMuted)
    this.#found = found
    this.#published = this.#diagnosis.version
    this.#version++
    this.#summary = found.findings.length === 0 ? undefined : summaryOf(found.findings, this.#version)
    this.#options.onProgress()
  }
}

function summaryOf(findings: readonly Finding[], version: number): FindingSummary {
  const byConnection = new Map<number | undefined, Finding[]>()
  for (const finding of findings) addTo(byConnection, finding.connection, finding)
  const counts = new Map([...byConnection].map(([connection, some]) => [connection, countFindings(some)]))
  return {
    session: { version, counts: countFindings(findings) },
    of: (connection) => counts.get(connection),
  }
}
