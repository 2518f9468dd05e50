/** Reads what a comparison compares: the packets of protocols that are known, and other messages as they are. */
import type { Row } from '../../capture/column-segments.ts'
import type { Recording } from '../../capture/recording.ts'
import { decodersWith } from '../../decode/decoders.ts'
import type { ProtocolIds, WholePacket } from '../../decode/ids/ids.ts'
import { PacketReader } from '../../decode/ids/packet-reader.ts'
import { idTableWith } from '../../decode/ids/table.ts'
import { SessionDecoder } from '../../decode/session-decoder.ts'
import type { DecodedEvent } from '../../shared/decoded.ts'
import type { Dialect } from '../../shared/dialect.ts'
import type { MessageEvent, RealtimeEvent } from '../../shared/event.ts'
import { isOut, typeOf } from '../../shared/event-columns.ts'
import { hasLines, type ScannedLine } from '../line-scan.ts'
import { MessageFilter } from './message-filter.ts'

export interface UnitOptions {
  /** A filter: messages that it finds are not compared. */
  readonly ignoreMessages?: string | undefined
  /** Users' own protocols. */
  readonly dialects?: readonly Dialect[] | undefined
}

/** A packet, or a message whose protocol is not known. */
export interface Unit {
  /** Its position among those that end in the same event. */
  readonly part: number
  /** With the bytes of the packet as payload. */
  readonly message: MessageEvent
  readonly packet: WholePacket | undefined
  readonly isHeartbeat: boolean
}

/** An event of a connection, and what ends in it. */
export interface UnitsOfEvent {
  /** From 0. */
  readonly number: number
  readonly event: Exclude<RealtimeEvent, { type: 'mark' }>
  readonly units: readonly Unit[]
  readonly protocol: ProtocolIds | undefined
}

/** An event whose connection may turn out to have another protocol. */
interface Waiting {
  readonly number: number
  readonly event: UnitsOfEvent['event']
  readonly decoded: readonly DecodedEvent[]
}

const NOT_DECODED: readonly DecodedEvent[] = []
const NO_UNITS: readonly UnitsOfEvent[] = []

/** What is known of the further messages of a connection, until its next event that is not a plain message. */
const PLAIN = { unknown: 0, no: 1, inbound: 2, all: 3 } as const

/** Takes what ends in each event. */
export interface UnitTaker {
  units(event: UnitsOfEvent): void
  /**
   * Takes a message that is a unit of its own, event `number`, from the bytes of its line. False to get it as an event.
   */
  line?(number: number, line: ScannedLine): boolean
  /** Whether no more events are needed. Asked from time to time. */
  isDone?(): boolean
}

/**
 * Reads a recording once, by its lines if it has lines. Rejects with a `Failure` `BAD_FILTER`. The events of a connection are
 * in order, but not those of several.
 */
export async function readUnits(recording: Recording, options: UnitOptions, taker: UnitTaker): Promise<void> {
  const filter = options.ignoreMessages === undefined ? undefined : new MessageFilter(options.ignoreMessages)
  const reader = new UnitReader(options.dialects ?? [], filter)
  const takeAll = (units: readonly UnitsOfEvent[]) => {
    for (const each of units) taker.units(each)
  }
  let number = 0
  const take = (event: RealtimeEvent): Promise<void> | undefined => {
    const units = event.type === 'mark' ? NO_UNITS : reader.take(number, event)
    number++
    if (units instanceof Promise) return units.then(takeAll)
    takeAll(units)
    return undefined
  }
  try {
    if (taker.line !== undefined && hasLines(recording)) {
      const takeLine = (line: ScannedLine) => {
        const isTaken = reader.isPlain(line.head.row) && taker.line?.(number, line) === true
        if (isTaken) number++
        return isTaken
      }
      await recording.scanLines({ line: takeLine, event: take, isDone: () => taker.isDone?.() ?? false })
    } else
      for await (const events of recording.events()) {
        if (taker.isDone?.()) break
        for (const event of events) {
          const waiting = take(event)
          // Waiting for each event would take longer than all the rest.
          if (waiting !== undefined) await waiting
        }
      }
    takeAll(await reader.finish())
  } finally {
    filter?.close()
  }
}

class UnitReader {
  readonly #session: SessionDecoder
  readonly #packets: PacketReader
  readonly #filter: MessageFilter | undefined
  readonly #waiting = new Map<number, Waiting[]>()
  /** By connection: one of `PLAIN`. */
  readonly #plain: number[] = []

  constructor(dialects: readonly Dialect[], filter: MessageFilter | undefined) {
    this.#session = new SessionDecoder({ decoders: decodersWith(dialects) })
    const nameOf = (connection: number) => this.#session.chosenFor(connection)?.decoder.name
    this.#packets = new PacketReader(idTableWith(dialects), nameOf)
    this.#filter = filter
  }

