/** The techniques of a recording side by side, in one pass over it. */
import type { Recording } from '../capture/recording.ts'
import { SessionDiagnosis } from '../diagnose/session-diagnosis.ts'
import { SessionTechniques } from '../diagnose/techniques/session-techniques.ts'
import type { TechniqueAnswers, TechniqueReport } from '../shared/techniques.ts'

/** `chosen` are connections that carry the same feed. Rejects with a `Failure` if the recording cannot be read. */
export async function techniquesOfRecording(
  recording: Recording,
  answers: TechniqueAnswers,
  chosen?: readonly number[],
): Promise<TechniqueReport> {
  const techniques = new SessionTechniques({ startedAt: recording.startedAt, chosen })
  const diagnosis = new SessionDiagnosis({ startedAt: () => recording.startedAt.getTime() })
  for await (const batch of recording.events())
    for (const event of batch) {
      techniques.add(event)
      diagnosis.add(event)
    }
  return techniques.report({ answers, findings: diagnosis.findings() })
}
