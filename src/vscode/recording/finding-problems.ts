/** The Problems view: a diagnostic for each finding of a recording that is open in an editor. */
import * as vscode from 'vscode'
import type { Finding, Severity } from '../../shared/finding.ts'
import type { RecordingSession } from '../session/recording-session.ts'
import type { Notifier } from '../ui/notifier.ts'

const SEVERITY: Readonly<Record<Severity, vscode.DiagnosticSeverity>> = {
  error: vscode.DiagnosticSeverity.Error,
  warning: vscode.DiagnosticSeverity.Warning,
  info: vscode.DiagnosticSeverity.Information,
}

export class FindingProblems {
  readonly #notifier: Notifier
  readonly #problems = vscode.languages.createDiagnosticCollection('realtimeInspector')

  constructor(notifier: Notifier) {
    this.#notifier = notifier
  }

  /** Lists the findings of a recording, and follows them until it is disposed. */
  follow(session: RecordingSession): vscode.Disposable {
    let version: number | undefined
    let isOver = false
    const update = async () => {
      const { findings } = await session.call('findings', null)
      if (isOver) return
      this.#problems.set(
        session.uri,
        findings.map((finding) => problemOf(finding, session.uri)),
      )
    }
    const subscription = session.onStatus((status) => {
      const now = status?.findings?.version
      if (now === version) return
      version = now
      if (now === undefined) this.#problems.delete(session.uri)
      else
        update().catch((error) => {
          if (!isOver) this.#notifier.internal(error)
        })
    })
    return new vscode.Disposable(() => {
      isOver = true
      subscription.dispose()
      this.#problems.delete(session.uri)
    })
  }

  dispose(): void {
    this.#problems.dispose()
  }
}

function problemOf(finding: Finding, uri: vscode.Uri): vscode.Diagnostic {
  const { severity, rule, message, advice, source } = finding
  const problem = new vscode.Diagnostic(
    rangeOf(finding, uri),
    advice === undefined ? message : `${message} ${advice}`,
    SEVERITY[severity],
  )
  problem.source = 'Realtime Inspector'
  problem.code = source === undefined ? rule : { value: rule, target: vscode.Uri.parse(source.url) }
  return problem
}

/** Event n of a session file is its line n + 1. A HAR has no lines of events. */
function rangeOf({ events: [first = 0] = [] }: Finding, { path }: vscode.Uri): vscode.Range {
  const line = path.toLowerCase().endsWith('.har') ? 0 : first
  return new vscode.Range(line, 0, line, Number.MAX_SAFE_INTEGER)
}
