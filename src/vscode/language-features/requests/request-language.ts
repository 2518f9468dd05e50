/** What editors show in files of requests. */
import * as vscode from 'vscode'
import { type ActionOptions, registerCodeActions } from './code-actions.ts'
import { type LensOptions, RequestLenses } from './code-lenses.ts'
import { type CompletionOptions, registerCompletion } from './completion.ts'
import { type DiagnosticOptions, RequestDiagnostics } from './diagnostics.ts'
import { type ExpectationMarkOptions, ExpectationMarks } from './expectation-marks.ts'
import { registerFormatting } from './formatting.ts'
import { type HoverOptions, registerHover } from './hover.ts'
import { registerStructure } from './structure.ts'
import { registerVariables, type VariableOptions } from './variables.ts'

export type RequestLanguageOptions = LensOptions &
  ExpectationMarkOptions &
  CompletionOptions &
  HoverOptions &
  DiagnosticOptions &
  ActionOptions &
  VariableOptions

export function registerRequestLanguage(options: RequestLanguageOptions): vscode.Disposable {
  return vscode.Disposable.from(
    new RequestLenses(options),
    new ExpectationMarks(options),
    new RequestDiagnostics(options),
    registerCompletion(options),
    registerHover(options),
    registerCodeActions(options),
    registerVariables(options),
    registerStructure(options.index),
    registerFormatting(),
  )
}
