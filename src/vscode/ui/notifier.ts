/** Shows failures to the user in one sentence, with actions. Details go to the log. */
import * as vscode from 'vscode'
import { Failure } from '../../shared/failure.ts'
import { maskedText, plainText } from './untrusted-text.ts'

/** The user cancelled, which needs no message. */
export function cancelled(): Failure {
  return new Failure('CANCELLED', vscode.l10n.t('Canceled. Nothing was done.'))
}

export function isCancelled(error: unknown): boolean {
  return error instanceof Failure && error.code === 'CANCELLED'
}

/** The result of `action`, or `otherwise` if the user cancelled it, which is not a failure. */
export async function unlessCancelled<T, O>(action: Promise<T>, otherwise: O): Promise<T | O> {
  try {
    return await action
  } catch (error) {
    if (isCancelled(error)) return otherwise
    throw error
  }
}

/** A button of a notification. If it fails, the notifier shows that. */
export interface Action {
  readonly title: string
  run(): unknown
}

export class Notifier {
  readonly #log: vscode.LogOutputChannel

  constructor(log: vscode.LogOutputChannel) {
    this.#log = log
  }

  /** Shows an error. An error that is not a `Failure` is a bug, whose details are only in the log. */
  failure(error: unknown, ...actions: readonly Action[]): void {
    if (isCancelled(error)) return
    if (error instanceof Failure) {
      this.#log.warn(`${error.code}: ${maskedText(error.message)}`)
      this.error(error.message, ...actions)
      return
    }
    this.internal(error)
    const showLog = { title: vscode.l10n.t('Show Log'), run: () => this.#log.show() }
    this.error(
      vscode.l10n.t('An internal error occurred in Realtime Inspector; see the log for details.'),
      showLog,
      ...actions,
    )
  }

  /** Shows a failure that is already in the log. */
  error(message: string, ...actions: readonly Action[]): void {
    this.#offer(vscode.window.showErrorMessage, message, actions)
  }

  info(message: string, ...actions: readonly Action[]): void {
    this.#offer(vscode.window.showInformationMessage, message, actions)
  }

  warning(message: string, ...actions: readonly Action[]): void {
    this.#offer(vscode.window.showWarningMessage, message, actions)
  }

  /** Logs a bug. */
  internal(error: unknown): void {
    this.#log.error(error instanceof Error ? error : String(error))
  }

  #offer(
    show: (message: string, ...titles: string[]) => Thenable<string | undefined>,
    message: string,
    actions: readonly Action[],
  ): void {
    const run = async (chosen: string | undefined) => {
      await actions.find(({ title }) => title === chosen)?.run()
    }
    show(plainText(maskedText(message)), ...actions.map(({ title }) => title)).then(
      (chosen) => run(chosen).catch((error) => this.failure(error)),
      (error) => this.internal(error),
    )
  }
}
