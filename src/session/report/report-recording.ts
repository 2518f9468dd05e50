/** A recording in short, in one pass over it: a few tens of bytes are kept of each message. */

import type { Recording } from '../../capture/recording.ts'
import type { SessionReport } from '../../shared/report.ts'
import { GENERATOR } from '../generator.ts'
import { ConnectionTally } from './connection-report.ts'

/** Rejects with a `Failure` where the recording cannot be read. */
export async function reportRecording(recording: Recording): Promise<SessionReport> {
  const tallies = new Map<number, ConnectionTally>()
  let [events, marks, duration] = [0, 0, 0]
  for await (const batch of recording.events()) {
    for (const event of batch) {
      events++
      duration = Math.max(duration, event.time)
      if (event.type === 'mark') {
        marks++
        continue
      }
      const tally = tallies.get(event.connection) ?? new ConnectionTally(event.connection, event.time)
      tallies.set(event.connection, tally)
      tally.add(event)
    }
  }
  const all = [...tallies.values()]
  const bucket = all.reduce((widest, tally) => Math.max(widest, tally.bucket), 1)
  return {
    startedAt: recording.startedAt.toISOString(),
    generator: recording.generator ?? GENERATOR,
    duration,
    events,
    marks,
    connections: all.map((tally) => tally.report(bucket)),
  }
}
