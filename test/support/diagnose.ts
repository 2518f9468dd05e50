/** Diagnoses sessions of tests: handwritten events, files, and what a live engine has captured. */
import type { DiagnosisOptions } from '../../src/diagnose/diagnosis.ts'
import { SessionDiagnosis } from '../../src/diagnose/session-diagnosis.ts'
import { SessionPass } from '../../src/diagnose/session-pass.ts'
import { parseLine } from '../../src/session/parse-line.ts'
import type { RealtimeEvent } from '../../src/shared/event.ts'
import type { Finding } from '../../src/shared/finding.ts'
import type { LiveEngine } from './live-engine.ts'

/** What the rules find in a session. Fails if a rule throws. */
export async function diagnose(
  events: Iterable<RealtimeEvent>,
  options?: DiagnosisOptions,
): Promise<Finding[]> {
  const diagnosis = new SessionDiagnosis(options)
  const pass = new SessionPass([diagnosis])
  for (const event of events) await pass.add(event)
  const findings = diagnosis.findings()
  if (diagnosis.failed.length > 0) throw new Error(`Rules failed: ${diagnosis.failed.join(', ')}`)
  return findings
}

/** The events that a live engine has captured, as a file would have them. */
export async function capturedBy({ engine }: LiveEngine): Promise<RealtimeEvent[]> {
  const events: RealtimeEvent[] = []
  for (let from = 0; ; ) {
    const { lines, next } = await engine.handlers.lines({ from, max: 10_000 })
    if (lines.length === 0) return events
    events.push(...lines.flatMap((line) => parseLine(line) ?? []))
    from = next
  }
}

/** The findings of one rule. */
export function foundBy(rule: string, findings: readonly Finding[]): Finding[] {
  return findings.filter((finding) => finding.rule === rule)
}
