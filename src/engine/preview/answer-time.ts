/** The time that an answer to a ping took. */
import type { Log } from '../../capture/recording.ts'
import { unpackKind } from '../../shared/event-columns.ts'

/** How many events before a pong are searched for its ping. */
const REACH = 4096
/** How many of them are read at once. */
const STRIDE = 512

/** Milliseconds to a pong from its ping: same payload and connection, other direction (RFC 6455 section 5.5.3). */
export function answerTime(capture: Log, index: number): number | undefined {
  const pong = capture.row(index)
  const { direction } = unpackKind(pong.kind)
  const payload = capture.payload(index)
  if (payload === undefined) return undefined
  const first = Math.max(capture.firstKept, index - REACH)
  for (let to = index; to > first; to -= STRIDE) {
    const from = Math.max(first, to - STRIDE)
    const { kind, connection, size, time } = capture.columns(from, to - from)
    for (let i = to - from - 1; i >= 0; i--) {
      if (connection[i] !== pong.connection || size[i] !== payload.length) continue
      const other = unpackKind(kind[i] ?? 0)
      if (other.type !== 'ping' || other.direction === direction) continue
      const asked = capture.payload(from + i)
      if (asked !== undefined && Buffer.compare(asked, payload) === 0) return pong.time - (time[i] ?? 0)
    }
  }
  return undefined
}
