/**
 * A large message delays what comes behind it: pongs and answers that are usually fast come late, right after a large
 * message. A WebSocket delivers one message after another.
 */
import { type ChartTone, MAX_CHART_POINTS } from '../../../shared/finding-chart.ts'
import { largest } from '../../../shared/numbers.ts'
import { percentilesOf } from '../../../shared/percentiles.ts'
import { byteCount, plural, preciseSpan } from '../../../shared/text/quantities.ts'
import type { ObservedConnection } from '../../observed-connection.ts'
import { connectionRule, type Found, type RuleContext, type RuleRun } from '../../rule.ts'
import type { RuleEvent } from '../../rule-event.ts'
import { Latest, MAX_EVENTS } from '../latest.ts'

/** Bytes from which a message is large. */
const LARGE = 64 * 1024
/** Of others, from which it is known how fast answers usually are; and of late ones. */
const LEAST_USUAL = 5
const LEAST_LATE = 2
/** Milliseconds that nobody notices. */
const NOTICEABLE = 50
/** Part of its time that a late answer may come after the large message. */
const RIGHT_AFTER = 0.3

/** A message that came, or a ping that went. */
interface Moment {
  readonly time: number
  readonly number: number
  readonly size: number
}

interface Late {
  readonly large: Moment
  readonly number: number
  readonly time: number
  readonly took: number
}

class HeadOfLine implements RuleRun {
  readonly #connection: ObservedConnection
  readonly #threshold: number
  readonly #usual = new Latest<number>(MAX_CHART_POINTS / 2)
  /** Those during which a large message came; whether they are late shows by the usual ones. */
  readonly #behind = new Latest<Late>(MAX_CHART_POINTS / 2)
  #large: Moment | undefined
  #ping: Moment | undefined

  constructor(connection: ObservedConnection, { threshold }: RuleContext) {
    this.#connection = connection
    this.#threshold = threshold
  }

  add(event: RuleEvent): void {
    const { type, isOut } = event
    if (type === 'message') {
      if (!isOut) this.#message(event)
      return
    }
    const moment = momentOf(event)
    // With several pings on their way, it is not clear which one a pong answers.
    if (type === 'ping') {
      if (isOut) this.#ping = this.#ping === undefined ? moment : { ...moment, time: Number.NaN }
    } else if (type === 'pong') {
      if (!isOut && this.#ping !== undefined) this.#answered(moment.time - this.#ping.time, moment)
      if (!isOut) this.#ping = undefined
    }
  }

  #message(event: RuleEvent): void {
    if (event.size >= LARGE) this.#large = momentOf(event)
    else
      for (const { latency } of event.decoded)
        if (latency !== undefined) this.#answered(latency, momentOf(event))
  }

  skipped(): void {
    this.#large = undefined
    this.#ping = undefined
  }

  #answered(took: number, { time, number }: Moment): void {
    if (Number.isNaN(took)) return
    const large = this.#large
    if (large !== undefined && large.time > time - took) this.#behind.add({ large, number, time, took })
    else this.#usual.add(took)
  }

  findings(): Found[] {
    const usual = this.#usual.values
    const { p50 } = percentilesOf(Float64Array.from(usual)) ?? {}
    if (p50 === undefined || usual.length < LEAST_USUAL) return []
    const limit = Math.max(this.#threshold * p50, NOTICEABLE)
    const late = this.#behind.values.filter(
      ({ took, time, large }) => took >= limit && time - large.time <= RIGHT_AFTER * took,
    )
    const [first] = late
    const last = late.at(-1)
    if (first === undefined || last === undefined || late.length < LEAST_LATE) return []
    const longest = largest(
      late.map(({ took }) => took),
      0,
    )
    const size = largest(
      late.map(({ large }) => large.size),
      0,
    )
    return [
      {
        severity: 'warning',
        from: first.time - first.took,
        to: last.time,
        events: late.flatMap(({ large, number }) => [large.number + 1, number + 1]).slice(0, MAX_EVENTS),
        title: `${plural(late.length, 'answer')} waited behind large messages`,
        message: `On ${this.#connection.name}, ${plural(late.length, 'pong or answer', 'pongs and answers')} came right after a message of up to ${byteCount(size)}, after up to ${preciseSpan(longest)}, while the other ${usual.length} took ${preciseSpan(p50)} half of the time. A WebSocket delivers one message after another, so everything waits behind a large one.`,
        advice:
          'Send large data in parts with other messages between them, or over HTTP or a second connection, and keep the time for a pong above the time that the largest message takes.',
        evidence: { late: late.length, longest, usual: p50, others: usual.length, size },
        confidence: `${late.length} late answers came right after a large message`,
        chart: {
          kind: 'values',
          unit: 'ms',
          points: [
            ...usual.map((value) => ({ value })),
            ...late.map(({ took }) => ({ value: took, tone: 'wrong' as ChartTone })),
          ],
          marks: [{ value: p50, label: `p50 ${preciseSpan(p50)}` }],
        },
      },
    ]
  }
}

function momentOf({ time, number, size }: RuleEvent): Moment {
  return { time, number, size }
}

export const headOfLine = connectionRule({
  name: 'head-of-line',
  about: 'Pongs and answers that wait behind a large message',
  takes: ['ping', 'pong', 'message'],
  transports: ['websocket'],
  readsPayloads: true,
  threshold: {
    value: 5,
    unit: 'factor',
    about: 'Time of an answer behind a large message, compared with others',
  },
  source: {
    title: 'RFC 6455, section 5.4 (fragmentation)',
    url: 'https://www.rfc-editor.org/rfc/rfc6455#section-5.4',
  },
  start: (connection, context) => new HeadOfLine(connection, context),
})
