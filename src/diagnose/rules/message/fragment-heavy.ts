/**
 * Messages are split into so many frames that their headers count. How many follows from the bytes on the connection: a
 * frame of less than 126 bytes has a header of two bytes, and four more from a client.
 */
import { UNKNOWN_SIZE } from '../../../shared/event-columns.ts'
import { byteCount, formatCount, plural } from '../../../shared/text/quantities.ts'
import type { AlikeEvents } from '../../alike-events.ts'
import type { ObservedConnection } from '../../observed-connection.ts'
import { connectionRule, type Found, type RuleContext, type RuleRun } from '../../rule.ts'
import type { RuleEvent } from '../../rule-event.ts'
import { MAX_EVENTS } from '../latest.ts'
import { ByDirection, senderOf } from './by-direction.ts'
import { headerSize } from './frame-header.ts'

/** Fewer messages may be an exception. */
const LEAST = 10

class Side {
  readonly isOut: boolean
  readonly events: number[] = []
  /** Messages in several frames, with their payload and headers, and what headers have beyond that of one frame. */
  count = 0
  payload = 0
  headers = 0
  added = 0
  from = 0
  to = 0

  constructor(isOut: boolean) {
    this.isOut = isOut
  }

  /** `added` is what headers have beyond that of one frame. */
  add(time: number, size: number, wireSize: number, number: number, added: number): void {
    if (this.count === 0) this.from = time
    this.to = time
    this.count++
    this.payload += size
    this.headers += wireSize - size
    this.added += added
    if (this.events.length < MAX_EVENTS) this.events.push(number + 1)
  }
}

const makeSide = (isOut: boolean) => new Side(isOut)

class FragmentHeavy implements RuleRun {
  readonly #connection: ObservedConnection
  readonly #threshold: number
  readonly #sides = new ByDirection(makeSide)

  constructor(connection: ObservedConnection, { threshold }: RuleContext) {
    this.#connection = connection
    this.#threshold = threshold
  }

  add(event: RuleEvent): void {
    // What compression saved hides the headers.
    if (event.isCompressed) return
    const { time, size, wireSize = UNKNOWN_SIZE, number, isOut } = event
    const added = addedBy(size, wireSize, isOut)
    if (added > 0) this.#sides.of(event).add(time, size, wireSize, number, added)
  }

  addAlike(events: AlikeEvents): void {
    if (events.isCompressed) return
    const { from, to, first, time, size, wireSize, isOut } = events
    for (let at = from; at < to; at++) {
      const bytes = size[at] ?? 0
      const onWire = wireSize[at] ?? UNKNOWN_SIZE
      const added = addedBy(bytes, onWire, isOut)
      if (added > 0) this.#sides.of(events).add(time[at] ?? 0, bytes, onWire, first + at, added)
    }
  }

  findings(): Found[] {
    return this.#sides.find(
      ({ count, added, payload }) => count >= LEAST && added > this.#threshold * payload,
      (side) => this.#found(side),
    )
  }

  #found({ isOut, count, payload, headers, added, events, from, to }: Side): Found {
    const frames = Math.round(headers / headerSize(0, isOut))
    const percent = Math.round((100 * added) / payload)
    return {
      severity: 'info',
      from,
      to,
      events: [...events],
      title: `${plural(count, 'message')} came in about ${formatCount(frames)} frames`,
      message: `${senderOf(isOut).replace('the', 'The')} split ${plural(count, 'message')} on ${this.#connection.name} into about ${formatCount(frames)} frames of ${byteCount(Math.max(Math.round(payload / frames), 1))}. Their headers add ${byteCount(added)}, ${percent} % of the payload.`,
      advice:
        'Send a message that is complete as one frame. Fragments are for messages whose length is not known when they start: let each have some kilobytes.',
      evidence: { messages: count, frames, payload, added, direction: isOut ? 'out' : 'in' },
      confidence: 'the number of frames is inferred from the bytes on the connection',
      chart: {
        kind: 'bars',
        unit: 'bytes',
        bars: [
          { label: 'headers of fragments', value: added, tone: 'wrong' },
          { label: 'payload', value: payload },
        ],
      },
    }
  }
}

function addedBy(size: number, wireSize: number, isOut: boolean): number {
  return wireSize === UNKNOWN_SIZE ? 0 : wireSize - size - headerSize(size, isOut)
}

export const fragmentHeavy = connectionRule({
  name: 'fragment-heavy',
  about: 'Messages in so many frames that their headers count',
  takes: ['message'],
  transports: ['websocket'],
  threshold: { value: 0.1, unit: 'share', about: 'Headers of fragments, compared with the payload' },
  source: {
    title: 'RFC 6455, section 5.4 (fragmentation)',
    url: 'https://www.rfc-editor.org/rfc/rfc6455#section-5.4',
  },
  start: (connection, context) => new FragmentHeavy(connection, context),
})
