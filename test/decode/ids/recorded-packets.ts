/** The packets of recordings, for tests of ids. */
import { readdirSync } from 'node:fs'
import { join, resolve } from 'node:path'
import type { CarriedMessage, ProtocolIds, WholePacket } from '../../../src/decode/ids/ids.ts'
import { PacketReader } from '../../../src/decode/ids/packet-reader.ts'
import { type IdTable, idTableWith } from '../../../src/decode/ids/table.ts'
import { type DecodedLine, decodeRecording, eventsOf } from '../expected.ts'

const FOLDER = resolve(import.meta.dirname, '../../fixtures/recordings')

export const RECORDINGS = readdirSync(FOLDER).filter((name) => name.endsWith('.rtsession'))

export interface RecordedConnection {
  readonly connection: number
  readonly protocol: ProtocolIds
  readonly messages: CarriedMessage[]
  readonly packets: WholePacket[]
}

/** A packet with what the decoder says of it, if each packet of the event is one for the decoder. */
export interface DecodedPacket {
  /** Counted from 1. */
  readonly event: number
  readonly packet: WholePacket
  readonly decoded: DecodedLine
}

export async function decodedPackets(name: string): Promise<DecodedPacket[]> {
  const path = join(FOLDER, name)
  const { session, decoded } = await decodeRecording(path)
  const reader = new PacketReader(idTableWith(), (connection) => session.chosenFor(connection)?.decoder.name)
  return (await eventsOf(path)).flatMap((event, number) => {
    const packets = reader.read(number, event)
    const own = decoded.filter(({ line }) => line === number + 2)
    if (packets.length !== own.length) return []
    return packets.flatMap((packet, index) => {
      const each = own[index]
      return each === undefined ? [] : [{ event: number + 1, packet, decoded: each }]
    })
  })
}

/** The connections of a recording whose protocol has ids, with their packets. */
export async function recordedPackets(
  name: string,
  table: IdTable = idTableWith(),
): Promise<RecordedConnection[]> {
  const path = join(FOLDER, name)
  const { session } = await decodeRecording(path)
  const reader = new PacketReader(table, (connection) => session.chosenFor(connection)?.decoder.name)
  const connections = new Map<number, RecordedConnection>()
  for (const [number, event] of (await eventsOf(path)).entries()) {
    if (!('connection' in event)) continue
    const { connection } = event
    const packets = reader.read(number, event)
    const protocol = reader.protocolOf(connection)
    if (protocol === undefined) continue
    const known = connections.get(connection) ?? { connection, protocol, messages: [], packets: [] }
    connections.set(connection, known)
    known.packets.push(...packets)
    if (event.type !== 'message') continue
    const { direction, payload, opcode, event: eventName = '' } = event
    known.messages.push({ direction, payload, binary: opcode === 'binary', eventName })
  }
  for (const { connection, packets } of connections.values()) packets.push(...reader.finish(connection))
  return [...connections.values()]
}
