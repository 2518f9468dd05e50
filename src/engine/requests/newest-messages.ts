/** The newest message of a connection, for a line that says what the connection does. */
import type { Log } from '../../capture/recording.ts'
import type { NewestMessage } from '../../shared/protocol/requests.ts'
import { decodedPreview } from '../decoding/decoded-preview.ts'
import type { SessionDecoding } from '../decoding/session-decoding.ts'
import { backward } from '../payload/connection-events.ts'

/** Newest events that are searched for a message. */
const MAX_EVENTS = 16_384
/** Heartbeats of a connection that are skipped. */
const MAX_HEARTBEATS = 20
/** Connections of one call. */
const MAX_CONNECTIONS = 100

export function newestMessages(
  log: Log,
  decoding: SessionDecoding,
  connections: readonly number[],
): readonly NewestMessage[] {
  return connections
    .slice(0, MAX_CONNECTIONS)
    .map((connection) => newestMessage(log, decoding, connection))
    .filter((newest) => newest !== undefined)
}

function newestMessage(log: Log, decoding: SessionDecoding, connection: number): NewestMessage | undefined {
  let skipped = 0
  for (const { index, kind } of backward(log, connection, log.count, MAX_EVENTS)) {
    if (kind.type !== 'message') continue
    const decoded = decodedPreview(decoding.at(index) ?? [], false)
    if (decoded?.heartbeat === true && skipped++ < MAX_HEARTBEATS) continue
    return { connection, name: decoding.nameOf(index), ...(decoded !== undefined && { decoded }) }
  }
  return undefined
}
