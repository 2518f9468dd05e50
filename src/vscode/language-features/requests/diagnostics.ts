/** Marks mistakes in documents with requests, and in files of environments, a moment after they change. */
import * as vscode from 'vscode'
import type { Problem, RequestFile, Severity, Span } from '../../../request/file/request-file.ts'
import type { AnswerValues } from '../../requests/answer-values.ts'
import { type Environments, isEnvironmentFile } from '../../requests/environments.ts'
import type { RequestIndex } from '../../requests/request-index.ts'
import { environmentProblems, problemsOf, tooLargeProblem } from './check-document.ts'
import {
  foreignSpans,
  hasRequests,
  isTooLarge,
  rangeOf,
  readDocument,
  sharesLanguage,
} from './request-documents.ts'
import type { ScopeOptions } from './scopes.ts'

export interface DiagnosticOptions extends ScopeOptions {
  readonly index: Pick<RequestIndex, 'ofDocument'>
  readonly environments: Pick<Environments, 'of' | 'nameFor' | 'onChange'>
  readonly values: Pick<AnswerValues, 'of' | 'onChange'>
  readonly log: vscode.LogOutputChannel
}

/** What marks are from, in the list of problems. */
export const SOURCE = 'Realtime Inspector'
/** Milliseconds after a change. */
const DELAY = 300

/** Marks in a document: as many as the editor shows. */
const MAX_MARKS = 1000

const SEVERITIES: Readonly<Record<Severity, vscode.DiagnosticSeverity>> = {
  error: vscode.DiagnosticSeverity.Error,
  warning: vscode.DiagnosticSeverity.Warning,
  info: vscode.DiagnosticSeverity.Information,
}

export class RequestDiagnostics {
  readonly #options: DiagnosticOptions
  readonly #collection = vscode.languages.createDiagnosticCollection(SOURCE)
  readonly #subscriptions: readonly vscode.Disposable[]
  readonly #timers = new Map<vscode.TextDocument, NodeJS.Timeout>()

  constructor(options: DiagnosticOptions) {
    this.#options = options
    const { workspace } = vscode
    const all = () => {
      for (const document of workspace.textDocuments) this.#schedule(document)
    }
    this.#subscriptions = [
      this.#collection,
      workspace.onDidOpenTextDocument((document) => this.#schedule(document)),
      workspace.onDidChangeTextDocument(({ document }) => this.#schedule(document)),
      workspace.onDidCloseTextDocument((document) => this.#forget(document)),
      vscode.window.onDidChangeActiveTextEditor((editor) => editor && this.#schedule(editor.document)),
      // A file that a request sends may have been made or removed.
      workspace.onDidSaveTextDocument(all),
      workspace.onDidCreateFiles(all),
      workspace.onDidDeleteFiles(all),
      workspace.onDidRenameFiles(all),
      vscode.extensions.onDidChange(all),
      options.environments.onChange(all),
      options.values.onChange(all),
    ]
    all()
  }

  dispose(): void {
    for (const timer of this.#timers.values()) clearTimeout(timer)
    for (const subscription of this.#subscriptions) subscription.dispose()
  }

  #schedule(document: vscode.TextDocument): void {
    if (!hasRequests(document) && !isEnvironmentFile(document.uri)) {
      this.#collection.delete(document.uri)
      return
    }
    clearTimeout(this.#timers.get(document))
    const timer = setTimeout(() => {
      this.#timers.delete(document)
      this.#check(document).catch((error) =>
        this.#options.log.error(`${document.uri.toString()} could not be checked:`, error),
      )
    }, DELAY)
    this.#timers.set(document, timer)
  }

  #forget(document: vscode.TextDocument): void {
    clearTimeout(this.#timers.get(document))
    this.#timers.delete(document)
    this.#collection.delete(document.uri)
  }

  async #check(document: vscode.TextDocument): Promise<void> {
    const { version } = document
    const isStale = () => document.isClosed || document.version !== version
    const marks = await this.#marks(document, isStale)
    // Another check is scheduled for what it says now.
    if (!isStale()) this.#collection.set(document.uri, marks)
  }

  async #marks(document: vscode.TextDocument, isStale: () => boolean): Promise<vscode.Diagnostic[]> {
    if (isTooLarge(document)) return hasRequests(document) ? [markOf(document, tooLargeProblem(), [])] : []
    if (!hasRequests(document))
      return environmentProblems(document, document.getText()).map((each) => markOf(document, each, []))
    const file = readDocument(this.#options.index, document)
    if (file === undefined) return []
    const problems = await problemsOf(this.#options, document, file, isStale)
    const quiet = quietSpans(file)
    return problems.slice(0, MAX_MARKS).map((each) => markOf(document, each, quiet))
  }
}

/** Where marks are only hints: what another extension for the same language runs. */
function quietSpans(file: RequestFile): readonly Span[] {
  return sharesLanguage() ? foreignSpans(file) : []
}

function markOf(document: vscode.TextDocument, problem: Problem, quiet: readonly Span[]): vscode.Diagnostic {
  const { severity, code, message, start } = problem
  const isQuiet = code === 'PLAIN_HTTP' || quiet.some((span) => span.start <= start && start <= span.end)
  const mark = new vscode.Diagnostic(
    rangeOf(document, problem),
    message,
    isQuiet ? vscode.DiagnosticSeverity.Hint : SEVERITIES[severity],
  )
  mark.source = SOURCE
  mark.code = code
  return mark
}
