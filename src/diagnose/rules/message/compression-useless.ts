/** Messages are compressed, and hardly smaller for it. */
import { UNKNOWN_SIZE } from '../../../shared/event-columns.ts'
import { byteCount, plural } from '../../../shared/text/quantities.ts'
import type { AlikeEvents } from '../../alike-events.ts'
import type { ObservedConnection } from '../../observed-connection.ts'
import { connectionRule, type Found, type RuleContext, type RuleRun } from '../../rule.ts'
import type { RuleEvent } from '../../rule-event.ts'
import { MAX_EVENTS } from '../latest.ts'
import { ByDirection, senderOf } from './by-direction.ts'
import { headerWithin } from './frame-header.ts'

/** Fewer messages may be an exception. */
const LEAST = 20
/** Bytes of payload on average, below which messages are too short to be compressed. */
const SHORT = 100

class Side {
  readonly isOut: boolean
  readonly events: number[] = []
  count = 0
  payload = 0
  /** Without the headers of frames. */
  compressed = 0
  from = 0
  to = 0

  constructor(isOut: boolean) {
    this.isOut = isOut
  }

  add(time: number, size: number, wireSize: number, number: number): void {
    if (wireSize === UNKNOWN_SIZE) return
    if (this.count === 0) this.from = time
    this.to = time
    this.count++
    this.payload += size
    this.compressed += wireSize - headerWithin(wireSize, this.isOut)
    if (this.events.length < MAX_EVENTS) this.events.push(number + 1)
  }

  get saved(): number {
    return 1 - this.compressed / this.payload
  }
}

const makeSide = (isOut: boolean) => new Side(isOut)

class CompressionUseless implements RuleRun {
  readonly #connection: ObservedConnection
  readonly #threshold: number
  readonly #sides = new ByDirection(makeSide)
  rests = false

  constructor(connection: ObservedConnection, { threshold }: RuleContext) {
    this.#connection = connection
    this.#threshold = threshold
  }

  add(event: RuleEvent): void {
    // Without an extension, nothing is compressed (RFC 7692, section 5).
    this.rests = !event.isCompressed && this.#connection.extensions === undefined
    if (!event.isCompressed) return
    const { time, size, wireSize = UNKNOWN_SIZE, number } = event
    this.#sides.of(event).add(time, size, wireSize, number)
  }

  addAlike(events: AlikeEvents): void {
    this.rests = !events.isCompressed && this.#connection.extensions === undefined
    if (!events.isCompressed) return
    const side = this.#sides.of(events)
    const { from, to, first, time, size, wireSize } = events
    for (let at = from; at < to; at++)
      side.add(time[at] ?? 0, size[at] ?? 0, wireSize[at] ?? UNKNOWN_SIZE, first + at)
  }

  findings(): Found[] {
    return this.#sides.find(
      ({ count, payload, saved }) => count >= LEAST && payload > 0 && saved < this.#threshold,
      (side) => this.#found(side),
    )
  }

  #found({ isOut, count, payload, compressed, saved, events, from, to }: Side): Found {
    const mean = payload / count
    const { extensions } = this.#connection
    const keepsContext = extensions !== undefined && !/no_context_takeover/.test(extensions)
    const percent = Math.round(100 * Math.abs(saved))
    const isLarger = saved < 0 && percent > 0
    const messages = plural(count, 'message')
    return {
      severity: 'info',
      from,
      to,
      events: [...events],
      title: isLarger
        ? `Compression makes ${messages} larger`
        : `Compression saves ${percent} % of ${messages}`,
      message: `permessage-deflate ${isLarger ? `makes ${messages} of ${senderOf(isOut)} larger by ${percent} %` : `saves ${percent} % of ${messages} of ${senderOf(isOut)}`} on ${this.#connection.name}: ${byteCount(payload)}, ${byteCount(Math.round(mean))} on average, took ${byteCount(compressed)}. That costs time at both ends${keepsContext ? ', and memory for a compressor that each connection keeps from message to message' : ''}.`,
      advice:
        mean < SHORT
          ? 'Compress only messages from about 1 kB on, or none. In ws, the threshold of perMessageDeflate counts only with serverNoContextTakeover.'
          : 'Do not compress what is compressed or encrypted already, such as images: turn permessage-deflate off, or off for these messages.',
      evidence: { messages: count, payload, compressed, saved, mean, direction: isOut ? 'out' : 'in' },
      chart: {
        kind: 'bars',
        unit: 'bytes',
        bars: [
          { label: 'payload', value: payload },
          { label: 'compressed', value: compressed, tone: 'wrong' },
        ],
      },
    }
  }
}

export const compressionUseless = connectionRule({
  name: 'compression-useless',
  about: 'Compression that saves next to nothing',
  takes: ['open', 'message'],
  transports: ['websocket'],
  threshold: { value: 0.05, unit: 'share', about: 'What compression saves of the payload' },
  source: {
    title: 'websockets/ws, issue 607',
    url: 'https://github.com/websockets/ws/issues/607',
  },
  start: (connection, context) => new CompressionUseless(connection, context),
})
