/** Finds the connections of a recording that sent messages. */
import { setImmediate } from 'node:timers/promises'
import type { Log } from '../../capture/recording.ts'
import { redactEvent } from '../../session/redact.ts'
import { nothingToSend } from '../../session/replay/script.ts'
import { isOut, typeOf } from '../../shared/columns.ts'
import type { ConnectEvent } from '../../shared/event.ts'
import type { Sender } from '../../shared/protocol/resending.ts'

/** Events looked at in one step: a fraction of a millisecond. */
const STEP = 8192

/** In the order of their numbers, with secrets masked. Rejects with `NOTHING_TO_SEND` if there is none. */
export async function sendersOf(log: Log): Promise<Sender[]> {
  const sent = new Map<number, number>()
  const connects = new Map<number, ConnectEvent>()
  for (let from = log.firstKept; from < log.count; ) {
    const columns = log.columns(from, STEP)
    for (let at = 0; at < columns.count; at++) {
      const kind = columns.kind[at] ?? 0
      const type = typeOf(kind)
      const connection = columns.connection[at] ?? 0
      if (type === 'message' && isOut(kind)) sent.set(connection, (sent.get(connection) ?? 0) + 1)
      if (type !== 'connect' || connects.has(connection)) continue
      const event = redactEvent(log.event(columns.first + at), {})
      if (event.type === 'connect') connects.set(connection, event)
    }
    from = columns.first + columns.count
    await setImmediate()
  }
  if (sent.size === 0) throw nothingToSend()
  return [...sent]
    .sort(([one], [other]) => one - other)
    .map(([connection, messages]) => {
      const { url, headers, subprotocols } = connects.get(connection) ?? {}
      return { connection, messages, url, headers, subprotocols }
    })
}
