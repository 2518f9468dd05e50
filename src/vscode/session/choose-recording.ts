/** Asks which recording a command is about. */
import * as vscode from 'vscode'
import { asking } from '../ui/asking.ts'
import { cancelled } from '../ui/notifier.ts'
import type { OpenRecordings } from './open-recordings.ts'

export interface RecordingItem extends vscode.QuickPickItem {
  /** Rejects with `CANCELLED`. */
  readonly get: () => Promise<vscode.Uri>
}

/** Texts of a dialog that asks for a file. */
export interface FileDialog {
  readonly title: string
  readonly openLabel: string
}

/** The open recordings, and an item that asks for a file. */
export function recordingItems({ all }: OpenRecordings, dialog: FileDialog): RecordingItem[] {
  return [
    ...all.map(({ name, uri }) => ({
      label: `$(file) ${name}`,
      description: vscode.workspace.asRelativePath(uri),
      get: async () => uri,
    })),
    { label: vscode.l10n.t('$(folder-opened) A file…'), get: () => askFile(dialog) },
  ]
}

/** Returns the only item, or asks for one. Rejects with `CANCELLED`. */
export async function pickOne<T extends vscode.QuickPickItem>(
  items: readonly T[],
  title: string,
): Promise<T> {
  const [only] = items
  const chosen = items.length === 1 ? only : await asking(() => vscode.window.showQuickPick(items, { title }))
  if (chosen === undefined) throw cancelled()
  return chosen
}

/** Asks for the file of a recording. Rejects with `CANCELLED`. */
export async function askFile(dialog: FileDialog): Promise<vscode.Uri> {
  const [uri] =
    (await vscode.window.showOpenDialog({
      ...dialog,
      filters: { [vscode.l10n.t('Recorded session')]: ['rtsession', 'har'] },
    })) ?? []
  if (uri === undefined) throw cancelled()
  return uri
}
