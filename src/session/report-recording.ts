/** The report of a recording, made in one pass over it. */
import type { Recording } from '../capture/recording.ts'
import type { DecodingChoices } from '../diagnose/figures/decoded.ts'
import { SessionFigures } from '../diagnose/figures/session.ts'
import type { SessionReport } from '../shared/report.ts'
import { GENERATOR } from './generator.ts'

/** Rejects with a `Failure` if the recording cannot be read. */
export async function reportRecording(
  recording: Recording,
  choices?: DecodingChoices,
): Promise<SessionReport> {
  const figures = new SessionFigures(choices)
  for await (const batch of recording.events())
    for (const event of batch) {
      const loading = figures.add(event)
      if (loading !== undefined) await loading
    }
  return {
    startedAt: recording.startedAt.toISOString(),
    generator: recording.generator ?? GENERATOR,
    ...figures.report(),
  }
}
