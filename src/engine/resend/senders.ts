/** Finds the connections of a recording that sent messages or requests. */
import type { Log } from '../../capture/recording.ts'
import { redactEvent } from '../../session/redact.ts'
import { readTraffic } from '../../session/replay/recorded-traffic.ts'
import { stepsOf } from '../../session/replay/replay-steps.ts'
import type { Sender } from '../../shared/protocol/resending.ts'

/** In the order of their numbers, with secrets masked. Rejects with `NOTHING_TO_SEND` if there is none. */
export async function sendersOf(log: Log): Promise<Sender[]> {
  const traffic = await readTraffic(log)
  const sent = new Map<number, number>()
  for (const step of stepsOf(traffic)) {
    const count = step.kind === 'socket' ? step.script.messages.length : 1
    sent.set(step.connection, (sent.get(step.connection) ?? 0) + count)
  }
  return traffic
    .flatMap(({ connection, connect }) => {
      const messages = sent.get(connection)
      if (messages === undefined) return []
      const event = connect && redactEvent(connect, {})
      const { url, headers, subprotocols } = event?.type === 'connect' ? event : {}
      return [{ connection, messages, url, headers, subprotocols }]
    })
    .sort((one, other) => one.connection - other.connection)
}
