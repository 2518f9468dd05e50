/** An event stream without IDs: after a reconnect, the server cannot know what the client has. */
import { plural } from '../../../shared/text/quantities.ts'
import type { AlikeEvents } from '../../alike-events.ts'
import type { ObservedConnection } from '../../observed-connection.ts'
import { connectionRule, type Found, type RuleRun } from '../../rule.ts'
import type { RuleEvent } from '../../rule-event.ts'
import { MAX_EVENTS } from '../latest.ts'

/** A server that ends a stream sooner after its last event has said all: there is nothing to resume. */
const MAX_SILENCE = 1000
/** Events whose IDs are looked at. A stream with IDs has one in its first events. */
const LOOKED_AT = 200

class Ids implements RuleRun {
  readonly #connection: ObservedConnection
  readonly #limit: number
  readonly #reconnects: number[] = []
  #first: number | undefined
  #from = 0
  #to = 0
  #events = 0
  #hasIds = false
  #wasReconnected = false
  /** Reconnects after which events came. */
  #resumed = 0

  constructor(connection: ObservedConnection, limit: number) {
    this.#connection = connection
    this.#limit = limit
  }

  add(event: RuleEvent): void {
    if (this.#hasIds) return
    if (event.type === 'reconnect') {
      this.#wasReconnected = this.#events > 0 && !this.#hasFinished
      if (this.#wasReconnected && this.#reconnects.length < MAX_EVENTS)
        this.#reconnects.push(event.number + 1)
      return
    }
    if (this.#events < LOOKED_AT && event.full.type === 'message' && event.full.id !== undefined) {
      this.#hasIds = true
      return
    }
    this.#events++
    this.#first ??= event.number
    this.#from ||= event.time
    this.#to = event.time
    if (this.#wasReconnected) this.#resumed++
    this.#wasReconnected = false
  }

  addAlike({ time, from, to, first }: AlikeEvents): void {
    if (this.#hasIds) return
    this.#events += to - from
    this.#first ??= first + from
    this.#from ||= time[from] ?? 0
    this.#to = time[to - 1] ?? 0
    if (this.#wasReconnected) this.#resumed++
    this.#wasReconnected = false
  }

  get needsEach(): boolean {
    return !this.#hasIds && this.#events < LOOKED_AT
  }

  get #hasFinished(): boolean {
    const { ending } = this.#connection
    return ending?.by === 'server' && ending.silentIn <= MAX_SILENCE
  }

  findings(): Found[] {
    const { name, method = 'GET', isOpen } = this.#connection
    // Browsers' EventSource only sends GET; the answer to a POST is complete, not resumed.
    if (this.#hasIds || this.#first === undefined || method !== 'GET') return []
    const couldResume = this.#events > this.#limit && (isOpen || !this.#hasFinished)
    if (this.#resumed === 0 && !couldResume) return []
    const events = plural(this.#events, 'event')
    const over = plural(this.#resumed, 'reconnect')
    return [
      {
        severity: this.#resumed > 0 ? 'warning' : 'info',
        from: this.#from,
        to: this.#to,
        events: [this.#first + 1, ...this.#reconnects],
        title: this.#resumed > 0 ? `No IDs to resume by over ${over}` : `${events} without an ID`,
        message:
          this.#resumed > 0
            ? `None of the ${events} of ${name} has an ID, so the client cannot say what it has: what was sent in between, over ${over}, is missing, and nothing shows it.`
            : `None of the ${events} of ${name} has an ID, so a reconnect cannot resume: events in between are lost.`,
        advice:
          'Send an id with each event, and continue after Last-Event-ID. If each event is complete in itself, such as a current price, mute this rule.',
        evidence: { events: this.#events, withId: 0, reconnects: this.#resumed },
        hasThreshold: this.#resumed === 0,
        chart: {
          kind: 'bars',
          unit: 'count',
          bars: [
            { label: 'with an ID', value: 0 },
            { label: 'without an ID', value: this.#events, tone: 'wrong' },
          ],
        },
      },
    ]
  }
}

export const noEventId = connectionRule({
  name: 'no-event-id',
  about: 'Event streams without IDs, which cannot resume',
  takes: ['message', 'reconnect'],
  transports: ['sse'],
  threshold: { value: 20, unit: 'count', about: 'Events without an ID, if there was no reconnect' },
  source: {
    title: 'HTML standard, section 9.2.4 (Last-Event-ID)',
    url: 'https://html.spec.whatwg.org/multipage/server-sent-events.html#the-last-event-id-header',
  },
  start: (connection, { threshold }) => new Ids(connection, threshold),
})
