/** Pings stay unanswered, nothing else comes in, and nobody closes: the other side is gone. */
import { plural, timeSpan } from '../../../shared/text/quantities.ts'
import type { ObservedConnection } from '../../observed-connection.ts'
import { connectionRule, type Found, type RuleRun } from '../../rule.ts'
import type { RuleEvent } from '../../rule-event.ts'
import { MAX_EVENTS } from '../latest.ts'

/** Findings of attempts that have ended, at most. */
const MAX_FOUND = 20

interface Pings {
  /** Events of the first ones, counted from 1. */
  readonly numbers: number[]
  readonly from: number
  count: number
}

class HalfOpen implements RuleRun {
  readonly #connection: ObservedConnection
  readonly #patience: number
  /** Pings that were sent since something last came in. */
  #unanswered: Pings | undefined
  readonly #ended: Found[] = []

  constructor(connection: ObservedConnection, patience: number) {
    this.#connection = connection
    this.#patience = patience
  }

  add(event: RuleEvent): void {
    if (event.type === 'ping') {
      if (event.isOut) this.#sent(event)
      return
    }
    const { ending } = this.#connection
    // A close frame is an answer, too.
    const isAnswered = ending === undefined || ending.by === 'server'
    const found = isAnswered ? undefined : this.#found(ending.endedAt, false)
    if (found !== undefined && this.#ended.length < MAX_FOUND) this.#ended.push(found)
    this.#unanswered = undefined
  }

  findings(now: number): Found[] {
    const open = this.#connection.isOpen ? this.#found(now, true) : undefined
    return open === undefined ? [...this.#ended] : [...this.#ended, open]
  }

  #sent({ number, time }: RuleEvent): void {
    if (this.#unanswered === undefined || this.#connection.lastIn > this.#unanswered.from)
      this.#unanswered = { numbers: [], from: time, count: 0 }
    const pings = this.#unanswered
    pings.count++
    if (pings.numbers.length < MAX_EVENTS) pings.numbers.push(number + 1)
  }

  #found(to: number, isOpen: boolean): Found | undefined {
    const pings = this.#unanswered
    if (pings === undefined || this.#connection.lastIn > pings.from) return undefined
    const { from, count, numbers } = pings
    const silence = to - from
    if (silence < this.#patience) return undefined
    const what = `${plural(count, 'ping')} unanswered for ${timeSpan(silence)}`
    const state = isOpen ? 'It is still open here, but' : 'Until it ended,'
    return {
      severity: isOpen ? 'error' : 'warning',
      ...{ from, to },
      events: [...numbers],
      title: what,
      message: `${this.#connection.name} left ${what}. ${state} nothing at all came in: the other side, or the way to it, is gone.`,
      advice:
        'Close it and connect again. Let the client and the server ping each other, and give up if no answer comes in time: TCP alone notices after many minutes.',
      evidence: { pings: count, silence: Math.round(silence), patience: this.#patience },
      confidence:
        'nothing came in since the first ping; a long message that is still on its way does not show',
      chart: {
        kind: 'times',
        points: [],
        spans: [{ from, to, label: 'nothing came in' }],
      },
    }
  }
}

export const halfOpen = connectionRule({
  name: 'half-open',
  about: 'Pings that are not answered while nothing comes in',
  takes: ['ping', 'close', 'reconnect', 'connect'],
  transports: ['websocket'],
  threshold: { value: 10_000, unit: 'ms', about: 'Time since a ping without anything inbound' },
  source: {
    title: 'RFC 6455, section 5.5.2 (a ping is answered as soon as is practical)',
    url: 'https://www.rfc-editor.org/rfc/rfc6455#section-5.5.2',
  },
  start: (connection, { threshold }) => new HalfOpen(connection, threshold),
})
