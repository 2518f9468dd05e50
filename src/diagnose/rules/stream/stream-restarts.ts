/** A finite stream that ends, is connected to again, and says the same again. */
import type { RealtimeEvent } from '../../../shared/event.ts'
import { plural, timeSpan } from '../../../shared/text/quantities.ts'
import type { ObservedConnection } from '../../observed-connection.ts'
import { connectionRule, type Found, type RuleRun } from '../../rule.ts'
import type { RuleEvent } from '../../rule-event.ts'
import { MAX_EVENTS } from '../latest.ts'

/** Events of an answer at most: a longer one is not compared. */
const MAX_ANSWER = 1000
/** Events of an answer at least, and different ones among them: fewer may be a greeting. */
const MIN_ANSWER = 3
const MIN_DIFFERENT = 2
/** Bytes of a payload that are compared, besides its size. */
const MAX_BYTES = 1024
/** The server ends a finite stream at once. One that it ends after a silence has met a limit. */
const MAX_SILENCE = 1000

/** The events of one attempt. */
class Answer {
  readonly openedAt: number
  readonly openNumber: number
  events = 0
  #hash = 0x811c9dc5
  #different = 0
  #latest: number | undefined

  constructor(openedAt: number, openNumber: number) {
    this.openedAt = openedAt
    this.openNumber = openNumber
  }

  add(event: RealtimeEvent): void {
    if (event.type !== 'message' || this.events > MAX_ANSWER) return
    const one = hashOf(event.payload.subarray(0, MAX_BYTES), event.payload.length)
    const whole = hashOf(
      new TextEncoder().encode(`${event.event ?? ''}\n${event.id ?? ''}`.slice(0, 200)),
      one,
    )
    if (one !== this.#latest) this.#different++
    this.#latest = one
    this.#hash = Math.imul(this.#hash ^ whole, 0x01000193)
    this.events++
  }

  get isComparable(): boolean {
    return this.events >= MIN_ANSWER && this.events <= MAX_ANSWER && this.#different >= MIN_DIFFERENT
  }

  isSame(other: Answer): boolean {
    return this.events === other.events && this.#hash === other.#hash
  }
}

/** FNV-1a. */
function hashOf(bytes: Uint8Array, seed: number): number {
  let hash = 0x811c9dc5 ^ seed
  for (const byte of bytes) hash = Math.imul(hash ^ byte, 0x01000193)
  return hash
}

class Answers implements RuleRun {
  readonly #connection: ObservedConnection
  readonly #opens: number[] = []
  #current: Answer | undefined
  #previous: Answer | undefined
  /** Answers that were the same as the one before. */
  #repetitions = 0
  /** Events of such an answer. */
  #events = 0
  #from = 0
  #to = 0

  constructor(connection: ObservedConnection) {
    this.#connection = connection
  }

  add(event: RuleEvent): void {
    if (event.type === 'open') this.#current = new Answer(event.time, event.number)
    else if (event.type === 'message') this.#current?.add(event.full)
    else this.#end(event.time)
  }

  skipped(): void {
    this.#current = undefined
    this.#previous = undefined
  }

  #end(time: number): void {
    const current = this.#current
    this.#current = undefined
    const { ending } = this.#connection
    if (current === undefined) return
    const hasFinished = ending?.by === 'server' && ending.silentIn <= MAX_SILENCE && current.isComparable
    const previous = this.#previous
    this.#previous = hasFinished ? current : undefined
    if (!hasFinished || previous === undefined || !previous.isSame(current)) return
    if (this.#repetitions === 0) {
      this.#from = previous.openedAt
      this.#opens.push(previous.openNumber + 1)
    }
    this.#repetitions++
    this.#events = current.events
    this.#to = time
    if (this.#opens.length < MAX_EVENTS) this.#opens.push(current.openNumber + 1)
  }

  findings(): Found[] {
    if (this.#repetitions === 0) return []
    const events = this.#events
    const answers = this.#repetitions + 1
    const from = this.#from
    const to = this.#to
    return [
      {
        severity: 'warning',
        from,
        to,
        events: [...this.#opens],
        title: `The same ${plural(events, 'event')} ${plural(answers, 'time')}`,
        message: `The server ended ${this.#connection.name} ${plural(answers, 'time')} in ${timeSpan(to - from)}, and each time it had sent the same ${plural(events, 'event')}. An EventSource connects again after each end, for ever.`,
        advice:
          'Answer the reconnect with 204 No Content, which stops it; or send a last event at which the client calls close().',
        evidence: { events, answers, repetitions: this.#repetitions },
        chart: {
          kind: 'bars',
          unit: 'count',
          bars: [
            { label: 'events', value: events },
            { label: 'events again', value: events * this.#repetitions, tone: 'wrong' },
          ],
        },
      },
    ]
  }
}

export const streamRestarts = connectionRule({
  name: 'stream-restarts',
  about: 'Finite streams that say the same again after each reconnect',
  takes: ['open', 'message', 'close', 'error'],
  readsPayloads: true,
  transports: ['sse'],
  source: {
    title: 'HTML standard, section 9.2.1: clients stop to reconnect at 204 No Content',
    url: 'https://html.spec.whatwg.org/multipage/server-sent-events.html#server-sent-events-intro',
  },
  start: (connection) => new Answers(connection),
})
