/**
 * Runs the rules over the events of a session, in slices behind the capture.
 */
import { isDeepStrictEqual } from 'node:util'
import {
  countFindings,
  Diagnosis,
  type DiagnosisChoices,
  type DiagnosisOptions,
} from '../diagnose/diagnosis.ts'
import { CurrentEvent } from '../diagnose/rule-event.ts'
import { RULES } from '../diagnose/rules.ts'
import type { DecodedEvent } from '../shared/decoded.ts'
import type { RealtimeEvent } from '../shared/event.ts'
import type { ColumnSource } from '../shared/event-columns.ts'
import { UNKNOWN_SIZE } from '../shared/event-columns.ts'
import type { Finding, FindingCounts } from '../shared/finding.ts'
import { addTo } from '../shared/maps.ts'
import { isMutedBy } from '../shared/muted-rules.ts'
import type { FindingEngineMethods, FindingList } from '../shared/protocol/findings.ts'
import type { SessionStatus } from '../shared/status.ts'

export interface DiagnosedSource extends ColumnSource {
  readonly startedAt: Date
  /** The event; its payload may be valid only until the next append. */
  peek(index: number): RealtimeEvent
}

/** Milliseconds from an event until its slice: findings are shown in the status, which is not sent more often. */
const DELAY = 100
/** Milliseconds that a slice may hold the thread. */
const SLICE = 4
/** Events whose columns are read in one step, and events given to rules between two checks of the clock. */
const STEP = 16_384
const GIVEN = 64

export interface FindingSummary {
  readonly session: NonNullable<SessionStatus['findings']>
  of(connection: number): FindingCounts | undefined
}

export interface DiagnosisRunnerOptions {
  readonly source: DiagnosedSource
  /** The packets of an event, as far as they are known. */
  readonly decoded?: (index: number) => readonly DecodedEvent[] | undefined
  /** Called after a slice that gave events to rules. */
  readonly onProgress: () => void
  /** Default: the whole table. */
  readonly rules?: DiagnosisOptions['rules']
}

export class DiagnosisRunner {
  readonly #options: DiagnosisRunnerOptions
  readonly #event: CurrentEvent
  #choices: FindingEngineMethods['setDiagnosis']['params'] = { thresholds: {}, muted: [] }
  #diagnosis: Diagnosis
  /** Number of the first event that the rules have not seen, and the time of the one before it. */
  #reached = 0
  #now = 0
  #events = 0
  #version = 0
  /** What was found up to `reached`. */
  #found: { readonly reached: number; readonly list: FindingList } | undefined
  #delay: NodeJS.Timeout | undefined
  #next: NodeJS.Immediate | undefined

  constructor(options: DiagnosisRunnerOptions) {
    this.#options = options
    const { source, decoded } = options
    this.#event = new CurrentEvent({
      read: (number) => source.peek(number),
      ...(decoded !== undefined && { decoded }),
    })
    this.#diagnosis = this.#newDiagnosis()
  }

  /** Call when events were appended. */
  poke(): void {
    if (this.#next !== undefined) return
    this.#delay ??= setTimeout(() => this.#slice(), DELAY)
  }

  /** The user has set something: the session is diagnosed again. */
  choose(choices: FindingEngineMethods['setDiagnosis']['params']): void {
    if (isDeepStrictEqual(choices, this.#choices)) return
    this.#choices = choices
    this.clear()
    this.poke()
  }

  /** The source no longer has the events from number `count` on. */
  rewind(count: number): void {
    if (count < this.#reached) this.clear()
    this.poke()
  }

  /** Stops, and forgets what was found. After `poke`, starts with the oldest event. */
  clear(): void {
    clearTimeout(this.#delay)
    clearImmediate(this.#next)
    this.#delay = undefined
    this.#next = undefined
    this.#reached = 0
    this.#now = 0
    this.#events = 0
    this.#version++
    this.#found = undefined
    this.#diagnosis = this.#newDiagnosis()
  }

  /** What was found so far. */
  list(): FindingList {
    const reached = this.#reached
    if (this.#found?.reached === reached) return this.#found.list
    const diagnosis = this.#diagnosis
    const list = {
      findings: diagnosis.findings(this.#now),
      muted: diagnosis.muted(this.#now),
      rules: (this.#options.rules ?? RULES).length,
      failed: diagnosis.failed,
      events: this.#events,
      skipped: 0,
      isCurrent: reached >= this.#options.source.count,
    }
    if (!isDeepStrictEqual(list.findings, this.#found?.list.findings)) this.#version++
    this.#found = { reached, list }
    return list
  }

  /** The counts for the status, of the session and of each connection. */
  summary(): FindingSummary | undefined {
    const { findings } = this.list()
    if (findings.length === 0) return undefined
    const byConnection = new Map<number | undefined, Finding[]>()
    for (const finding of findings) addTo(byConnection, finding.connection, finding)
    return {
      session: { version: this.#version, counts: countFindings(findings) },
      of: (connection) => {
        const some = byConnection.get(connection)
        return some && countFindings(some)
      },
    }
  }

  /** What the user has set. */
  get choices(): DiagnosisChoices {
    return {
      thresholds: this.#choices.thresholds,
      isMuted: (rule, url) => isMutedBy(this.#choices.muted, rule, url),
    }
  }

  #newDiagnosis(): Diagnosis {
    const { rules } = this.#options
    const startedAt = () => this.#options.source.startedAt.getTime()
    return new Diagnosis({ startedAt, ...this.choices, ...(rules !== undefined && { rules }) })
  }

  #slice(): void {
    this.#delay = undefined
    this.#next = undefined
    const { source, onProgress } = this.#options
    const before = this.#events
    const until = performance.now() + SLICE
    do this.#step(until)
    while (this.#reached < source.count && performance.now() < until)
    if (this.#reached < source.count) this.#next = setImmediate(() => this.#slice())
    if (this.#events > before) onProgress()
  }

  /** Gives the next events to the rules until the time is over. */
  #step(until: number): void {
    const { first, count, time, kind, connection, size, wireSize } = this.#options.source.columns(
      this.#reached,
      STEP,
    )
    for (let at = 0; at < count; at++) {
      this.#now = time[at] ?? 0
      this.#event.move(
        first + at,
        this.#now,
        kind[at] ?? 0,
        connection[at] ?? 0,
        size[at] ?? 0,
        wireSize[at] ?? UNKNOWN_SIZE,
      )
      this.#reached = first + at + 1
      this.#events++
      this.#give()
      if (this.#events % GIVEN === 0 && performance.now() >= until) return
    }
    this.#reached = first + count
  }

  #give(): void {
    try {
      this.#diagnosis.add(this.#event)
    } catch {
      // The event cannot be read, so it is no evidence.
    }
  }
}
