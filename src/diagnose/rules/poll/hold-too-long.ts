/**
 * Responses are held until something between client and server gives up: the poll ends with 502, 504 or 524, or the
 * connection is cut, instead of with an empty response.
 */
import { MAX_CHART_POINTS } from '../../../shared/finding-chart.ts'
import { percentilesOf } from '../../../shared/percentiles.ts'
import { plural, shortSpan } from '../../../shared/text/quantities.ts'
import type { ObservedConnection } from '../../observed-connection.ts'
import { connectionRule, type Found, type RuleContext, type RuleRun } from '../../rule.ts'
import type { RuleEvent } from '../../rule-event.ts'
import { Latest, LatestPairs, MAX_EVENTS } from '../latest.ts'
import {
  type BrokenCycle,
  CYCLE_EVENTS,
  type Cycle,
  type CycleListener,
  CycleReader,
  POLLING,
} from './cycle-reader.ts'

/** Statuses of gateways that no longer wait for the server: RFC 9110 section 15.6; 524 is Cloudflare's. */
const GAVE_UP: ReadonlySet<number> = new Set([502, 504, 524])
/** Those that say that a time limit was reached, however long it was. */
const TIMED_OUT: ReadonlySet<number> = new Set([504, 524])
/** Failures that this program causes. */
const OWN: ReadonlySet<string> = new Set(['TIMEOUT', 'DISCONNECTED', 'ABORTED'])
/** Cuts without a status say little unless they come after the same time: this part of the longest. */
const SPREAD = 0.1
/** Milliseconds that are safe with most proxies, whose limit is 60 s or more. */
const SAFE_HOLD = 30_000

class HoldTooLong implements RuleRun, CycleListener {
  readonly #connection: ObservedConnection
  readonly #threshold: number
  readonly #reader = new CycleReader(this)
  /** Milliseconds of each hold, with the status or the code of the error. Undefined if it ended well. */
  readonly #holds = new LatestPairs<string | undefined>(MAX_CHART_POINTS)
  readonly #events = new Latest<number>(MAX_EVENTS)
  #from: number | undefined
  #to = 0

  constructor(connection: ObservedConnection, { threshold }: RuleContext) {
    this.#connection = connection
    this.#threshold = threshold
  }

  add(event: RuleEvent): void {
    this.#reader.add(event)
  }

  cycle({ held, ended, number, outcome, response: { status = 0 } }: Cycle): void {
    if (outcome !== 'failed') this.#holds.add(held, undefined)
    else if (GAVE_UP.has(status)) this.#fail(ended, held, number, String(status), TIMED_OUT.has(status))
  }

  broken({ started, ended, number, code }: BrokenCycle): void {
    if (!OWN.has(code)) this.#fail(ended, ended - started, number, code)
  }

  #fail(time: number, held: number, number: number, failure: string, isTimeout = false): void {
    if (held < this.#threshold && !isTimeout) return
    this.#holds.add(held, failure)
    this.#events.add(number)
    this.#from ??= time - held
    this.#to = time
  }

  findings(): Found[] {
    const holds = this.#holds.map((held, failure) => ({ held, failure }))
    const failed = holds.filter(({ failure }) => failure !== undefined)
    const ways = [...new Set(failed.map(({ failure = '' }) => failure))]
    const spans = Float64Array.from(failed, ({ held }) => held)
    const { p50 = 0, max = 0 } = percentilesOf(spans) ?? {}
    const least = spans.reduce((one, other) => Math.min(one, other), max)
    const statuses = ways.filter((way) => /^\d+$/.test(way))
    if (this.#from === undefined || failed.length === 0) return []
    if (statuses.length === 0 && (failed.length < 2 || max - least > SPREAD * max)) return []
    const how =
      statuses.length > 0 ? `by status ${statuses.join(' and ')}` : `by a cut connection (${ways.join(', ')})`
    const safe = p50 > SAFE_HOLD ? ` (${shortSpan(SAFE_HOLD)} is safe with most proxies)` : ''
    const after = `after ${failed.length === 1 ? '' : 'about '}${shortSpan(p50)}`
    return [
      {
        severity: 'warning',
        from: this.#from,
        to: this.#to,
        events: this.#events.values,
        title: `${plural(failed.length, 'hold')} ended ${how}`,
        message: `${failed.length} of ${plural(holds.length, 'poll')} on ${this.#connection.name} ended ${how} ${after}, not with an empty response. What happens until the next request may be missed, and each failure delays that request.`,
        advice: `Let the server answer with an empty response before the ${shortSpan(p50)} of the proxy in between are over${safe}, or raise the proxy's limit, such as proxy_read_timeout of nginx.`,
        evidence: { polls: holds.length, failed: failed.length, held: p50, ended: ways.join(', ') },
        hasThreshold: !ways.every((way) => TIMED_OUT.has(Number(way))),
        ...(statuses.length === 0 && {
          confidence: `${failed.length} connections were cut after nearly the same time`,
        }),
        chart: {
          kind: 'values',
          unit: 'ms',
          points: holds.map(({ held, failure }) => ({
            value: held,
            tone: failure === undefined ? 'plain' : 'wrong',
          })),
          marks: [{ value: p50, label: statuses.length > 0 ? `status ${statuses.join(', ')}` : 'cut' }],
        },
      },
    ]
  }
}

export const holdTooLong = connectionRule({
  name: 'hold-too-long',
  about: 'Holds that end with a failure rather than with an empty response',
  takes: CYCLE_EVENTS,
  transports: POLLING,
  threshold: {
    value: 10_000,
    unit: 'ms',
    about: 'Time that a request was held before it failed, unless its status says that it timed out',
  },
  source: {
    title: 'RFC 6202, section 5.5 (timeouts)',
    url: 'https://www.rfc-editor.org/rfc/rfc6202#section-5.5',
  },
  start: (connection, context) => new HoldTooLong(connection, context),
})
