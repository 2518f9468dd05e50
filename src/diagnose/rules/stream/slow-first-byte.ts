/** A head that comes late: until then, the connection is not open. */

import type { FirstByteReport } from '../../../shared/report.ts'
import { plural, timeSpan } from '../../../shared/text/quantities.ts'
import { isPolling } from '../../../shared/transports.ts'
import { firstByteOf } from '../../figures/first-byte.ts'
import type { ObservedConnection } from '../../observed-connection.ts'
import { connectionRule, type Found, type RuleRun } from '../../rule.ts'
import type { RuleEvent } from '../../rule-event.ts'
import { MAX_EVENTS } from '../latest.ts'

/** Cloudflare's status for a server that has not answered, after 100 s by default. */
const TIMED_OUT = 524
/** Users notice a wait of 10 s: https://www.nngroup.com/articles/response-times-3-important-limits/ */
const LONG = 10_000

const PARTS = [
  ['dns', 'name resolution'],
  ['tcp', 'TCP'],
  ['tls', 'TLS'],
  ['answer', 'answer'],
] as const

interface Opening {
  readonly number: number
  readonly time: number
  readonly parts: FirstByteReport
  /** Whether the first event came with the head. */
  withEvent: boolean
}

class Heads implements RuleRun {
  readonly #connection: ObservedConnection
  readonly #limit: number
  readonly #late: number[] = []
  #opens = 0
  /** The first event of the attempt has come. */
  rests = false
  #lateCount = 0
  #slowest: Opening | undefined
  #latest: Opening | undefined
  /** The attempt that has no head yet, or that ended without one. */
  #waiting: { readonly number: number; readonly from: number; to: number | undefined } | undefined
  #timedOut: { readonly time: number; readonly numbers: number[]; count: number; waited: number } | undefined

  constructor(connection: ObservedConnection, limit: number) {
    this.#connection = connection
    this.#limit = limit
  }

