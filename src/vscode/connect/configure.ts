/** The menu behind “Configure…”, with an entry for each option of a connection. */
import * as vscode from 'vscode'
import { parseSpec } from '../../request/parse-spec.ts'
import { Failure } from '../../shared/failure.ts'
import type { ConnectionSpec } from '../../shared/spec.ts'
import { asking } from '../ui/asking.ts'
import { plainText } from '../ui/untrusted-text.ts'
import { type Field, fieldsOf } from './fields.ts'

/** What is wrong with the specification, as a sentence; empty if it is valid. */
function problemOf(make: () => ConnectionSpec): string {
  try {
    parseSpec(make())
    return ''
  } catch (error) {
    if (error instanceof Failure) return error.message
    throw error
  }
}

/** Asks for the value of a field. Returns undefined if the user cancels. */
async function ask(field: Field, spec: ConnectionSpec): Promise<ConnectionSpec | undefined> {
  const { label: title } = field
  if ('choices' in field) {
    const now = field.show(spec)
    const items = field.choices.map((label) => ({
      label,
      ...(label === now && { description: vscode.l10n.t('current') }),
    }))
    const chosen = await asking(() => vscode.window.showQuickPick(items, { title, ignoreFocusOut: true }))
    return chosen === undefined ? undefined : field.chosen(spec, chosen.label)
  }
  const text = await asking(() =>
    vscode.window.showInputBox({
      title,
      prompt: field.prompt,
      value: field.text(spec),
      ignoreFocusOut: true,
      validateInput: (typed) => plainText(problemOf(() => field.typed(spec, typed))),
    }),
  )
  return text === undefined ? undefined : field.typed(spec, text)
}

/** Lets the user edit the specification until they connect. Returns undefined if they cancel. */
export async function configure(spec: ConnectionSpec): Promise<ConnectionSpec | undefined> {
  let edited = spec
  for (;;) {
    const current = edited
    const items = [
      { label: vscode.l10n.t('$(plug) Connect'), description: current.url, field: undefined },
      ...fieldsOf(current).map((field) => ({
        label: field.label,
        description: field.show(current),
        field,
      })),
    ]
    const chosen = await asking(() =>
      vscode.window.showQuickPick(items, {
        title: vscode.l10n.t('Configure the connection'),
        ignoreFocusOut: true,
      }),
    )
    if (chosen === undefined) return undefined
    if (chosen.field === undefined) return current
    edited = (await ask(chosen.field, current)) ?? current
  }
}
