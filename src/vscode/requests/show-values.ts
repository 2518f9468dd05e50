/** The variables that messages have set (`# @set`): shows them, and clears them. */
import * as vscode from 'vscode'
import { shownValue } from '../../shared/secrets/shown-value.ts'
import { askChoice, pickOne } from '../ui/asking.ts'
import { cancelled, type Notifier } from '../ui/notifier.ts'
import type { AnswerValues } from './answer-values.ts'

/** Shows the values of a file, or of the one that the user picks. Rejects with `CANCELLED`. */
export async function showValues(
  values: AnswerValues,
  notifier: Notifier,
  uri: vscode.Uri | undefined,
): Promise<void> {
  const files = values.files()
  if (files.length === 0) {
    notifier.info(
      vscode.l10n.t(
        'No answer has set a value yet. Write {0} in a request, and later requests of the file can use {1}.',
        '# @set token = $.token',
        '{{token}}',
      ),
    )
    return
  }
  const title = vscode.l10n.t('Values from Answers')
  const own = files.find((file) => file.toString() === uri?.toString())
  const items = files.map((file) => ({ label: vscode.workspace.asRelativePath(file), file }))
  const file = own ?? (await pickOne(items, title)).file
  const clear = { label: vscode.l10n.t('$(clear-all) Clear them'), isClear: true }
  const chosen = await askChoice(
    [
      ...Object.entries(values.of(file)).map(([name, value]) => ({
        label: name,
        description: shownValue(name, value),
        isClear: false,
      })),
      clear,
    ],
    { title: vscode.l10n.t('Values from Answers in {0}', vscode.workspace.asRelativePath(file)) },
  )
  if (chosen === undefined) throw cancelled()
  if (chosen.isClear) values.clear(file)
}