  add(event: RuleEvent): void {
    const { number, time } = event
    this.rests = event.type === 'message'
    if (this.rests) {
      if (this.#latest !== undefined && time - this.#latest.time < 1) this.#latest.withEvent = true
      this.#latest = undefined
      return
    }
    const { full } = event
    if (full.type === 'connect') this.#waiting = { number, from: time, to: undefined }
    else if (full.type === 'open') this.#waiting = undefined
    else if (this.#waiting !== undefined) this.#waiting.to ??= time
    if (full.type === 'error' && full.status === TIMED_OUT) {
      this.#timedOut ??= { time, numbers: [], count: 0, waited: 0 }
      this.#timedOut.count++
      this.#timedOut.waited = Math.max(this.#timedOut.waited, time - this.#connection.connectedAt)
      if (this.#timedOut.numbers.length < MAX_EVENTS) this.#timedOut.numbers.push(number + 1)
    } else if (full.type === 'open') this.#open(event)
  }

  #open({ number, time }: RuleEvent): void {
    const parts = firstByteOf(this.#connection.open?.timing)
    this.#latest = undefined
    if (parts === undefined) return
    this.#opens++
    if (parts.total <= this.#limit) return
    this.#latest = { number, time, parts, withEvent: false }
    this.#lateCount++
    if (this.#late.length < MAX_EVENTS) this.#late.push(number + 1)
    if (parts.total > (this.#slowest?.parts.total ?? 0)) this.#slowest = this.#latest
  }

  findings(now: number): Found[] {
    // Whoever polls may be held for any time.
    if (isPolling(this.#connection.transport)) return []
    return [...this.#lateHeads(), ...this.#timeouts(), ...this.#noHead(now)]
  }

  #noHead(now: number): Found[] {
    if (this.#waiting === undefined) return []
    const { number, from, to = now } = this.#waiting
    const waited = to - from
    // A refusal or a 524 says more.
    if (waited <= this.#limit || this.#timedOut !== undefined) return []
    return [
      {
        severity: waited > LONG ? 'warning' : 'info',
        from,
        to,
        events: [number + 1],
        title: `No head after ${timeSpan(waited)}`,
        message: `${this.#connection.name} ${this.#waiting.to === undefined ? 'has not answered' : 'had not answered when the attempt ended'} after ${timeSpan(waited)}. Either the server does not send its head before the first event, or a proxy or a compressor holds both.`,
        advice:
          'Send the head at once, in Node.js with response.flushHeaders(). Compare with and without --as-browser to see whether a compressor holds it.',
        evidence: { waited },
      },
    ]
  }

  #lateHeads(): Found[] {
    if (this.#slowest === undefined) return []
    const { parts, time, withEvent } = this.#slowest
    const { name, connectedAt } = this.#connection
    const largest = PARTS.reduce((one, other) => (parts[other[0]] > parts[one[0]] ? other : one))
    const isAnswer = largest[0] === 'answer'
    const often = this.#opens === 1 ? '' : ` ${this.#lateCount} of ${plural(this.#opens, 'head')} were late.`
    return [
      {
        severity: parts.total > LONG ? 'warning' : 'info',
        from: Math.min(connectedAt, time - parts.total),
        to: time,
        events: [...this.#late],
        title: `The head came after ${timeSpan(parts.total)}`,
        message: `${name} took ${timeSpan(parts.total)} to answer, ${timeSpan(parts[largest[0]])} of it for ${isAnswer ? 'the server' : largest[1]}.${withEvent ? ' Its head came together with the first event.' : ''}${often}`,
        advice: adviceFor(isAnswer, withEvent),
        evidence: {
          total: parts.total,
          dns: parts.dns,
          tcp: parts.tcp,
          tls: parts.tls,
          answer: parts.answer,
          late: this.#lateCount,
          opens: this.#opens,
        },
        chart: {
          kind: 'bars',
          unit: 'ms',
          bars: PARTS.map((part) => ({
            label: part[1],
            value: parts[part[0]],
            ...(part === largest && { tone: 'wrong' as const }),
          })),
        },
      },
    ]
  }

  #timeouts(): Found[] {
    if (this.#timedOut === undefined) return []
    const { time, numbers, count, waited } = this.#timedOut
    return [
      {
        severity: 'error',
        from: Math.max(0, time - waited),
        to: time,
        events: [...numbers],
        title: `No answer after ${timeSpan(waited)}: 524`,
        message: `Cloudflare gave up on ${this.#connection.name} with 524, because its server had not answered after ${timeSpan(waited)}.`,
        advice: 'Send the head at once, and a first event or comment soon after.',
        evidence: { waited, times: count },
        hasThreshold: false,
        source: {
          title: 'Cloudflare: Error 524, a timeout occurred',
          url: 'https://developers.cloudflare.com/support/troubleshooting/http-status-codes/cloudflare-5xx-errors/error-524/',
        },
      },
    ]
  }
}

function adviceFor(isAnswer: boolean, withEvent: boolean): string {
  if (!isAnswer) return 'Look at the network on the way: the time went by before the request was sent.'
  if (withEvent)
    return 'Send the head before the first event, in Node.js with response.flushHeaders(), so that clients know that they are connected. If the server does so, a proxy holds it.'
  return 'See what the server does before it answers: the connection is not open until then.'
}

export const slowFirstByte = connectionRule({
  name: 'slow-first-byte',
  about: 'Heads that come late',
  takes: ['connect', 'open', 'message', 'error', 'close'],
  threshold: {
    value: 2000,
    unit: 'ms',
    about: 'Time from the start of an attempt to the first byte of its answer',
  },
  source: {
    title: 'Node.js: response.flushHeaders()',
    url: 'https://nodejs.org/api/http.html#responseflushheaders',
  },
  start: (connection, { threshold }) => new Heads(connection, threshold),
})
