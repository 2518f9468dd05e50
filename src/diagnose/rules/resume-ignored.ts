/**
 * Events were missed or came twice over a reconnect, so the server did not continue after the last event. One finding
 * for each connection. Rests on `gap` events, which are recorded only if IDs prove the gap.
 */
import type { GapEvent, ReconnectEvent } from '../../shared/event.ts'
import type { Finding } from '../../shared/finding.ts'
import { plural } from '../../shared/text/quantities.ts'
import { shortUrl } from '../../shared/url.ts'
import type { Figures, Rule } from '../rule.ts'

const NAME = 'resume-ignored'
/** Event numbers in a finding at most. */
const MAX_EVENTS = 100

const ADVICE =
  'Let the server continue after the event in Last-Event-ID, and keep its events for longer than clients take to reconnect.'

/** What was missed and repeated on one connection. */
class Gaps {
  readonly #connection: number
  readonly #events: number[] = []
  #missed = 0
  #repeated = 0
  #reconnects = 0
  #from: number | undefined
  #to = 0
  /** The last reconnect, until a gap follows it. */
  #reconnect: { readonly event: ReconnectEvent; readonly number: number } | undefined

  constructor(connection: number) {
    this.#connection = connection
  }

  reconnect(event: ReconnectEvent, number: number): void {
    this.#reconnect = { event, number }
  }

  gap({ time, missed = 0, repeated = 0 }: GapEvent, number: number): void {
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

  finding({ status }: Figures): Finding | undefined {
    const missed = this.#missed > 0 && `${plural(this.#missed, 'event')} ${wasOrWere(this.#missed)} missed`
    const repeated =
      this.#repeated > 0 && `${plural(this.#repeated, 'event')} ${wasOrWere(this.#repeated)} repeated`
    const what = [missed, repeated].filter((part) => part !== false).join(' and ')
    if (this.#from === undefined || what === '') return undefined
    const { url } = status?.connections.find(({ id }) => id === this.#connection) ?? {}
    const where = url === undefined ? `connection ${this.#connection}` : shortUrl(url)
    const when = this.#reconnects === 0 ? '' : ` over ${plural(this.#reconnects, 'reconnect')}`
    return {
      rule: NAME,
      severity: 'warning',
      connection: this.#connection,
      from: this.#from,
      to: this.#to,
      events: [...this.#events],
      message: `On ${where}, ${what}${when}.`,
      advice: ADVICE,
      evidence: { missed: this.#missed, repeated: this.#repeated, reconnects: this.#reconnects },
      source: 'HTML standard, section 9.2.4 (Last-Event-ID)',
    }
  }
}

const wasOrWere = (count: number) => (count === 1 ? 'was' : 'were')

export const resumeIgnored: Rule = {
  name: NAME,
  takes: ['reconnect', 'gap'],
  start() {
    const connections = new Map<number, Gaps>()
    const gapsOf = (connection: number) => {
      const gaps = connections.get(connection) ?? new Gaps(connection)
      connections.set(connection, gaps)
      return gaps
    }
    return {
      add(event, number) {
        if (event.type === 'reconnect') gapsOf(event.connection).reconnect(event, number)
        else if (event.type === 'gap') gapsOf(event.connection).gap(event, number)
      },
      findings: (figures) => [...connections.values()].flatMap((gaps) => gaps.finding(figures) ?? []),
    }
  },
}
