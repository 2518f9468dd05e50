/** The commands of recordings that the side bar adds. Without an argument they ask for the recording. */
import * as vscode from 'vscode'
import type { RecordingIndex } from '../files/recording-index.ts'
import { exportReport } from '../saving/export-report.ts'
import type { SaveOptions } from '../saving/save-session.ts'
import { askFile } from '../session/choose-recording.ts'
import type { LiveSession } from '../session/live-session.ts'
import type { OpenRecordings } from '../session/open-recordings.ts'
import { pickOne } from '../ui/asking.ts'
import { asUri } from '../ui/command-arguments.ts'
import { recordingLook } from './recording-look.ts'
import { RecordingRow } from './recordings-view.ts'

export interface RecordingCommandOptions extends SaveOptions {
  readonly session: LiveSession
  readonly recordings: OpenRecordings
  readonly recordingIndex: RecordingIndex
}

export function recordingCommands(options: RecordingCommandOptions) {
  const { recordings, session, recordingIndex } = options
  /** Asks for one of the recordings of the workspace, or for a file. Rejects with `CANCELLED`. */
  const choose = async (title: string): Promise<vscode.Uri> => {
    const items = (await recordingIndex.list()).map((recording) => {
      const { label, description = '' } = recordingLook(recording)
      return { label, description, detail: recording.path, get: async () => recording.uri }
    })
    const dialog = { title, openLabel: vscode.l10n.t('Open') }
    const file = { label: vscode.l10n.t('$(folder-opened) A file…'), get: () => askFile(dialog) }
    return await (await pickOne([...items, file], title, { matchOnDetail: true })).get()
  }
  return {
    'realtimeInspector.openRecording': async (argument: unknown) => {
      const uri = asUri(argument) ?? (await choose(vscode.l10n.t('Open Recording')))
      await vscode.commands.executeCommand('realtimeInspector.openSession', uri)
    },
    'realtimeInspector.exportReport': async (argument: unknown) => {
      if (!(argument instanceof RecordingRow))
        return await exportReport({ ...options, session: recordings.active ?? session }, asUri(argument))
      return await recordings.read(argument.uri, (recording) =>
        exportReport({ ...options, session: recording }),
      )
    },
    'realtimeInspector.revealRecording': async (argument: unknown) => {
      const title = vscode.l10n.t('Reveal Recording in Explorer')
      const uri = asUri(argument) ?? recordings.active?.uri ?? (await choose(title))
      await vscode.commands.executeCommand('revealInExplorer', uri)
    },
  }
}
