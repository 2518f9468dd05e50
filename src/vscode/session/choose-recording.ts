/** Asks which recording a command is about. */
import * as vscode from 'vscode'
import { pickOne } from '../ui/asking.ts'
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

/** Asks for one of the open recordings, or for a file. Rejects with `CANCELLED`. */
export async function chooseRecording(recordings: OpenRecordings, dialog: FileDialog): Promise<vscode.Uri> {
  return await (await pickOne(recordingItems(recordings, dialog), dialog.title)).get()
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
