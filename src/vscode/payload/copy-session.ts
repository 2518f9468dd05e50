/** The command that copies a session as shell commands. */
import * as v from 'valibot'
import * as vscode from 'vscode'
import { chooseRecording } from '../session/choose-recording.ts'
import type { EngineSession } from '../session/engine-session.ts'
import type { LiveSession } from '../session/live-session.ts'
import type { OpenRecordings } from '../session/open-recordings.ts'
import { askChoice } from '../ui/asking.ts'
import { asUri, readOptions } from '../ui/command-arguments.ts'
import { connectionCount } from '../ui/counts.ts'
import type { Notifier } from '../ui/notifier.ts'

export interface CopySessionOptions {
  readonly session: LiveSession
  readonly recordings: OpenRecordings
  readonly notifier: Notifier
}

/** Maximum number of omissions that are listed. */
const MAX_LISTED = 3

const how = v.strictObject({ reveal: v.boolean() })

/** Whether to include secrets; undefined to ask. */
function asReveal(argument: unknown): boolean | undefined {
  const wrong = vscode.l10n.t(
    'The options of copySessionAs are {reveal}, which is true or false; see its documentation.',
  )
  return readOptions(argument, how, wrong)?.reveal
}

/**
 * Copies the given file, or the session in the active editor, or the live session, or a file that the user picks.
 * Resolves to false if the user cancels.
 */
export function copySessionCommands({ session, recordings, notifier }: CopySessionOptions) {
  const copy = async (from: EngineSession, given: boolean | undefined): Promise<boolean> => {
    const masked = await from.call('sessionCommands', { reveal: given ?? false }, 0)
    const reveal = given ?? (await askToCopySecrets(masked.masked))
    if (reveal === undefined) return false
    const { text, connections, omitted } =
      reveal && given === undefined ? await from.call('sessionCommands', { reveal }, 0) : masked
    await vscode.env.clipboard.writeText(text)
    const copied = connectionCount(connections)
    if (omitted.length === 0)
      vscode.window.setStatusBarMessage(vscode.l10n.t('Copied {0} as commands', copied), 3000)
    else notifier.warning(vscode.l10n.t('Copied {0} as commands. Left out: {1}.', copied, inShort(omitted)))
    return true
  }
  return {
    'realtimeInspector.copySessionAs': async (file: unknown, given: unknown) => {
      const uri = asUri(file)
      const reveal = asReveal(given)
      if (uri !== undefined) return await recordings.read(uri, (recording) => copy(recording, reveal))
      if (recordings.active !== undefined) return await copy(recordings.active, reveal)
      if ((session.status?.events ?? 0) > 0) return await copy(session, reveal)
      const dialog = { title: vscode.l10n.t('Copy Session as Commands'), openLabel: vscode.l10n.t('Copy') }
      const asked = await chooseRecording(recordings, dialog)
      return await recordings.read(asked, (recording) => copy(recording, reveal))
    },
  }
}

function inShort(omitted: readonly string[]): string {
  const more = omitted.length - MAX_LISTED
  const first = omitted.slice(0, MAX_LISTED).join('; ')
  return more > 0 ? vscode.l10n.t('{0}, and {1} more, named in the comments', first, more) : first
}

/**
 * Asks whether commands to be copied keep their secrets. Undefined if the user cancels; false, without asking, if
 * there are none.
 */
export async function askToCopySecrets(masked: readonly string[]): Promise<boolean | undefined> {
  if (masked.length === 0) return false
  const chosen = await askChoice(
    [
      { label: vscode.l10n.t('Copy with *** in place of the secrets'), reveal: false },
      {
        label: vscode.l10n.t('Copy with the secrets'),
        detail: vscode.l10n.t('Anyone who sees the command can use them'),
        reveal: true,
      },
    ],
    { title: vscode.l10n.t('The command contains secrets: {0}', masked.join(', ')), ignoreFocusOut: true },
  )
  return chosen?.reveal
}
