/** Reads the packets of a recording, with what the decoders know of them. */
import { setImmediate } from 'node:timers/promises'
import type { IndexedRecording } from '../../capture/recording.ts'
import type { ConnectionFacts } from '../../decode/decoder.ts'
import type { ProtocolIds, WholePacket } from '../../decode/ids/ids.ts'
import { PacketReader } from '../../decode/ids/packet-reader.ts'
import { idTableWith } from '../../decode/ids/table.ts'
import { SessionDecoder } from '../../decode/session-decoder.ts'
import type { DecodedEvent, DecodedKind } from '../../shared/decoded.ts'
import type { RealtimeEvent } from '../../shared/event.ts'
import { unpackKind } from '../../shared/event-columns.ts'
import { Failure } from '../../shared/failure.ts'
import { getOrMake } from '../../shared/maps.ts'

export interface RecordedPacket {
  readonly packet: WholePacket
  /** Number of the event in which it ends. */
  readonly event: number
  /** Session time of that event, in ms. */
  readonly time: number
  /** How often its connection had opened. */
  readonly attempt: number
  /** Its message was compressed. */
  readonly compressed: boolean
  readonly isHandshake: boolean
  readonly isHeartbeat: boolean
  /** Number of the event that it answers. */
  readonly answers: number | undefined
  readonly kind: DecodedKind | undefined
  /** The event, method, topic, destination or operation. */
  readonly name: string | undefined
}

export interface RecordedPackets {
  readonly protocol: ProtocolIds
  readonly facts: ConnectionFacts
  readonly packets: readonly RecordedPacket[]
}

/** Events read before the thread is released. */
const STEP = 1024
/** Messages of a connection that are looked at to find its protocol. */
const FIRST_MESSAGES = 16
const NONE: ReadonlyMap<number, RecordedPackets> = new Map()
/** Bytes of all packets. Longer recordings are not matched by content. */
const MAX_BYTES = 256 * 1024 * 1024

/**
 * The packets of each connection whose protocol has ids, or of one connection, by the number of the connection. Empty if the
 * recording is too long to keep them in memory.
 */
export async function readPackets(
  source: IndexedRecording,
  only?: number,
): Promise<ReadonlyMap<number, RecordedPackets>> {
  if (!(await hasIds(source, only))) return NONE
  const decoder = new SessionDecoder()
  await decoder.loadAll()
  const decoded = await decodeAll(source, only, decoder)
  const reader = new PacketReader(idTableWith(), (id) => decoder.chosenFor(id)?.decoder.name)
  const connections = new Map<number, { packets: RecordedPacket[]; attempt: number }>()
  let bytes = 0
  for await (const [number, event] of eventsOf(source, only)) {
    if (!('connection' in event)) continue
    const state = getOrMake(connections, event.connection, () => ({ packets: [], attempt: -1 }))
    if (event.type === 'open') state.attempt++
    const packets = reader.read(number, event)
    const events = decoded.get(number) ?? []
    for (const [at, packet] of packets.entries()) {
      bytes += packet.bytes.length
      const attempt = Math.max(0, state.attempt)
      state.packets.push(recordedPacket(packet, number, event, attempt, sayingOf(at, packets.length, events)))
    }
    if (bytes > MAX_BYTES) return NONE
  }
  const found = new Map<number, RecordedPackets>()
  for (const [id, { packets }] of connections) {
    const protocol = reader.protocolOf(id)
    if (protocol !== undefined && packets.length > 0)
      found.set(id, { protocol, facts: decoder.recordOf(id).facts, packets })
  }
  return found
}

/** Whether the ids of any connection are known, from its first messages: a long recording takes long to decode. */
export async function hasIds(source: IndexedRecording, only: number | undefined): Promise<boolean> {
  const decoder = new SessionDecoder()
  await decoder.loadAll()
  const messages = new Map<number, number>()
  for (let number = source.firstKept; number < source.count; number++) {
    if (number % STEP === STEP - 1) await setImmediate()
    const { connection, kind } = source.row(number)
    if (only !== undefined && connection !== only) continue
    const { type } = unpackKind(kind)
    const count = messages.get(connection) ?? 0
    if (type === 'message' && count >= FIRST_MESSAGES) continue
    if (type === 'message') messages.set(connection, count + 1)
    const event = readableEvent(source, number)
    if (event !== undefined) decoder.decode(number, event)
  }
  const table = idTableWith()
  return [...messages.keys()].some((id) => table.has(decoder.chosenFor(id)?.decoder.name ?? ''))
}

/** What the packets say, by the number of the event in which they end. */
async function decodeAll(
  source: IndexedRecording,
  only: number | undefined,
  decoder: SessionDecoder,
): Promise<ReadonlyMap<number, readonly DecodedEvent[]>> {
  const decoded = new Map<number, readonly DecodedEvent[]>()
  for await (const [number, event] of eventsOf(source, only)) {
    const events = decoder.decode(number, event) ?? []
    // Values are not needed, and may be large.
    if (events.length > 0)
      decoded.set(
        number,
        events.map(({ value: _, ...event }) => event),
      )
  }
  return decoded
}

async function* eventsOf(
  source: IndexedRecording,
  only: number | undefined,
): AsyncGenerator<[number, RealtimeEvent]> {
  for (let number = source.firstKept; number < source.count; number++) {
    if (number % STEP === STEP - 1) await setImmediate()
    if (only !== undefined && source.row(number).connection !== only) continue
    const event = readableEvent(source, number)
    if (event !== undefined) yield [number, event]
  }
}

/** Undefined if it cannot be read, which is reported when it is played. */
function readableEvent(source: IndexedRecording, number: number): RealtimeEvent | undefined {
  try {
    return source.event(number)
  } catch (thrown) {
    if (!(thrown instanceof Failure)) throw thrown
    return undefined
  }
}

/** What a packet says. If a message has more or fewer packets than decoded events, what all of them say. */
function sayingOf(at: number, count: number, events: readonly DecodedEvent[]): Partial<DecodedEvent> {
  if (count === events.length) return events[at] ?? {}
  const areHeartbeats = events.length > 0 && events.every(({ kind }) => kind === 'heartbeat')
  return areHeartbeats ? { kind: 'heartbeat' } : {}
}

function recordedPacket(
  packet: WholePacket,
  event: number,
  { time, ...rest }: RealtimeEvent,
  attempt: number,
  { kind, name, answers }: Partial<DecodedEvent>,
): RecordedPacket {
  return {
    packet,
    event,
    time,
    attempt,
    compressed: 'compressed' in rest && rest.compressed === true,
    isHandshake: kind === 'handshake',
    isHeartbeat: kind === 'heartbeat',
    answers: answers === undefined ? undefined : answers - 1,
    kind,
    name,
  }
}
