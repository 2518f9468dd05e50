/** Shows failures to the user in one sentence, with actions. Details go to the log. */
import * as vscode from 'vscode'
import { Failure } from '../../shared/failure.ts'
import { maskText } from '../../shared/secrets.ts'
import { plainText } from './untrusted-text.ts'

/** The user cancelled, which needs no message. */
export function cancelled(): Failure {
  return new Failure('CANCELLED', vscode.l10n.t('Nothing was done: it was cancelled.'))
}

export function isCancelled(error: unknown): boolean {
  return error instanceof Failure && error.code === 'CANCELLED'
}

/** A button of a notification. */
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
  async failure(error: unknown, ...actions: readonly Action[]): Promise<void> {
    if (isCancelled(error)) return
    if (error instanceof Failure) {
      this.#log.warn(`${error.code}: ${maskText(error.message)}`)
      await this.error(error.message, ...actions)
      return
    }
    this.internal(error)
    const showLog = { title: vscode.l10n.t('Show Log'), run: () => this.#log.show() }
    await this.error(
      vscode.l10n.t('An internal error occurred in Realtime Inspector; see the log for details.'),
      showLog,
      ...actions,
    )
  }

  /** Shows a failure that is already in the log. */
  async error(message: string, ...actions: readonly Action[]): Promise<void> {
    await this.#offer(vscode.window.showErrorMessage, message, actions)
  }

  async info(message: string, ...actions: readonly Action[]): Promise<void> {
    await this.#offer(vscode.window.showInformationMessage, message, actions)
  }

  async warning(message: string, ...actions: readonly Action[]): Promise<void> {
    await this.#offer(vscode.window.showWarningMessage, message, actions)
  }

  /** Logs a bug. */
  internal(error: unknown): void {
    this.#log.error(error instanceof Error ? error : String(error))
  }

  async #offer(
    show: (message: string, ...titles: string[]) => Thenable<string | undefined>,
    message: string,
    actions: readonly Action[],
  ): Promise<void> {
    const chosen = await show(plainText(maskText(message)), ...actions.map(({ title }) => title))
    await actions.find(({ title }) => title === chosen)?.run()
  }
}
