/** The view of the workspace's recordings. One that is dropped on another is compared with it. */
import { posix } from 'node:path'
import * as vscode from 'vscode'
import { SIDE_BAR } from '../contributions.ts'
import { extensionOf, nameOf } from '../files/file-names.ts'
import type { ListedRecording, RecordingIndex } from '../files/recording-index.ts'
import type { Notifier } from '../ui/notifier.ts'
import { recordingLook, recordingTooltip } from './recording-look.ts'
import { RowTree } from './row-tree.ts'
import { type ListedRow, TreeRow } from './tree-row.ts'

export class RecordingRow extends TreeRow {
  readonly uri: vscode.Uri

  constructor(uri: vscode.Uri) {
    super(SIDE_BAR.recordings, uri.toString())
    this.uri = uri
  }
}

/** Compares the second recording with the first. Rejects with a `Failure`. */
export type Compare = (first: vscode.Uri, second: vscode.Uri) => Promise<unknown>

export interface RecordingsViewOptions {
  readonly recordingIndex: RecordingIndex
  readonly compare: Compare
  readonly notifier: Notifier
}

export function showRecordingsView(options: RecordingsViewOptions): vscode.Disposable {
  const { recordingIndex, notifier } = options
  const tree = new RowTree({
    id: SIDE_BAR.recordings,
    list: async () => rowsOf(await recordingIndex.list()),
    notifier,
    canSelectMany: true,
    dragAndDrop: new DropToCompare(options),
  })
  return vscode.Disposable.from(tree, recordingIndex.onChange(tree.update))
}

function rowsOf(recordings: readonly ListedRecording[]): ListedRow<RecordingRow>[] {
  const taken = new Map<string, number>()
  for (const { uri } of recordings) taken.set(nameOf(uri), (taken.get(nameOf(uri)) ?? 0) + 1)
  return recordings.map((recording) => {
    const isAmbiguous = (taken.get(nameOf(recording.uri)) ?? 0) > 1
    return {
      row: new RecordingRow(recording.uri),
      look: recordingLook(recording, isAmbiguous ? posix.dirname(recording.path) : undefined),
      tooltip: recordingTooltip(recording),
    }
  })
}

const URIS = 'text/uri-list'

/** Files of the explorer can be dropped too, and rows can be dropped in the editor, which opens them. */
class DropToCompare implements vscode.TreeDragAndDropController<RecordingRow> {
  readonly dropMimeTypes = [URIS]
  readonly dragMimeTypes = [URIS]
  readonly #options: RecordingsViewOptions

  constructor(options: RecordingsViewOptions) {
    this.#options = options
  }

  handleDrag(rows: readonly RecordingRow[], data: vscode.DataTransfer): void {
    data.set(URIS, new vscode.DataTransferItem(rows.map(({ uri }) => uri.toString()).join('\r\n')))
  }

  async handleDrop(target: RecordingRow | undefined, data: vscode.DataTransfer): Promise<void> {
    const dropped = (await data.get(URIS)?.asString()) ?? ''
    const uris = dropped
      .split(/\r?\n/)
      .filter((line) => line !== '' && !line.startsWith('#'))
      .map((line) => vscode.Uri.parse(line))
      .filter((uri) => ['rtsession', 'har'].includes(extensionOf(uri)))
    // Two that are dropped beside the rows are compared with each other.
    const [first, second] = [...(target === undefined ? [] : [target.uri]), ...uris].filter(
      (uri, at, all) => all.findIndex((other) => other.toString() === uri.toString()) === at,
    )
    if (first === undefined || second === undefined) return
    await this.#options.compare(first, second).catch((error) => this.#options.notifier.failure(error))
  }
}
