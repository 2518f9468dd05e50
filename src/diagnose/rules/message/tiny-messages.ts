/**
 * Messages follow each other closely, and what frames them takes more bytes than what they say. Only messages that follow
 * another one within a moment count: those could have been one.
 */
import { UNKNOWN_SIZE } from '../../../shared/event-columns.ts'
import { byteCount, plural } from '../../../shared/text/quantities.ts'
import type { AlikeEvents } from '../../alike-events.ts'
import type { ObservedConnection } from '../../observed-connection.ts'
import { connectionRule, type Found, type RuleContext, type RuleRun } from '../../rule.ts'
import type { RuleEvent } from '../../rule-event.ts'
import { MAX_EVENTS } from '../latest.ts'
import { ByDirection, senderOf } from './by-direction.ts'

/** Milliseconds within which messages follow each other closely. */
const CLOSE = 100
/** Fewer messages cost little. */
const LEAST = 100

class Side {
  readonly isOut: boolean
  readonly events: number[] = []
  count = 0
  payload = 0
  overhead = 0
  from = 0
  to = 0
  #last = Number.NEGATIVE_INFINITY

  constructor(isOut: boolean) {
    this.isOut = isOut
  }

  add(time: number, size: number, wireSize: number, number: number): void {
    const isClose = time - this.#last <= CLOSE
    this.#last = time
    if (!isClose || wireSize === UNKNOWN_SIZE) return
    if (this.count === 0) this.from = time
    this.to = time
    this.count++
    this.payload += size
    this.overhead += wireSize - size
    if (this.events.length < MAX_EVENTS) this.events.push(number + 1)
  }
}

const makeSide = (isOut: boolean) => new Side(isOut)

class TinyMessages implements RuleRun {
  readonly #connection: ObservedConnection
  readonly #threshold: number
  readonly #sides = new ByDirection(makeSide)

  constructor(connection: ObservedConnection, { threshold }: RuleContext) {
    this.#connection = connection
    this.#threshold = threshold
  }

  add(event: RuleEvent): void {
    const { time, size, wireSize = UNKNOWN_SIZE, number } = event
    this.#sides.of(event).add(time, size, wireSize, number)
  }

  addAlike(events: AlikeEvents): void {
    const side = this.#sides.of(events)
    const { from, to, first, time, size, wireSize } = events
    for (let at = from; at < to; at++)
      side.add(time[at] ?? 0, size[at] ?? 0, wireSize[at] ?? UNKNOWN_SIZE, first + at)
  }

  findings(): Found[] {
    return this.#sides.find(
      ({ count, payload, overhead }) => count >= LEAST && overhead > this.#threshold * payload,
      (side) => this.#found(side),
    )
  }

  #found({ isOut, count, payload, overhead, events, from, to }: Side): Found {
    const mean = Math.round(payload / count)
    return {
      severity: 'info',
      from,
      to,
      events: [...events],
      title: `Framing takes more than the payload of ${plural(count, 'message')}`,
      message: `${plural(count, 'message')} of ${senderOf(isOut)} on ${this.#connection.name} followed another within ${CLOSE} ms, with ${byteCount(mean)} of payload on average: ${byteCount(payload)} in all, and ${byteCount(overhead)} around them. TCP and TLS add more to each.`,
      advice:
        'Put what happens within a few milliseconds into one message, such as an array, or send only the latest value.',
      evidence: { messages: count, payload, overhead, mean, direction: isOut ? 'out' : 'in' },
      chart: {
        kind: 'bars',
        unit: 'bytes',
        bars: [
          { label: 'framing', value: overhead, tone: 'wrong' },
          { label: 'payload', value: payload },
        ],
      },
    }
  }
}

export const tinyMessages = connectionRule({
  name: 'tiny-messages',
  about: 'Messages in close succession whose framing is larger than their payload',
  takes: ['message'],
  transports: ['websocket', 'sse'],
  threshold: { value: 1, unit: 'factor', about: 'Bytes of framing for each byte of payload' },
  source: {
    title: 'RFC 6455, section 5.2 (base framing protocol)',
    url: 'https://www.rfc-editor.org/rfc/rfc6455#section-5.2',
  },
  start: (connection, context) => new TinyMessages(connection, context),
})
