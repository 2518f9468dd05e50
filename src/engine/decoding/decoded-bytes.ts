/** Says where the packets of a message are in its bytes, and where a packet ends that goes on after it. */
import type { Log } from '../../capture/recording.ts'
import { typeOf, unpackKind } from '../../shared/event-columns.ts'
import type { ConversationPart, DecodedBytes } from '../../shared/protocol/decoding.ts'
import { requireKept } from '../payload/connection-events.ts'
import { partOf } from './conversations.ts'
import { joinPacket } from './join-packet.ts'
import type { SessionDecoding } from './session-decoding.ts'

/** Limits of the search for the end of a packet: events looked at, and milliseconds. */
const MAX_EVENTS = 16_384
const MAX_TIME = 100

/** Null while it is not known yet. Throws NO_EVENT. */
export function decodedBytes(log: Log, decoding: SessionDecoding, index: number): DecodedBytes | null {
  requireKept(log, index)
  const map = decoding.map(index)
  if (map === undefined) return null
  return {
    ...map,
    end: map.unfinished === null ? null : findEnd(log, decoding, index),
    joined: map.packets?.[0]?.isContinued === true ? joinPacket(log, decoding, index) : null,
  }
}

/** The message in which a packet ends that has a part in message `index`, with only that packet. */
function findEnd(log: Log, decoding: SessionDecoding, index: number): ConversationPart | null {
  const { connection, kind } = log.row(index)
  const { direction } = unpackKind(kind)
  const until = performance.now() + MAX_TIME
  const end = Math.min(log.count, index + MAX_EVENTS)
  let messages = 1
  for (let at = index + 1; at < end && performance.now() < until; at++) {
    const row = log.row(at)
    if (row.connection !== connection) continue
    const type = typeOf(row.kind)
    if (type === 'open') return null
    if (type !== 'message' || unpackKind(row.kind).direction !== direction) continue
    messages++
    const events = decoding.at(at)
    if (events === undefined) return null
    const [first] = events
    if (first === undefined) continue
    const isSpread = first.parts !== undefined && first.parts >= messages
    return isSpread ? (partOf(log, decoding, at, first) ?? null) : null
  }
  return null
}
