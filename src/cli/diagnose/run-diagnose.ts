/** Diagnoses a recording and prints what was found. */
import { RULES } from '../../diagnose/rules.ts'
import { openRecording } from '../../session/open-recording.ts'
import { diagnoseRecording } from '../../session/report-recording.ts'
import { countFindings, SEVERITIES, type Severity } from '../../shared/finding.ts'
import { findingsJson } from '../../shared/finding-document.ts'
import { findingCountsText } from '../../shared/finding-text.ts'
import { formatCount, plural } from '../../shared/text/quantities.ts'
import { readDialects } from '../connect/option-files.ts'
import { EXIT, untilSignal } from '../exit.ts'
import { printLines } from '../line-stream.ts'
import { chooseColors } from '../pretty/terminal-text.ts'
import { printProblems } from '../recordings.ts'
import { printNotice } from '../standard-error.ts'
import { findingSummary, formatFindings } from './format-findings.ts'
import { type RuleOptions, ruleChoices } from './rule-options.ts'

export interface DiagnoseOptions extends RuleOptions {
  readonly format: 'text' | 'json'
  readonly failOn: Severity | 'never'
  /** A file with users' own protocols. */
  readonly protocols?: string
  readonly color?: boolean
}

/** Resolves with the exit code. Throws a `UsageError`, or rejects with a `Failure` if the file cannot be read. */
export async function runDiagnose(path: string, options: DiagnoseOptions): Promise<number> {
  const choices = ruleChoices(options)
  const dialects = options.protocols === undefined ? [] : await readDialects(options.protocols)
  return await untilSignal(async (signal) => {
    const recording = await openRecording(path)
    const diagnosis = await diagnoseRecording(recording, { ...choices, dialects, signal })
    const findings = diagnosis.findings()
    const { connections, events, failed } = diagnosis
    const muted = diagnosis.muted().length
    const read = `${plural(events, 'event')} on ${plural(connections.length, 'connection')}, ${plural(RULES.length, 'rule')}`
    await printLines(
      options.format === 'json'
        ? [findingsJson(findings)]
        : [
            `${findingSummary(findings)} (${read}${muted === 0 ? '' : `, ${formatCount(muted)} muted`})`,
            ...formatFindings(
              findings,
              connections,
              chooseColors(options.color),
              process.stdout.columns ?? 100,
            ),
          ],
    )
    printProblems(recording, path)
    for (const rule of failed) printNotice(`The rule ${rule} failed, so its findings are missing.`)
    return exitCode(countFindings(findings), options.failOn)
  })
}

/** 1, with a sentence, if a finding is at or above the severity. */
function exitCode(counts: Readonly<Record<Severity, number>>, failOn: Severity | 'never'): number {
  const failing = SEVERITIES.slice(0, failOn === 'never' ? 0 : SEVERITIES.indexOf(failOn) + 1)
  const found = Object.fromEntries(
    SEVERITIES.map((severity) => [severity, failing.includes(severity) ? counts[severity] : 0]),
  ) as Record<Severity, number>
  const text = findingCountsText(found)
  if (text === '') return EXIT.done
  printNotice(`The session has ${text}.`)
  return EXIT.failed
}
