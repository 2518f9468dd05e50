/**
 * Polls see changes too late or not at all: a version in the body rises by several with each poll, or, by the server's own
 * clock, changes are older than the interval allows.
 */
import { headerOf } from '../../../decode/facts.ts'
import { type ChartTone, MAX_CHART_POINTS } from '../../../shared/finding-chart.ts'
import { percentilesOf } from '../../../shared/percentiles.ts'
import { formatDecimal } from '../../../shared/text/numbers.ts'
import { plural, shortSpan } from '../../../shared/text/quantities.ts'
import type { ObservedConnection } from '../../observed-connection.ts'
import { connectionRule, type Found, type RuleContext, type RuleRun } from '../../rule.ts'
import type { RuleEvent } from '../../rule-event.ts'
import { Latest, LatestPairs, MAX_EVENTS } from '../latest.ts'
import { ChangeTimes } from './change-times.ts'
import { CYCLE_EVENTS, type Cycle, type CycleListener, CycleReader } from './cycle-reader.ts'
import { longestListIn, type Version, versionIn } from './version-field.ts'

/** Changes from which a pace is known. */
const LEAST_CHANGES = 5
/** Milliseconds by which the difference of two dates in seconds may be wrong. */
const DATE_ERROR = 1000

class PollTooSlow implements RuleRun, CycleListener {
  readonly comparesBodies = true
  readonly #connection: ObservedConnection
  readonly #threshold: number
  readonly #reader = new CycleReader(this)
  readonly #times = new ChangeTimes()
  /** Times, with the versions and the ages in ms that responses had. */
  readonly #versions = new LatestPairs<number>(MAX_CHART_POINTS)
  readonly #ages = new LatestPairs<number>(MAX_CHART_POINTS)
  readonly #events = new Latest<number>(MAX_EVENTS)
  /** Of the current message. */
  #current: { readonly version: Version | undefined; readonly list: number } | undefined
  #version: Version | undefined
  /** Of the latest version. */
  #name = ''
  /** Steps of the version, those of more than 1, and their sum. Undefined if there is no version that rises. */
  #steps: { count: number; jumps: number; sum: number } | undefined = { count: 0, jumps: 0, sum: 0 }
  /** Whether an `Age` said that a cache had held a response. */
  #isCached = false
  #from: number | undefined
  #to = 0

  constructor(connection: ObservedConnection, { threshold }: RuleContext) {
    this.#connection = connection
    this.#threshold = threshold
  }

  add(event: RuleEvent): void {
    if (event.type === 'message')
      this.#current = { version: versionIn(event.json), list: longestListIn(event.json) }
    this.#reader.add(event)
    this.#current = undefined
  }

  skipped(): void {
    this.#reader.skipped()
    this.#times.skipped()
    this.#version = undefined
  }

  cycle(cycle: Cycle): void {
    this.#times.add(cycle)
    if (cycle.outcome !== 'new') return
    const isFirst = this.#from === undefined
    this.#from ??= cycle.started
    this.#to = cycle.ended
    this.#events.add(cycle.number)
    this.#step(cycle)
    // The first response has a change of any age.
    if (!isFirst) this.#addAge(cycle)
  }

  #step({ ended }: Cycle): void {
    const before = this.#version
    const { version, list = 0 } = this.#current ?? {}
    this.#version = version
    if (version === undefined) return
    this.#name = version.name
    this.#versions.add(ended, version.value)
    if (before === undefined || this.#steps === undefined) return
    const step = version.value - before.value
    // A list may have all changes since the last poll.
    if (version.name !== before.name || step <= 0 || list >= step) this.#steps = undefined
    else {
      this.#steps.count++
      this.#steps.sum += step
      if (step > 1) this.#steps.jumps++
    }
  }

