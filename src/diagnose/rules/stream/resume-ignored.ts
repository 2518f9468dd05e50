/**
 * Events were missed or came twice over a reconnect, so the server did not continue after the last event. Rests on `gap`
 * events, which are recorded only if IDs prove the gap.
 */
import type { GapEvent, ReconnectEvent } from '../../../shared/event.ts'
import type { ChartTone } from '../../../shared/finding-chart.ts'
import { plural } from '../../../shared/text/quantities.ts'
import type { ObservedConnection } from '../../observed-connection.ts'
import { connectionRule, type Found, type RuleRun } from '../../rule.ts'
import type { RuleEvent } from '../../rule-event.ts'
import { Latest, MAX_EVENTS } from '../latest.ts'

const ADVICE =
  'Let the server continue after the event in Last-Event-ID, and keep its events for longer than clients take to reconnect.'

/** What was missed and repeated on one connection. */
class Gaps implements RuleRun {
  readonly #connection: ObservedConnection
  readonly #events: number[] = []
  /** Reconnects, and what shows that events were missed or repeated. */
  readonly #points = new Latest<{ readonly time: number; readonly tone: ChartTone }>(MAX_EVENTS)
  #missed = 0
  #repeated = 0
  #reconnects = 0
  #from: number | undefined
  #to = 0
  /** The last reconnect, until a gap follows it. */
  #reconnect: { readonly event: ReconnectEvent; readonly number: number } | undefined

  constructor(connection: ObservedConnection) {
    this.#connection = connection
  }

  add({ full, number }: RuleEvent): void {
    if (full.type === 'reconnect') {
      this.#reconnect = { event: full, number }
      this.#points.add({ time: full.time, tone: 'quiet' })
    } else if (full.type === 'gap') {
      this.#gap(full, number)
      this.#points.add({ time: full.time, tone: 'wrong' })
    }
  }

  #gap({ time, missed = 0, repeated = 0 }: GapEvent, number: number): void {
    const { event, number: before } = this.#reconnect ?? {}
    if (event !== undefined) this.#reconnects++
    this.#reconnect = undefined
    this.#missed += missed
    this.#repeated += repeated
    this.#from ??= event?.time ?? time
    this.#to = time
    for (const shown of [before, number])
      if (shown !== undefined && this.#events.length < MAX_EVENTS) this.#events.push(shown + 1)
  }

  findings(): Found[] {
    const missed = this.#missed > 0 && `${plural(this.#missed, 'event')} ${wasOrWere(this.#missed)} missed`
    const repeated =
      this.#repeated > 0 && `${plural(this.#repeated, 'event')} ${wasOrWere(this.#repeated)} repeated`
    const what = [missed, repeated].filter((part) => part !== false).join(' and ')
    if (this.#from === undefined || what === '') return []
    const when = this.#reconnects === 0 ? '' : ` over ${plural(this.#reconnects, 'reconnect')}`
    return [
      {
        severity: 'warning',
        from: this.#from,
        to: this.#to,
        events: [...this.#events],
        title: `${what}${when}`,
        message: `On ${this.#connection.name}, ${what}${when}.`,
        advice: ADVICE,
        evidence: { missed: this.#missed, repeated: this.#repeated, reconnects: this.#reconnects },
        chart: { kind: 'times', points: this.#points.values },
      },
    ]
  }
}

const wasOrWere = (count: number) => (count === 1 ? 'was' : 'were')

export const resumeIgnored = connectionRule({
  name: 'resume-ignored',
  about: 'Events that are missed or come twice over a reconnect',
  takes: ['reconnect', 'gap'],
  source: {
    title: 'HTML standard, section 9.2.4 (Last-Event-ID)',
    url: 'https://html.spec.whatwg.org/multipage/server-sent-events.html#the-last-event-id-header',
  },
  start: (connection) => new Gaps(connection),
})
