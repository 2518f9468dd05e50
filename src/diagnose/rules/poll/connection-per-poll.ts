/** Each poll needs a connection of its own, because the one before ended with its response. */
import { headerOf } from '../../../decode/facts.ts'
import { MAX_CHART_POINTS } from '../../../shared/finding-chart.ts'
import { percentilesOf } from '../../../shared/percentiles.ts'
import { plural, preciseSpan } from '../../../shared/text/quantities.ts'
import type { ObservedConnection } from '../../observed-connection.ts'
import { connectionRule, type Found, type RuleContext, type RuleRun } from '../../rule.ts'
import type { RuleEvent } from '../../rule-event.ts'
import { Latest, LatestPairs, MAX_EVENTS } from '../latest.ts'
import { CYCLE_EVENTS, type Cycle, type CycleListener, CycleReader, POLLING } from './cycle-reader.ts'

/** Share of the polls: a server may well end a connection now and then. */
const SHARE = 0.5

/** How a connection ended, if that is known. */
type Ending = 'request' | 'response' | undefined

class ConnectionPerPoll implements RuleRun, CycleListener {
  readonly #connection: ObservedConnection
  readonly #threshold: number
  readonly #reader = new CycleReader(this)
  /** When each poll began, and whether it needed a new connection. */
  readonly #latest = new LatestPairs<boolean>(MAX_CHART_POINTS)
  readonly #events = new Latest<number>(MAX_EVENTS)
  /** Milliseconds that opening took. */
  readonly #handshakes = new Latest<number>(MAX_CHART_POINTS)
  /** Polls after the first, and those that needed a new connection. */
  #polls = 0
  #opened = 0
  /** Those after a request, or a response, with `Connection: close`. */
  #byRequest = 0
  #byResponse = 0
  #ending: Ending
  #isFirst = true
  #hasTls = false
  #from: number | undefined
  #to = 0

  constructor(connection: ObservedConnection, { threshold }: RuleContext) {
    this.#connection = connection
    this.#threshold = threshold
  }

  add(event: RuleEvent): void {
    this.#reader.add(event)
  }

  cycle(cycle: Cycle): void {
    const before = this.#ending
    this.#ending = this.#endingOf(cycle)
    if (this.#isFirst) this.#isFirst = false
    else this.#follow(cycle, before)
  }

  #follow({ started, ended, number, response: { timing } }: Cycle, before: Ending): void {
    // A request on a connection that was open has only the time of its first byte. If nothing was measured, what the client
    // asks for says little: it may have been meant for a proxy that recorded the session.
    const isNew = timing === undefined ? before === 'response' : timing.tcp !== undefined
    this.#polls++
    this.#latest.add(started, isNew)
    if (!isNew) return
    this.#opened++
    if (before === 'request') this.#byRequest++
    if (before === 'response') this.#byResponse++
    if (timing?.tcp !== undefined) this.#handshakes.add(timing.tcp + (timing.tls ?? 0))
    this.#hasTls ||= timing?.tls !== undefined
    this.#events.add(number)
    this.#from ??= started
    this.#to = ended
  }

  #endingOf({ requestHeaders, response }: Cycle): Ending {
    if (hasOption(headerOf(requestHeaders, 'connection'), 'close')) return 'request'
    const options = headerOf(response.headers, 'connection')
    // RFC 9112 section 9.3.
    const isOld = this.#connection.httpVersion === '1.0' && !hasOption(options, 'keep-alive')
    return isOld || hasOption(options, 'close') ? 'response' : undefined
  }

  findings(): Found[] {
    if (this.#from === undefined || this.#opened < this.#threshold || this.#opened < SHARE * this.#polls)
      return []
    const handshakes = percentilesOf(Float64Array.from(this.#handshakes.values))
    const title = `${this.#opened} of ${plural(this.#polls, 'poll')} needed a new connection`
    const took =
      handshakes === undefined
        ? ''
        : ` Opening it took ${preciseSpan(handshakes.p50)} half of the time (TCP${this.#hasTls ? ' and TLS' : ''}).`
    const { why, advice } = this.#reason()
    return [
      {
        severity: 'info',
        from: this.#from,
        to: this.#to,
        events: this.#events.values,
        title,
        message: `${title} on ${this.#connection.name}, ${why}.${took}`,
        advice,
        evidence: {
          polls: this.#polls,
          opened: this.#opened,
          closedByRequest: this.#byRequest,
          closedByResponse: this.#byResponse,
          ...(handshakes !== undefined && { handshake: handshakes.p50 }),
        },
        chart: {
          kind: 'times',
          points: this.#latest.map((time, isNew) => ({ time, tone: isNew ? 'wrong' : 'plain' })),
        },
      },
    ]
  }

  /** Why most connections ended. */
  #reason(): { readonly why: string; readonly advice: string } {
    if (this.#byRequest > this.#opened / 2)
      return {
        why: 'because the request before had Connection: close',
        advice: 'Let the client keep connections alive: in Node.js, use an http.Agent with keepAlive.',
      }
    const advice =
      'Let the server and the proxies between keep connections alive (HTTP/1.1 without Connection: close), for longer than the interval of the polls.'
    if (this.#byResponse <= this.#opened / 2)
      return { why: 'because the one before had been closed without a word', advice }
    const how = this.#connection.httpVersion === '1.0' ? 'was HTTP/1.0' : 'had Connection: close'
    return { why: `because the response before ${how}`, advice }
  }
}

function hasOption(options: string | undefined, name: string): boolean {
  return options?.split(',').some((option) => option.trim().toLowerCase() === name) === true
}

export const connectionPerPoll = connectionRule({
  name: 'connection-per-poll',
  about: 'Polls that each need a new connection',
  takes: CYCLE_EVENTS,
  transports: POLLING,
  threshold: { value: 5, unit: 'count', about: 'Polls that needed a new connection' },
  source: {
    title: 'RFC 6202, section 2.2 (connection establishment)',
    url: 'https://www.rfc-editor.org/rfc/rfc6202#section-2.2',
  },
  start: (connection, context) => new ConnectionPerPoll(connection, context),
})