  #addAge({ ended, response: { headers } }: Cycle): void {
    const changed = Date.parse(headerOf(headers, 'last-modified') ?? '')
    const date = Date.parse(headerOf(headers, 'date') ?? '')
    if (Number.isNaN(changed) || Number.isNaN(date)) return
    const cached = Number(headerOf(headers, 'age') ?? 0) * 1000 || 0
    if (cached > 0) this.#isCached = true
    this.#ages.add(ended, Math.max(date - changed + cached, 0))
  }

  findings(): Found[] {
    const found = this.#missed() ?? this.#stale()
    if (found === undefined || this.#from === undefined) return []
    return [{ from: this.#from, to: this.#to, events: this.#events.values, ...found }]
  }

  /** Versions that no poll saw. */
  #missed(): Found | undefined {
    const steps = this.#steps
    const { interval } = this.#times
    if (steps === undefined || interval === undefined || steps.count < LEAST_CHANGES) return undefined
    const each = steps.sum / steps.count
    if (each < this.#threshold) return undefined
    const name = this.#name
    const missed = steps.sum - steps.count
    return {
      severity: 'warning',
      title: `${plural(missed, 'version')} came and went between polls`,
      message: `${this.#connection.name} is polled every ${shortSpan(interval)}, and ${name} rises by ${formatDecimal(each, 1)} from one change that is seen to the next: ${plural(missed, 'version')} of ${steps.sum} were replaced before a poll saw them.`,
      advice: `Poll at least every ${shortSpan(interval / each)} to see each, let the server return what happened since the last poll, or use a stream.`,
      evidence: { interval, steps: steps.count, rise: each, missed, field: name },
      confidence: `${name} rose by more than 1 in ${steps.jumps} of ${steps.count} steps`,
      chart: {
        kind: 'series',
        label: name,
        unit: 'count',
        points: this.#versions.map((time, value) => ({ time, value, tone: 'plain' as ChartTone })),
      },
    }
  }

  /** Changes that are older than the interval allows. */
  #stale(): Found | undefined {
    const ages = this.#ages.map((time, value) => ({ time, value }))
    const { interval } = this.#times
    const { p50 = 0, max = 0 } = percentilesOf(Float64Array.from(ages, ({ value }) => value)) ?? {}
    if (interval === undefined || ages.length < LEAST_CHANGES) return undefined
    const allowed = this.#threshold * interval + DATE_ERROR
    if (p50 <= allowed) return undefined
    const why = this.#isCached ? ' A cache between answers some of the polls (Age).' : ''
    return {
      severity: 'warning',
      title: `Changes are ${shortSpan(p50)} old when a poll brings them`,
      message: `${this.#connection.name} is polled every ${shortSpan(interval)}, so a change should be at most that old, but by the server's clock half of ${plural(ages.length, 'change')} were ${shortSpan(p50)} old or older, and up to ${shortSpan(max)}.${why}`,
      advice: this.#isCached
        ? 'Send Cache-Control: no-cache with what is polled, or a max-age below the interval.'
        : 'Look for a cache or a copy between the change and the response; if each poll brings only one of several changes, return all that are waiting.',
      evidence: { interval, changes: ages.length, age: p50, longest: max },
      confidence: 'from Date and Last-Modified of the responses, which have a resolution of one second',
      chart: {
        kind: 'series',
        label: 'age',
        unit: 'ms',
        points: ages.map((point) => ({ ...point, tone: point.value > allowed ? 'wrong' : 'plain' })),
      },
    }
  }
}

export const pollTooSlow = connectionRule({
  name: 'poll-too-slow',
  about: 'Changes that polls miss, or see later than their interval allows',
  takes: CYCLE_EVENTS,
  transports: ['poll'],
  readsPayloads: true,
  threshold: {
    value: 2,
    unit: 'factor',
    about: 'Changes for each poll, or the age of a change in intervals',
  },
  source: {
    title: 'RFC 6202, section 2.2 (maximal latency)',
    url: 'https://www.rfc-editor.org/rfc/rfc6202#section-2.2',
  },
  start: (connection, context) => new PollTooSlow(connection, context),
})
