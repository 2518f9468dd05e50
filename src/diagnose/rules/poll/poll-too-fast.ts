/**
 * A poll asks more often than the server allows or says that answers change, or many times for each change.
 */
import { headerOf } from '../../../decode/facts.ts'
import { MAX_CHART_POINTS } from '../../../shared/finding-chart.ts'
import { plural, shortSpan } from '../../../shared/text/quantities.ts'
import type { ObservedConnection } from '../../observed-connection.ts'
import { connectionRule, type Found, type RuleContext, type RuleRun } from '../../rule.ts'
import type { RuleEvent } from '../../rule-event.ts'
import { Latest, LatestPairs, MAX_EVENTS } from '../latest.ts'
import { ChangeTimes, calmerInterval } from './change-times.ts'
import { CYCLE_EVENTS, type Cycle, type CycleListener, CycleReader } from './cycle-reader.ts'

/** Changes from which their pace is known. */
const LEAST_CHANGES = 3
/** Milliseconds from which a response was held: the server sets the pace. */
const HELD = 1000
const RATE_LIMITED = 429

const TOO_MANY = {
  title: 'RFC 6585, section 4 (429 Too Many Requests)',
  url: 'https://www.rfc-editor.org/rfc/rfc6585#section-4',
}
const POLL_INTERVAL = {
  title: 'GitHub: X-Poll-Interval of the events API',
  url: 'https://docs.github.com/en/rest/activity/events#about-github-events',
}

class PollTooFast implements RuleRun, CycleListener {
  readonly comparesBodies = true
  readonly #connection: ObservedConnection
  readonly #threshold: number
  readonly #reader = new CycleReader(this)
  readonly #times = new ChangeTimes()
  /** When each poll began, and whether it brought something. */
  readonly #latest = new LatestPairs<boolean>(MAX_CHART_POINTS)
  readonly #refused = new Latest<number>(MAX_EVENTS)
  readonly #changed = new Latest<number>(MAX_EVENTS)
  #polls = 0
  #refusals = 0
  /** Seconds that the server asks for in `X-Poll-Interval`, and in `Retry-After` with 429. */
  #asked: number | undefined
  #retryAfter: number | undefined
  #from: number | undefined
  #to = 0

  constructor(connection: ObservedConnection, { threshold }: RuleContext) {
    this.#connection = connection
    this.#threshold = threshold
  }

  add(event: RuleEvent): void {
    this.#reader.add(event)
  }

  skipped(): void {
    this.#reader.skipped()
    this.#times.skipped()
  }

  cycle(cycle: Cycle): void {
    const { outcome, held, started, ended, number, response } = cycle
    if (outcome === 'empty' && held >= HELD) return
    this.#times.add(cycle)
    this.#from ??= started
    this.#to = ended
    this.#polls++
    this.#asked = secondsIn(response.headers, 'x-poll-interval') ?? this.#asked
    const isRefused = response.status === RATE_LIMITED
    if (isRefused) {
      this.#refusals++
      this.#retryAfter = secondsIn(response.headers, 'retry-after')
      this.#refused.add(number)
    }
    if (outcome === 'new') this.#changed.add(number)
    this.#latest.add(started, outcome === 'new')
  }

  findings(): Found[] {
    const found = this.#limited() ?? this.#tooSoon() ?? this.#manyForEach()
    if (found === undefined || this.#from === undefined) return []
    const { evidence, ...rest } = found
    const { interval = 0 } = this.#times
    return [
      {
        from: this.#from,
        to: this.#to,
        ...rest,
        evidence: { polls: this.#polls, interval, ...evidence },
        chart: {
          kind: 'times',
          points: this.#latest.map((time, isRight) => ({ time, tone: isRight ? 'plain' : 'wrong' })),
        },
      },
    ]
  }

  get #where(): string {
    return `${this.#connection.name} is polled every ${shortSpan(this.#times.interval ?? 0)}`
  }

  /** The server refuses polls. */
  #limited(): Found | undefined {
    if (this.#refusals === 0) return undefined
    const wait =
      this.#retryAfter === undefined
        ? ''
        : ` It asks to wait ${shortSpan(this.#retryAfter * 1000)} (Retry-After).`
    return {
      severity: 'warning',
      title: `The server refused ${plural(this.#refusals, 'poll')} as too many`,
      message: `${this.#where}, and the server answered ${this.#refusals} of ${plural(this.#polls, 'poll')} with 429 Too Many Requests.${wait}`,
      advice: 'Poll less often, wait as long as Retry-After says after a 429, or ask for a stream instead.',
      evidence: {
        refused: this.#refusals,
        ...(this.#retryAfter !== undefined && { retryAfter: this.#retryAfter * 1000 }),
      },
      source: TOO_MANY,
      hasThreshold: false,
      events: this.#refused.values,
    }
  }

  /** The server names an interval that is not kept. */
  #tooSoon(): Found | undefined {
    const asked = (this.#asked ?? 0) * 1000
    const { interval } = this.#times
    // Timers and networks vary.
    if (interval === undefined || asked * 0.9 <= interval) return undefined
    return {
      severity: 'warning',
      title: `Polled every ${shortSpan(interval)}, where the server asks for ${shortSpan(asked)}`,
      message: `${this.#where}, but its X-Poll-Interval asks for ${shortSpan(asked)} or more.`,
      advice: `Wait ${shortSpan(asked)} between requests, as the server asks: it may refuse them otherwise.`,
      evidence: { askedInterval: asked },
      source: POLL_INTERVAL,
      hasThreshold: false,
    }
  }

  /** Changes are much rarer than polls. */
  #manyForEach(): Found | undefined {
    const { interval, betweenChanges, changes } = this.#times
    if (changes < LEAST_CHANGES || interval === undefined || betweenChanges === undefined) return undefined
    const factor = betweenChanges / interval
    if (factor < this.#threshold) return undefined
    const calmer = calmerInterval(interval, betweenChanges)
    const then = calmer === undefined ? '' : ` every ${shortSpan(calmer)} sees the same changes.`
    return {
      severity: 'info',
      title: `${Math.round(factor)} polls for each change`,
      message: `${this.#where}, and what it asks for changes every ${shortSpan(betweenChanges)}: ${Math.round(factor)} polls for each of ${plural(changes, 'change')}.`,
      advice: `${calmer === undefined ? 'Poll less often.' : `Poll less often:${then}`} If changes must arrive at once, use a long poll or an event stream.`,
      evidence: { changes, betweenChanges, factor },
      confidence: `from ${plural(changes, 'change')}`,
      events: this.#changed.values,
    }
  }
}

function secondsIn(headers: Parameters<typeof headerOf>[0], name: string): number | undefined {
  const value = headerOf(headers, name)
  return value !== undefined && /^\d{1,6}$/.test(value.trim()) ? Number(value) : undefined
}

export const pollTooFast = connectionRule({
  name: 'poll-too-fast',
  about: 'Polls that are far more frequent than changes, or than the server allows',
  takes: CYCLE_EVENTS,
  transports: ['poll'],
  readsPayloads: true,
  threshold: { value: 20, unit: 'factor', about: 'Polls for each change' },
  source: {
    title: 'RFC 6202, section 2.2 (issues of polling)',
    url: 'https://www.rfc-editor.org/rfc/rfc6202#section-2.2',
  },
  start: (connection, context) => new PollTooFast(connection, context),
})
