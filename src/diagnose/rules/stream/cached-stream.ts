/** A stream that comes from a cache: the events are those of an earlier answer. */
import { headerOf } from '../../../decode/facts.ts'
import type { Headers } from '../../../shared/headers.ts'
import { plural, timeSpan } from '../../../shared/text/quantities.ts'
import type { ObservedConnection } from '../../observed-connection.ts'
import { connectionRule, type Found, type RuleRun } from '../../rule.ts'
import type { RuleEvent } from '../../rule-event.ts'
import { Latest, MAX_EVENTS } from '../latest.ts'

/** Fields in which caches say that they answered, and how. `Cache-Status` is RFC 9211. */
const HITS = [
  ['x-cache', /\bhit\b/i],
  ['x-cache-status', /^(hit|stale|updating|revalidated)$/i],
  ['cf-cache-status', /^(hit|stale|updating|revalidated)$/i],
  ['cache-status', /;\s*hit\b/i],
] as const

/** What the head says about a cache, as `Age: 12`. */
function cacheOf(headers: Headers): string | undefined {
  for (const [name, pattern] of HITS) {
    const value = headerOf(headers, name)
    if (value !== undefined && pattern.test(value)) return `${name}: ${value}`
  }
  const age = headerOf(headers, 'age')
  return age !== undefined && /^\d+$/.test(age) && Number(age) > 0 ? `age: ${age}` : undefined
}

class CachedAnswers implements RuleRun {
  readonly #connection: ObservedConnection
  readonly #opens: number[] = []
  readonly #arrivals = new Latest<number>(MAX_EVENTS)
  #evidence = ''
  #isCached = false
  /** The latest answer is not from a cache. */
  rests = false
  /** Of the cached answers: how many, their events, and the time from the first event to the last of the longest one. */
  #answers = 0
  #events = 0
  #longest = 0
  #from = 0
  #to = 0
  #first = 0

  constructor(connection: ObservedConnection) {
    this.#connection = connection
  }

  add({ type, time, number }: RuleEvent): void {
    if (type === 'open') this.#open(time, number)
    else if (this.#isCached) {
      this.#events++
      this.#first ||= time
      this.#longest = Math.max(this.#longest, time - this.#first)
      this.#to = time
      this.#arrivals.add(time)
    }
  }

  #open(time: number, number: number): void {
    const evidence = cacheOf(this.#connection.headers)
    this.#isCached = evidence !== undefined
    this.rests = !this.#isCached
    if (evidence === undefined) return
    if (this.#answers === 0) this.#from = time
    this.#evidence = evidence
    this.#answers++
    this.#first = 0
    this.#to = time
    if (this.#opens.length < MAX_EVENTS) this.#opens.push(number + 1)
  }

  findings(): Found[] {
    if (this.#answers === 0) return []
    const often = this.#answers === 1 ? '' : ` ${plural(this.#answers, 'time')}`
    return [
      {
        severity: 'warning',
        from: this.#from,
        to: this.#to,
        events: [...this.#opens],
        title: 'A cache answers instead of the server',
        message: `${this.#connection.name} came from a cache${often} (${this.#evidence}): ${plural(this.#events, 'event')} within ${timeSpan(this.#longest)}. They are as old as the cached answer.`,
        advice:
          'Exclude event streams from the cache, and send Cache-Control: no-store with them. With nginx, set proxy_cache off for this location.',
        evidence: {
          field: this.#evidence,
          answers: this.#answers,
          events: this.#events,
          longest: this.#longest,
        },
        chart: {
          kind: 'times',
          points: this.#arrivals.values.map((time) => ({ time, tone: 'wrong' })),
        },
      },
    ]
  }
}

export const cachedStream = connectionRule({
  name: 'cached-stream',
  about: 'Streams that a cache answers',
  takes: ['open', 'message'],
  transports: ['sse'],
  source: {
    title: 'RFC 9111, section 5.1: a response with Age comes from a cache',
    url: 'https://www.rfc-editor.org/rfc/rfc9111#section-5.1',
  },
  start: (connection) => new CachedAnswers(connection),
})
