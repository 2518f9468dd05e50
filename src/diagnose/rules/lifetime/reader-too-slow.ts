/** Reading that was paused because the recording, or the reader of the output, could take no more. */
import { plural, timeSpan } from '../../../shared/text/quantities.ts'
import type { ObservedConnection } from '../../observed-connection.ts'
import { connectionRule, type Found, type RuleRun } from '../../rule.ts'
import type { RuleEvent } from '../../rule-event.ts'
import { MAX_EVENTS } from '../latest.ts'

interface Pause {
  /** Counted from 1. */
  readonly number: number
  readonly from: number
  readonly to: number
}

class ReaderTooSlow implements RuleRun {
  readonly #connection: ObservedConnection
  readonly #limit: number
  /** The first ones. All are counted. */
  readonly #pauses: Pause[] = []
  #count = 0
  #total = 0
  #longest = 0
  #last = 0

  constructor(connection: ObservedConnection, limit: number) {
    this.#connection = connection
    this.#limit = limit
  }

  add({ full, number, time }: RuleEvent): void {
    // Without its details, nothing is known of it.
    if (full.type !== 'pause') return
    this.#count++
    this.#total += full.duration
    this.#longest = Math.max(this.#longest, full.duration)
    this.#last = time
    if (this.#pauses.length < MAX_EVENTS)
      this.#pauses.push({ number: number + 1, from: time - full.duration, to: time })
  }

  findings(): Found[] {
    const [first] = this.#pauses
    if (first === undefined || this.#total < this.#limit) return []
    const pauses = plural(this.#count, 'pause')
    return [
      {
        severity: 'warning',
        ...{ from: first.from, to: this.#last },
        events: this.#pauses.map(({ number }) => number),
        title: `Not read for ${timeSpan(this.#total)}`,
        message: `${this.#connection.name} was not read for ${timeSpan(this.#total)}, in ${pauses} of up to ${timeSpan(this.#longest)}: the recording, or what reads the output, could take no more. Messages that arrived meanwhile have times that are too late, and the server may have waited for us.`,
        advice:
          'Record to a faster disk, print less or to a faster reader (in the terminal, --save with --format none), and measure again before you judge the server.',
        evidence: {
          pauses: this.#count,
          paused: Math.round(this.#total),
          longest: Math.round(this.#longest),
        },
        chart: {
          kind: 'times',
          points: [],
          spans: this.#pauses.map(({ from, to }) => ({ from, to, label: 'not read' })),
        },
      },
    ]
  }
}

export const readerTooSlow = connectionRule({
  name: 'reader-too-slow',
  about: 'Reading that was paused because we could take no more',
  takes: ['pause'],
  threshold: { value: 1000, unit: 'ms', about: 'Pauses of a connection in total' },
  source: {
    title: 'Node.js, Backpressuring in Streams',
    url: 'https://nodejs.org/en/learn/modules/backpressuring-in-streams',
  },
  start: (connection, { threshold }) => new ReaderTooSlow(connection, threshold),
})