  /** The event, unless its protocol is not known yet, and earlier events of its connection that have waited. */
  take(
    number: number,
    event: UnitsOfEvent['event'],
  ): readonly UnitsOfEvent[] | Promise<readonly UnitsOfEvent[]> {
    const { connection } = event
    this.#plain[connection] = PLAIN.unknown
    const decoded = this.#isDecoded(connection) ? this.#session.decode(number, event) : NOT_DECODED
    if (decoded === undefined) return this.#load().then(() => this.take(number, event))
    const waiting = this.#waiting.get(connection) ?? []
    if (this.#session.isSettled(connection)) {
      this.#waiting.delete(connection)
      return this.#unitsOf([...waiting, { number, event, decoded }])
    }
    const kept = 'payload' in event ? { ...event, payload: new Uint8Array(event.payload) } : event
    this.#waiting.set(connection, waiting)
    waiting.push({ number, event: kept, decoded })
    return []
  }

  /** Whether the next event, of that kind and connection, is a message that is compared as it is. It need not be taken. */
  isPlain({ kind, connection }: Readonly<Pick<Row, 'kind' | 'connection'>>): boolean {
    const isMessage = typeOf(kind) === 'message'
    const known = this.#plain[connection] || this.#findPlain(connection)
    return isMessage && (known === PLAIN.all || (known === PLAIN.inbound && !isOut(kind)))
  }

  #findPlain(connection: number): number {
    const isPlain =
      this.#filter === undefined &&
      !this.#waiting.has(connection) &&
      !this.#isDecoded(connection) &&
      this.#packets.protocolOf(connection) === undefined
    // The first message that a poll sends may repeat its body.
    const plain = this.#session.recordOf(connection).isPoll ? PLAIN.inbound : PLAIN.all
    const found = isPlain ? plain : PLAIN.no
    this.#plain[connection] = found
    return found
  }

  async finish(): Promise<readonly UnitsOfEvent[]> {
    return await this.#unitsOf([...this.#waiting.values()].flat())
  }

  /** What a decoder makes of single messages is needed only for a filter. */
  #isDecoded(connection: number): boolean {
    if (this.#filter !== undefined || !this.#session.isSettled(connection)) return true
    const { decoder } = this.#session.chosenFor(connection) ?? {}
    return decoder !== undefined && decoder.isStateless !== true
  }

  async #load(): Promise<void> {
    const { wanted } = this.#session
    if (wanted !== undefined) await this.#session.load(wanted)
  }

  #unitsOf(events: readonly Waiting[]): readonly UnitsOfEvent[] | Promise<readonly UnitsOfEvent[]> {
    const filter = this.#filter
    const found = events.map(({ number, event, decoded }) => {
      const packets = this.#packets.read(number, event)
      const protocol = this.#packets.protocolOf(event.connection)
      return { number, event, protocol, decoded, units: unitsIn(event, packets, protocol, decoded) }
    })
    return filter === undefined ? found : filteredInOrder(found, filter)
  }
}

/** One after another, because a regular expression can look at only one text at a time. */
async function filteredInOrder(
  found: readonly (UnitsOfEvent & Pick<Waiting, 'decoded'>)[],
  filter: MessageFilter,
): Promise<readonly UnitsOfEvent[]> {
  const kept: UnitsOfEvent[] = []
  for (const each of found) kept.push(await filtered(each, filter))
  return kept
}

/** Without the units that the filter finds. */
async function filtered(
  found: UnitsOfEvent & Pick<Waiting, 'decoded'>,
  filter: MessageFilter,
): Promise<UnitsOfEvent> {
  const gap = filter.gapBefore(found.event)
  const units: Unit[] = []
  for (const unit of found.units)
    if (!(await filter.finds(unit.message, packetsOf(unit.part, found.units.length, found.decoded), gap)))
      units.push(unit)
  return { ...found, units }
}

/** Usually, each unit is one packet for the decoder. If not, all of them say what each unit is. */
function packetsOf(part: number, count: number, decoded: readonly DecodedEvent[]): readonly DecodedEvent[] {
  return count === decoded.length ? decoded.slice(part, part + 1) : decoded
}

function unitsIn(
  event: UnitsOfEvent['event'],
  packets: readonly WholePacket[],
  protocol: ProtocolIds | undefined,
  decoded: readonly DecodedEvent[],
): readonly Unit[] {
  if (event.type === 'message' && (protocol === undefined || event.dropped !== undefined))
    return [{ part: 0, message: event, packet: undefined, isHeartbeat: areHeartbeats(decoded) }]
  return packets.map((packet, part) => ({
    part,
    message: messageOf(event, packet),
    packet,
    isHeartbeat: areHeartbeats(packetsOf(part, packets.length, decoded)),
  }))
}

function areHeartbeats(decoded: readonly DecodedEvent[]): boolean {
  return decoded.length > 0 && decoded.every(({ kind }) => kind === 'heartbeat')
}

/** The packet as a message of its own. */
function messageOf(event: UnitsOfEvent['event'], { bytes, direction, binary }: WholePacket): MessageEvent {
  if (event.type === 'message') return { ...event, payload: bytes }
  const { connection, time } = event
  return { type: 'message', connection, time, direction, payload: bytes, ...(binary && { opcode: 'binary' }) }
}
