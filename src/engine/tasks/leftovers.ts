/** What earlier processes left unsaved: listed, bounded, written to a file, discarded. */
import { Capture } from '../../capture/capture.ts'
import { discardLeftover, findLeftovers, sizeOf } from '../../capture/disk/leftovers.ts'
import { GENERATOR } from '../../session/generator.ts'
import { saveSession } from '../../session/save.ts'
import type { LeftoverParams, LeftSession, TaskMethods } from '../../shared/protocol/tasks.ts'

type Left = TaskMethods['leftovers']['result']

/** Lists what was left, oldest first, and removes what nobody would miss or what is beyond the bounds. */
export function listLeftovers({ parent, own, most, mostBytes }: LeftoverParams): Left {
  const sessions: LeftSession[] = []
  const removed: string[] = []
  let bytes = 0
  for (const leftover of findLeftovers(parent, new Set(own)).reverse()) {
    const size = sizeOf(leftover)
    bytes += size.bytes
    const isBeyond = sessions.length >= most || (sessions.length > 0 && bytes > mostBytes)
    if (size.unsaved === 0 || isBeyond) {
      discardLeftover(leftover)
      if (size.unsaved > 0)
        removed.push(
          `The unsaved session of ${leftover.startedAt.toISOString()} (${size.unsaved} events, ${size.bytes} bytes) was removed: newer ones take up the room kept for unsaved sessions.`,
        )
      continue
    }
    const { directory, startedAt } = leftover
    sessions.push({ directory, startedAt: startedAt.toISOString(), events: size.unsaved, bytes: size.bytes })
  }
  return { sessions: sessions.reverse(), removed }
}

/** Writes what was left to a session file; it stays where it is. Rejects with a `Failure`. */
export async function recoverTo({
  directory,
  path,
  reveal,
  mask = [],
}: TaskMethods['recover']['params']): Promise<TaskMethods['recover']['result']> {
  const capture = Capture.recover(directory)
  try {
    return await saveSession(capture, path, { generator: GENERATOR, reveal, mask })
  } finally {
    capture.close({ keep: true })
  }
}

/** Removes what was left in a folder. */
export function discard(directory: string): null {
  discardLeftover({ directory, startedAt: new Date(0) })
  return null
}
