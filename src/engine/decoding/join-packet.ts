/** Puts a packet together from the messages that it is spread over. */
import type { Log } from '../../capture/recording.ts'
import { typeOf, unpackKind } from '../../shared/event-columns.ts'
import {
  type JoinedMessage,
  type JoinedPacket,
  MAX_JOINED,
  type MappedPacket,
} from '../../shared/packet-map.ts'
import type { SessionDecoding } from './session-decoding.ts'

/** Events before the message that are looked at, and messages and their bytes that are read. */
const MAX_EVENTS = 16_384
const MAX_MESSAGES = 1024
const MAX_READ = 8 * 1024 * 1024

/** The first packet that ends in message `index`. Null if its beginning is not known, or it takes too long to read. */
export function joinPacket(log: Log, decoding: SessionDecoding, index: number): JoinedPacket | null {
  const { parts = 1 } = decoding.at(index)?.[0] ?? {}
  if (parts > MAX_MESSAGES) return null
  const messages = lastMessages(log, index, parts)
  if (messages.reduce((sum, at) => sum + log.row(at).size, 0) > MAX_READ) return null
  const packet = decoding.mapTogether(messages)
  return packet === undefined || packet.isContinued ? null : join(log, messages, packet)
}

/** A message with those before it in its direction of the connection, at most `count`. */
function lastMessages(log: Log, index: number, count: number): readonly number[] {
  const { connection, kind } = log.row(index)
  const { direction } = unpackKind(kind)
  const first = Math.max(log.firstKept, index - MAX_EVENTS)
  const messages = [index]
  for (let at = index - 1; at >= first && messages.length < count; at--) {
    const row = log.row(at)
    if (row.connection !== connection || typeOf(row.kind) !== 'message') continue
    if (unpackKind(row.kind).direction === direction) messages.push(at)
  }
  return messages.reverse()
}

/** `packet` says where it is in the bytes of the messages in a row. Null if some of these are not kept. */
function join(log: Log, all: readonly number[], { from, to, fields }: MappedPacket): JoinedPacket | null {
  const bytes = new Uint8Array(Math.min(to - from, MAX_JOINED))
  const messages: JoinedMessage[] = []
  let begin = 0
  for (const index of all) {
    const { size } = log.row(index)
    const at = Math.max(0, from - begin)
    const start = begin + at - from
    const end = Math.min(size, to - begin, at + bytes.length - start)
    begin += size
    if (end <= at) continue
    const payload = log.payload(index, end)
    if (payload === undefined || payload.length < end) return null
    bytes.set(payload.subarray(at, end), start)
    messages.push({ index, from: start, at })
  }
  const moved = fields.map((field) => ({ ...field, from: field.from - from, to: field.to - from }))
  return { bytes, size: to - from, fields: moved, messages }
}
