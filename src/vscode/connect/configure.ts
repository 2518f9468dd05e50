/** The menu behind “Configure…”, with an entry for each option of a connection. */
import * as vscode from 'vscode'
import { parseSpec } from '../../request/parse-spec.ts'
import { problemOf } from '../../shared/failure.ts'
import type { ConnectionSpec } from '../../shared/spec.ts'
import { askChoice, askText, pickOne } from '../ui/asking.ts'
import { unlessCancelled } from '../ui/notifier.ts'
import { plainText } from '../ui/untrusted-text.ts'
import { type Field, fieldsOf } from './fields.ts'

/** Asks for the value of a field. Rejects with `CANCELLED`. */
async function ask(field: Field, spec: ConnectionSpec): Promise<ConnectionSpec> {
  const { label: title } = field
  if ('choices' in field) {
    const now = field.show(spec)
    const items = field.choices.map((label) => ({
      label,
      ...(label === now && { description: vscode.l10n.t('current') }),
    }))
    const chosen = await pickOne(items, title, { ignoreFocusOut: true })
    return field.chosen(spec, chosen.label)
  }
  const { prompt } = field
  const text = await askText({
    title,
    prompt: typeof prompt === 'string' ? prompt : prompt(spec),
    value: field.text(spec),
    validateInput: (typed) => plainText(problemOf(() => parseSpec(field.typed(spec, typed))) ?? ''),
  })
  return field.typed(spec, text)
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
    const title = vscode.l10n.t('Configure the connection')
    const chosen = await askChoice(items, { title, ignoreFocusOut: true })
    if (chosen === undefined) return undefined
    if (chosen.field === undefined) return current
    edited = await unlessCancelled(ask(chosen.field, current), current)
  }
}
