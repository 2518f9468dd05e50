/** Pings that come about as late as the idle timeout: sometimes in time, sometimes not. */
import { timeSpan } from '../../../shared/text/quantities.ts'
import { type Found, type RuleContext, type RuleRun, sessionRule } from '../../rule.ts'
import type { RuleEvent } from '../../rule-event.ts'
import { ENDING_TYPES, type End, Ends, type Place } from './ends.ts'
import { evidenceOf, limitFinding } from './limit-finding.ts'
import { idleLimit, type Limit, medianOf, toleranceOf } from './limits.ts'

/** Ends after the same silence that show an idle timeout, as in `idle-timeout`. */
const LEAST_ENDS = 3
/** The latest intervals between pings that are kept for a place. */
const MAX_INTERVALS = 32

/** Pings of an attempt, or comments of a stream. */
interface Pings {
  readonly attempt: number
  latest: number
  readonly intervals: number[]
}

class Races implements RuleRun {
  readonly #context: RuleContext
  readonly #ends: Ends
  /** By connection. */
  readonly #pings = new Map<number, Pings>()

  constructor(context: RuleContext) {
    this.#context = context
    this.#ends = new Ends(context)
  }

  add(event: RuleEvent): void {
    if (event.type === 'ping' || event.type === 'comment') this.#ping(event)
    else this.#ends.add(event)
  }

  findings(): Found[] {
    return [...this.#ends.places].flatMap((place) => {
      const limit = idleLimit(place.ends, this.#ends.survivedAt(place), LEAST_ENDS)
      const interval = limit && this.#intervalAt(limit)
      if (limit === undefined || interval === undefined) return []
      return interval < this.#context.threshold * limit.median ? [] : [found(limit, interval, place)]
    })
  }

  #ping({ connection: id, time }: RuleEvent): void {
    const { openNumber } = this.#context.connection(id)
    const before = this.#pings.get(id)
    if (before?.attempt !== openNumber) {
      this.#pings.set(id, { attempt: openNumber, latest: time, intervals: before?.intervals ?? [] })
      return
    }
    before.intervals.push(time - before.latest)
    if (before.intervals.length > MAX_INTERVALS) before.intervals.shift()
    before.latest = time
  }

  /** Milliseconds between two pings, or between the silences that were survived, if these are the same. */
  #intervalAt({ ends, kind }: Limit): number | undefined {
    const connections = [...new Set(ends.map(({ connection }) => connection))]
    const intervals = connections.flatMap((id) => this.#pings.get(id)?.intervals ?? [])
    if (intervals.length > 0) return medianOf(intervals)
    if (kind === 'age') return undefined
    return commonOf(ends, ({ survived }) => survived[kind])
  }
}

/** The value of all ends, if it is the same. */
function commonOf(ends: readonly End[], read: (end: End) => number): number | undefined {
  const values = ends.map(read).sort((one, other) => one - other)
  const [least = 0] = values
  return (values.at(-1) ?? 0) - least <= toleranceOf(least) ? medianOf(values) : undefined
}

function found(limit: Limit, interval: number, { name }: Place): Found {
  const { median } = limit
  return {
    ...limitFinding(limit),
    title: `Pings every ${timeSpan(interval)} against an idle timeout of ${timeSpan(median)}`,
    message: `On ${name}, pings or other beats come every ${timeSpan(interval)}, and connections end after a silence of ${timeSpan(median)}: a beat that is a little late comes too late.`,
    advice: `Ping at least every ${timeSpan(median / 2)}, half of the timeout, or raise the timeout to more than twice the interval.`,
    evidence: { ...evidenceOf(limit), interval: Math.round(interval) },
    confidence: `the timeout is inferred from ${limit.ends.length} ends after the same silence`,
  }
}

export const pingRacesTimeout = sessionRule({
  name: 'ping-races-timeout',
  about: 'Pings that come about as late as the idle timeout',
  takes: [...ENDING_TYPES, 'ping', 'comment'],
  transports: ['websocket', 'sse', 'http-stream'],
  threshold: { value: 0.8, unit: 'share', about: 'Interval of pings, as a share of the idle timeout' },
  source: {
    title: 'Mattermost, ping interval and proxy timeout (docs#8929)',
    url: 'https://github.com/mattermost/docs/issues/8929',
  },
  start: (context) => new Races(context),
})
