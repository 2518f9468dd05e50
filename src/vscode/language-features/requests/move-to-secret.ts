/** *Move to Secret…*: keeps a token that stands in a file in the secret storage, and writes its placeholder instead. */
import * as vscode from 'vscode'
import { literalSecrets } from '../../../request/language/literal-secrets.ts'
import { Failure } from '../../../shared/failure.ts'
import type { RequestIndex } from '../../requests/request-index.ts'
import type { RequestSecrets } from '../../requests/request-secrets.ts'
import { askText } from '../../ui/asking.ts'
import { rangeOf, readDocument } from './request-documents.ts'

export interface MoveOptions {
  readonly index: Pick<RequestIndex, 'ofDocument'>
  readonly requestSecrets: Pick<RequestSecrets, 'names' | 'keep'>
}

/** What a placeholder can name. */
const NAME = /^[\w.-]{1,256}$/

export function moveCommands({ index, requestSecrets }: MoveOptions) {
  return {
    'realtimeInspector.moveToSecret': async (uri: unknown, range: unknown) => {
      const document =
        uri instanceof vscode.Uri
          ? await vscode.workspace.openTextDocument(uri)
          : vscode.window.activeTextEditor?.document
      const selected = range instanceof vscode.Range ? range : vscode.window.activeTextEditor?.selection
      const file = document && readDocument(index, document)
      if (document === undefined || selected === undefined || file === undefined)
        throw new Failure('BAD_ARGUMENT', vscode.l10n.t('Select a token in a request file first.'))
      const { version } = document
      const found = file.requests
        .flatMap(literalSecrets)
        .find((each) => rangeOf(document, each).intersection(selected) !== undefined)
      const place = found === undefined ? selected : rangeOf(document, found)
      const value = document.getText(place)
      if (value === '' || /[\r\n]|\{\{/.test(value))
        throw new Failure('BAD_ARGUMENT', vscode.l10n.t('Select a token on one line, without variables.'))
      const name = await askName(found?.suggestion ?? 'TOKEN', requestSecrets.names())
      if (document.version !== version)
        throw new Failure('CHANGED', vscode.l10n.t('The file has changed. Try again.'))
      await requestSecrets.keep(name, value)
      const edit = new vscode.WorkspaceEdit()
      edit.replace(document.uri, new vscode.Range(place.start, place.end), `{{$secret ${name}}}`)
      if (!(await vscode.workspace.applyEdit(edit)))
        throw new Failure(
          'NOT_WRITTEN',
          vscode.l10n.t(
            '{0} is kept, but the file could not be edited. Write {1} in it.',
            name,
            `{{$secret ${name}}}`,
          ),
        )
      return name
    },
  }
}

/** Asks for the name of the secret. One that is kept already would be replaced, so it is not accepted. */
async function askName(suggestion: string, taken: readonly string[]): Promise<string> {
  return await askText({
    title: vscode.l10n.t('Move to Secret'),
    prompt: vscode.l10n.t(
      'The name of the secret. Its value is kept in the secret storage, and the file gets a placeholder.',
    ),
    value: freeName(suggestion, taken),
    validateInput: (text) => {
      if (!NAME.test(text)) return vscode.l10n.t('Use letters, digits, _, . and -.')
      return taken.includes(text)
        ? vscode.l10n.t('{0} is kept already. Choose another name.', text)
        : undefined
    },
  })
}

function freeName(suggestion: string, taken: readonly string[]): string {
  let name = suggestion
  for (let n = 2; taken.includes(name); n++) name = `${suggestion}_${n}`
  return name
}
