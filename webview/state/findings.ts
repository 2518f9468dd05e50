/** What the rules have found in the session, and what of it the page shows. */
import { computed, signal } from '@preact/signals'
import { type Finding, SEVERITIES, type Severity } from '../../src/shared/finding.ts'
import type { FindingList } from '../../src/shared/protocol/findings.ts'

/**
 * Milliseconds between two readings: if what was found has changed; if only more events were looked at, or if the last
 * reading failed.
 */
const PERIOD = 500
const SLOW_PERIOD = 2000
/** Findings that are shown at first, and how many more with each press. */
export const PAGE_OF_FINDINGS = 100

/** The id of the header of the view, which takes the focus if what had it is removed. */
export const FINDINGS_HEAD = 'findings-head'

/** A finding with a key, which stays the same after the finding has been read again. */
export interface KnownFinding {
  readonly key: string
  readonly finding: Finding
}

/** A finding with a place on the time axis. */
export interface FindingMark extends KnownFinding {
  /** Session time in ms at which it was complete. */
  readonly time: number
}

export class FindingStore {
  readonly list = signal<FindingList | undefined>(undefined)
  readonly known = signal<readonly KnownFinding[]>([])
  /** Severities that are shown. */
  readonly severities = signal<ReadonlySet<Severity>>(new Set(SEVERITIES))
  /** The only connection that is shown. */
  readonly connection = signal<number | undefined>(undefined)
  /** The key of the finding that the user chose. */
  readonly chosen = signal<string | undefined>(undefined)
  /** How often the user has chosen one. It then comes into view. */
  readonly choices = signal(0)
  /** How many are shown at most. */
  readonly most = signal(PAGE_OF_FINDINGS)
  readonly areMutedShown = signal(false)
  /** The findings of the severities and the connection that the user chose. */
  readonly shown = computed(() => {
    const [severities, connection] = [this.severities.value, this.connection.value]
    return this.known.value.filter(
      ({ finding }) =>
        severities.has(finding.severity) && (connection === undefined || finding.connection === connection),
    )
  })
  /** The findings with a time, the earliest first. */
  readonly marks = computed(() => marksOf(this.known.value))
  readonly hasMarks = computed(() => this.marks.value.length > 0)
  readonly #read: () => Promise<FindingList>
  #isOpen = false
  #version: number | undefined
  #events = 0
  /** Milliseconds after the last reading at which the next one is due. */
  #period = Number.POSITIVE_INFINITY
  #isReading = false
  #lastRead = Number.NEGATIVE_INFINITY
  #timer: ReturnType<typeof setTimeout> | undefined
  #generation = 0

  constructor(read: () => Promise<FindingList>) {
    this.#read = read
  }

  /**
   * Call while the page is visible and its session is not paused: reads again if there is something new. `version` is that
   * of the session's status, `events` the number of its events, which matters while the view is open.
   */
  follow(version: number | undefined, events: number, isOpen: boolean): void {
    if (version !== this.#version || (isOpen && !this.#isOpen)) this.#readWithin(PERIOD)
    if (isOpen && events !== this.#events) this.#readWithin(SLOW_PERIOD)
    this.#version = version
    this.#events = events
    this.#isOpen = isOpen
    this.#plan()
  }

  /** Reads again, because the user has changed what is found. */
  refresh(): void {
    this.#readWithin(PERIOD)
    this.#plan()
  }

  /** Chooses a finding, and makes sure that it is shown. */
  choose(key: string): void {
    const at = () => this.shown.value.findIndex((each) => each.key === key)
    if (at() < 0) this.showAllOf(undefined)
    this.most.value = Math.max(this.most.value, at() + 1)
    this.chosen.value = key
    this.choices.value++
  }

  /** Chooses the finding that an event shows, unless the chosen one does. */
  settle(event: number | undefined): void {
    if (event === undefined) return
    const shows = ({ finding }: KnownFinding) => finding.events?.includes(event + 1) === true
    const known = this.known.value
    const current = known.find(({ key }) => key === this.chosen.value)
    const of = current !== undefined && shows(current) ? current : known.find(shows)
    if (of !== undefined) this.choose(of.key)
  }

  /** Shows all findings, or those of one connection. */
  showAllOf(connection: number | undefined): void {
    this.severities.value = new Set(SEVERITIES)
    this.connection.value = connection
  }

  /** Shows a severity, or leaves it out. */
  toggle(severity: Severity): void {
    const severities = new Set(this.severities.value)
    if (!severities.delete(severity)) severities.add(severity)
    this.severities.value = severities
  }

  /** There are fewer events than before. */
  reset(): void {
    this.#generation++
    this.list.value = undefined
    this.known.value = []
    this.chosen.value = undefined
    this.connection.value = undefined
    this.most.value = PAGE_OF_FINDINGS
    this.#readWithin(PERIOD)
  }

  #readWithin(period: number): void {
    this.#period = Math.min(this.#period, period)
  }

  #plan(): void {
    if (this.#isReading || this.#period === Number.POSITIVE_INFINITY) return
    clearTimeout(this.#timer)
    const wait = Math.max(0, this.#lastRead + this.#period - performance.now())
    this.#timer = setTimeout(() => void this.#ask(), wait)
  }

  async #ask(): Promise<void> {
    this.#timer = undefined
    this.#isReading = true
    this.#period = Number.POSITIVE_INFINITY
    const generation = this.#generation
    try {
      const list = await this.#read()
      if (generation === this.#generation) {
        this.known.value = knownOf(list.findings, this.known.value)
        this.list.value = list
        if (this.#isOpen && !list.isCurrent) this.#readWithin(PERIOD)
      }
    } catch {
      // The host does not answer, which the page shows. If the view is not open, opening it starts another attempt.
      if (this.#isOpen) this.#readWithin(SLOW_PERIOD)
    }
    this.#isReading = false
    this.#lastRead = performance.now()
    this.#plan()
  }
}

/** The findings with their keys. Those that are as before stay the same objects, so that they need not be rendered again. */
export function knownOf(
  findings: readonly Finding[],
  before: readonly KnownFinding[],
): readonly KnownFinding[] {
  const old = new Map(before.map((each) => [each.key, each]))
  const counts = new Map<string, number>()
  return findings.map((finding) => {
    // Not its time: that of some findings goes on with the session.
    const base = `${finding.rule} ${finding.connection ?? 'session'}`
    const nth = counts.get(base) ?? 0
    counts.set(base, nth + 1)
    const key = `${base} ${nth}`
    const same = old.get(key)
    return same !== undefined && isSame(same.finding, finding) ? same : { key, finding }
  })
}

export function marksOf(known: readonly KnownFinding[]): readonly FindingMark[] {
  return known
    .flatMap((each) => {
      const time = each.finding.to ?? each.finding.from
      return time === undefined ? [] : [{ ...each, time }]
    })
    .sort((one, other) => one.time - other.time)
}

/** Whether two values of JSON are equal. */
function isSame(one: unknown, other: unknown): boolean {
  if (typeof one !== 'object' || typeof other !== 'object' || one === null || other === null)
    return one === other
  const keys = Object.keys(one)
  return (
    keys.length === Object.keys(other).length &&
    keys.every((key) => isSame(one[key as keyof typeof one], other[key as keyof typeof other]))
  )
}
