/**
 * Folders that are created in the workspace, replaced, or deleted from it. Of such a folder, the editor's watcher reports
 * the folder itself, but not all that is in it: on Linux, files that were created before their folder was watched are
 * missing.
 */
import * as vscode from 'vscode'
import { DelayedEvent } from './delayed-event.ts'

/** If more entries than this are created or change at a time, they are not asked whether they are folders. */
const MAX_CREATED = 100
/** Milliseconds between reports of many entries, such as those of a build. Each makes a search of the workspace. */
const MANY_DELAY = 3_000

export class FolderWatch {
  readonly #isExcluded: (uri: vscode.Uri) => boolean
  readonly #created = new vscode.EventEmitter<readonly vscode.Uri[] | undefined>()
  readonly #deleted = new vscode.EventEmitter<vscode.Uri>()
  readonly #settled = new DelayedEvent()
  readonly #many = new DelayedEvent(MANY_DELAY)
  /** Entries that may be folders, by their URIs as text. Undefined if there are too many. */
  #entries: Map<string, vscode.Uri> | undefined = new Map()
  readonly #subscriptions: readonly vscode.Disposable[]

  /** Folders were created or replaced, none of them inside another one. Fires undefined if there may be many. */
  readonly onCreate = this.#created.event
  /** A folder, or a file, was deleted. */
  readonly onDelete = this.#deleted.event

  /** Nothing is reported that `isExcluded`. */
  constructor(isExcluded: (uri: vscode.Uri) => boolean) {
    this.#isExcluded = isExcluded
    const watcher = vscode.workspace.createFileSystemWatcher('**')
    this.#subscriptions = [
      this.#created,
      this.#deleted,
      this.#settled,
      this.#many,
      watcher,
      watcher.onDidCreate((uri) => this.#note(uri)),
      // A folder that is deleted and created again a moment later has changed.
      watcher.onDidChange((uri) => this.#note(uri)),
      watcher.onDidDelete((uri) => this.#deleted.fire(uri)),
      this.#settled.event(() => void this.#look()),
      this.#many.event(() => this.#created.fire(undefined)),
    ]
  }

  dispose(): void {
    for (const subscription of this.#subscriptions) subscription.dispose()
  }

  #note(uri: vscode.Uri): void {
    if (this.#isExcluded(uri)) return
    this.#entries?.set(uri.toString(), uri)
    if (this.#entries !== undefined && this.#entries.size > MAX_CREATED) this.#entries = undefined
    this.#settled.fireSoon()
  }

  async #look(): Promise<void> {
    const entries = this.#entries
    this.#entries = new Map()
    if (entries === undefined) {
      this.#many.fireSoon()
      return
    }
    const all = [...entries.values()]
    const areFolders = await Promise.all(all.map(isFolder))
    const folders = all.filter((_, index) => areFolders[index])
    const outermost = folders.filter((uri) => !folders.some((other) => isInside(uri, other)))
    if (outermost.length > 0) this.#created.fire(outermost)
  }
}

/** Whether a file or folder is in a folder. */
export function isInside(uri: vscode.Uri, folder: vscode.Uri): boolean {
  return uri.toString().startsWith(`${folder.toString()}/`)
}

async function isFolder(uri: vscode.Uri): Promise<boolean> {
  try {
    return ((await vscode.workspace.fs.stat(uri)).type & vscode.FileType.Directory) !== 0
  } catch {
    // It was deleted meanwhile.
    return false
  }
}
