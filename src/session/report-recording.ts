/** The report of a recording, made in one pass over it. */
import type { Recording } from '../capture/recording.ts'
import { SessionFigures } from '../diagnose/figures/session.ts'
import type { SessionReport } from '../shared/report.ts'
import { GENERATOR } from './generator.ts'

/** Rejects with a `Failure` if the recording cannot be read. */
export async function reportRecording(recording: Recording): Promise<SessionReport> {
  const figures = new SessionFigures()
  for await (const batch of recording.events()) for (const event of batch) figures.add(event)
  return {
    startedAt: recording.startedAt.toISOString(),
    generator: recording.generator ?? GENERATOR,
    ...figures.report(),
  }
}
