/** How a person hears of failures: one sentence with what can be done; the rest goes to the log. */
import * as vscode from 'vscode'
import { Failure } from '../../shared/failure.ts'
import { maskText } from '../../shared/secrets.ts'
import { plainText } from './untrusted-text.ts'

/** The user gave up half-way; nobody needs to be told. */
export function cancelled(): Failure {
  return new Failure('CANCELLED', vscode.l10n.t('Nothing was done: it was cancelled.'))
}

export function isCancelled(error: unknown): boolean {
  return error instanceof Failure && error.code === 'CANCELLED'
}

/** Something to be done about a failure. */
export interface Action {
  readonly title: string
  run(): unknown
}

export class Notifier {
  readonly #log: vscode.LogOutputChannel

  constructor(log: vscode.LogOutputChannel) {
    this.#log = log
  }

  /** Tells of `error`; an error that is no `Failure` is a bug, of which only the log has the details. */
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

  /** Tells of what failed and is in the log already. */
  async error(message: string, ...actions: readonly Action[]): Promise<void> {
    await this.#offer(vscode.window.showErrorMessage, message, actions)
  }

  async info(message: string, ...actions: readonly Action[]): Promise<void> {
    await this.#offer(vscode.window.showInformationMessage, message, actions)
  }

  async warning(message: string, ...actions: readonly Action[]): Promise<void> {
    await this.#offer(vscode.window.showWarningMessage, message, actions)
  }

  /** Notes a bug in the log. */
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
