/** Finds out what a recording holds, for lists of recordings: in bounded time and memory, however long the file is. */
import { stat } from 'node:fs/promises'
import { extname } from 'node:path'
import type { RecordingSummary } from '../shared/protocol/jobs.ts'
import { openRecording } from './open-recording.ts'
import type { RecordingFile } from './recording-file.ts'
import { SessionFile } from './session-file.ts'

export interface SummaryLimits {
  /** Events and bytes of a session file after which reading stops. Each event takes 32 bytes of memory. */
  readonly events: number
  readonly bytes: number
  /** Bytes of a HAR, which is read as a whole. */
  readonly har: number
}

const MIB = 1024 * 1024
const LIMITS: SummaryLimits = { events: 2_000_000, bytes: 512 * MIB, har: 64 * MIB }

/** Returns null for a HAR that is too large. Rejects with a `Failure` if the file is not a recording. */
export async function summarizeRecording(path: string, limits = LIMITS): Promise<RecordingSummary | null> {
  if (extname(path).toLowerCase() === '.har' && (await stat(path)).size > limits.har) return null
  const file = await openRecording(path)
  try {
    const counts = file instanceof SessionFile ? await countLines(file, limits) : await countEvents(file)
    const startedAt = file.startedAt.getTime()
    return { ...(!Number.isNaN(startedAt) && { startedAt }), ...counts }
  } finally {
    file.close()
  }
}

type Counts = Omit<RecordingSummary, 'startedAt'>

async function countLines(file: SessionFile, limits: SummaryLimits): Promise<Counts> {
  const connections = new Set<number>()
  let events = 0
  let duration = 0
  let hasMore = true
  while (hasMore && events < limits.events && file.position < limits.bytes) {
    hasMore = await file.indexNext()
    const columns = file.log.columns(events, limits.events)
    for (let at = 0; at < columns.count; at++) {
      connections.add(columns.connection[at] ?? 0)
      duration = Math.max(duration, columns.time[at] ?? 0)
    }
    events += columns.count
  }
  // Marks belong to no connection.
  connections.delete(0)
  const isPartial = hasMore && file.position < file.size
  return { events, connections: connections.size, duration, ...(isPartial && { isPartial }) }
}

async function countEvents(file: RecordingFile): Promise<Counts> {
  const connections = new Set<number>()
  let events = 0
  let duration = 0
  for await (const batch of file.events()) {
    for (const event of batch) {
      if (event.type !== 'mark') connections.add(event.connection)
      duration = Math.max(duration, event.time)
    }
    events += batch.length
  }
  return { events, connections: connections.size, duration }
}
