/**
 * Most polls bring nothing: an empty response, or the same body again. A response that the server held does not count:
 * that is how long polling waits.
 */
import { MAX_CHART_POINTS } from '../../../shared/finding-chart.ts'
import { byteCount, plural, shortSpan } from '../../../shared/text/quantities.ts'
import type { ObservedConnection } from '../../observed-connection.ts'
import { connectionRule, type Found, type RuleContext, type RuleRun } from '../../rule.ts'
import type { RuleEvent } from '../../rule-event.ts'
import { Latest, LatestPairs, MAX_EVENTS } from '../latest.ts'
import { ChangeTimes, calmerInterval } from './change-times.ts'
import { CYCLE_EVENTS, type Cycle, type CycleListener, CycleReader, POLLING } from './cycle-reader.ts'

/** Fewer polls say nothing about a share. */
const LEAST_POLLS = 10
/** Milliseconds from which a response was held. */
const HELD = 1000

class BlankPolls implements RuleRun, CycleListener {
  readonly comparesBodies = true
  readonly #connection: ObservedConnection
  readonly #threshold: number
  readonly #reader = new CycleReader(this)
  readonly #times = new ChangeTimes()
  /** When each poll began, and whether it brought nothing. */
  readonly #latest = new LatestPairs<boolean>(MAX_CHART_POINTS)
  readonly #events = new Latest<number>(MAX_EVENTS)
  #polls = 0
  #blank = 0
  /** Blank ones whose body was repeated. */
  #same = 0
  /** Bytes of blank polls, and of all. */
  #blankBytes = 0
  #bytes = 0
  #from = 0
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
    const { outcome, held, started, ended, number, heads, body } = cycle
    if (outcome === 'failed') return
    this.#times.add(cycle)
    const isBlank = outcome !== 'new'
    if (isBlank && held >= HELD) return
    if (this.#polls === 0) this.#from = started
    this.#to = ended
    this.#polls++
    this.#bytes += heads + body
    this.#latest.add(started, isBlank)
    if (!isBlank) return
    this.#blank++
    if (outcome === 'same') this.#same++
    this.#blankBytes += heads + body
    this.#events.add(number)
  }

  findings(): Found[] {
    if (this.#polls < LEAST_POLLS || this.#blank / this.#polls <= this.#threshold) return []
    const { interval = 0, betweenChanges, changes } = this.#times
    const title = `${this.#blank} of ${this.#polls} polls brought nothing`
    const byteShare = this.#blankBytes / this.#bytes
    return [
      {
        severity: 'info',
        from: this.#from,
        to: this.#to,
        events: this.#events.values,
        title,
        message: [`${title} on ${this.#connection.name}.`, this.#pace(), this.#cost()].join(' '),
        advice: adviceFor(interval, betweenChanges, changes),
        evidence: {
          polls: this.#polls,
          blank: this.#blank,
          repeated: this.#same,
          share: this.#blank / this.#polls,
          changes,
          interval,
          ...(betweenChanges !== undefined && { betweenChanges }),
          blankBytes: this.#blankBytes,
          bytes: this.#bytes,
          byteShare,
        },
        chart: {
          kind: 'times',
          points: this.#latest.map((time, isBlank) => ({ time, tone: isBlank ? 'wrong' : 'plain' })),
        },
      },
    ]
  }

  /** How often it polls, and how often something changes. */
  #pace(): string {
    const { interval, betweenChanges, changes } = this.#times
    const polled = `It polls every ${shortSpan(interval ?? 0)}`
    if (betweenChanges !== undefined)
      return `${polled}, while something changes every ${shortSpan(betweenChanges)}.`
    return changes === 1 ? `${polled}, and something changed once.` : `${polled}, and nothing changed.`
  }

  /** What the blank polls cost. */
  #cost(): string {
    const kind =
      this.#same === 0
        ? 'The empty responses'
        : this.#same === this.#blank
          ? 'The repeated responses'
          : 'Empty and repeated responses'
    const percent = Math.round((100 * this.#blankBytes) / this.#bytes)
    return `${kind} took about ${byteCount(this.#blankBytes)} with their headers and requests, ${percent} % of its traffic.`
  }
}

function adviceFor(interval: number, betweenChanges: number | undefined, changes: number): string {
  const push =
    changes > 1
      ? `A long poll or an event stream brings the same ${plural(changes, 'change')} in ${plural(changes, 'response')}, at once.`
      : 'A long poll or an event stream answers only when something changes, and at once.'
  const calmer = betweenChanges === undefined ? undefined : calmerInterval(interval, betweenChanges)
  if (calmer === undefined) return push
  const share = Math.round((100 * interval) / calmer)
  return `${push} If you have to poll, every ${shortSpan(calmer)} takes ${share} % of the requests and is at most ${shortSpan(calmer)} late.`
}

export const blankPolls = connectionRule({
  name: 'blank-polls',
  about: 'Polls that bring nothing',
  takes: CYCLE_EVENTS,
  transports: POLLING,
  readsPayloads: true,
  threshold: { value: 0.8, unit: 'share', about: 'Polls that bring nothing, of 10 or more' },
  source: {
    title: 'RFC 6202, section 2.2 (header overhead of polls)',
    url: 'https://www.rfc-editor.org/rfc/rfc6202#section-2.2',
  },
  start: (connection, context) => new BlankPolls(connection, context),
})
