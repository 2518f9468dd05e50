/** Asks what of a connection is kept in its request: messages, the host as a variable, the values of secrets. */
import * as vscode from 'vscode'
import type { OriginVariable } from '../../../request/saving/origin-variable.ts'
import type { SentMessage } from '../../../shared/protocol/requests.ts'
import { askChoice, asking } from '../../ui/asking.ts'
import { messageCount } from '../../ui/counts.ts'
import { cancelled } from '../../ui/notifier.ts'
import type { RequestSecrets } from '../request-secrets.ts'

const TITLE = vscode.l10n.t('Save as Request')
/** Characters of a message in its item. */
const MAX_SHOWN = 100

/** Asks which of the messages to keep. Rejects with `CANCELLED`. */
export async function askMessages(
  sent: readonly SentMessage[],
  omitted: number,
): Promise<readonly SentMessage[]> {
  if (sent.length === 0) return []
  const items = sent.map((message) => ({
    label: `${message.isAfterAnswer ? '$(clock) ' : ''}${message.name}`,
    description: message.count > 1 ? vscode.l10n.t('sent {0} times', message.count) : '',
    detail: (message.text ?? message.base64 ?? '').slice(0, MAX_SHOWN).replaceAll(/\s+/g, ' '),
    picked: true,
    message,
  }))
  const left = omitted === 0 ? '' : vscode.l10n.t(' {0} cannot be kept.', messageCount(omitted))
  const chosen = await asking(() =>
    vscode.window.showQuickPick(items, {
      title: TITLE,
      placeHolder:
        vscode.l10n.t('The messages to keep. $(clock) waits for a message of the server first.') + left,
      canPickMany: true,
      ignoreFocusOut: true,
    }),
  )
  if (chosen === undefined) throw cancelled()
  return chosen.map(({ message }) => message)
}

/** Asks whether to write a variable in place of the host. Returns the URL. Rejects with `CANCELLED`. */
export async function askHost(url: string, variable: OriginVariable | undefined): Promise<string> {
  if (variable === undefined) return url
  const { name, text } = variable
  const written = `{{${name}}}`
  const chosen = await askChoice(
    [
      {
        label: written,
        description: vscode.l10n.t('so that it runs in other environments, too'),
        url: variable.url,
      },
      { label: text, description: vscode.l10n.t('as it is'), url },
    ],
    { title: vscode.l10n.t('Write {0} for {1}?', written, text), ignoreFocusOut: true },
  )
  if (chosen === undefined) throw cancelled()
  return chosen.url
}

/** Asks whether to keep the values in the secret storage, and does so. Rejects with `CANCELLED`. */
export async function askToKeep(
  values: ReadonlyMap<string, string | undefined>,
  secrets: RequestSecrets,
): Promise<void> {
  const fresh: [name: string, value: string][] = []
  for (const [name, value] of values)
    if (value !== undefined && (await secrets.get(name)) !== value) fresh.push([name, value])
  if (fresh.length === 0) return
  const names = fresh.map(([name]) => name).join(', ')
  const chosen = await askChoice(
    [
      {
        label: vscode.l10n.t('$(lock) Keep in the secret storage'),
        description: vscode.l10n.t('the request runs without asking'),
        isKept: true,
      },
      { label: vscode.l10n.t('$(question) Ask when the request runs'), description: '', isKept: false },
    ],
    {
      title: vscode.l10n.t('Secrets of the request: {0}', names),
      placeHolder: vscode.l10n.t('The file contains only their names.'),
      ignoreFocusOut: true,
    },
  )
  if (chosen === undefined) throw cancelled()
  if (chosen.isKept) for (const [name, value] of fresh) await secrets.keep(name, value)
}
