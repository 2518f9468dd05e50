/** The files of the workspace that end in certain ways: searched for once, when somebody asks, and watched from then on. */
import * as vscode from 'vscode'
import { FolderWatch, isInside } from './folder-watch.ts'

const EXCLUDED = '**/{node_modules,.git}/**'

/** Names of files, or extensions with their dot. */
export type Endings = readonly string[]

export class WorkspaceFiles {
  readonly #endings: Endings
  readonly #pattern: string
  readonly #most: number
  readonly #changed = new vscode.EventEmitter<vscode.Uri | undefined>()
  readonly #subscriptions: readonly vscode.Disposable[]
  /** From the first search on. */
  #folders: FolderWatch | undefined
  /** By their URIs as text. Undefined if they have to be searched for. */
  #found: Promise<Map<string, vscode.Uri>> | undefined

  /** A file was added, changed or removed. Fires undefined if a whole folder may have changed. */
  readonly onChange = this.#changed.event

  /** Finds `most` files at most. */
  constructor(endings: Endings, most: number) {
    this.#endings = endings
    this.#pattern = `**/{${endings.map((ending) => (ending.startsWith('.') ? `*${ending}` : ending)).join()}}`
    this.#most = most
    const watcher = vscode.workspace.createFileSystemWatcher(this.#pattern)
    this.#subscriptions = [
      this.#changed,
      watcher,
      watcher.onDidChange((uri) => this.#changed.fire(uri)),
      watcher.onDidCreate((uri) => this.#created(uri)),
      watcher.onDidDelete((uri) => this.#deleted(uri)),
      // What the editor itself does is known at once: the watcher may be late, or miss it in a new folder.
      vscode.workspace.onDidSaveTextDocument(({ uri }) => this.#written(uri)),
      vscode.workspace.onDidCreateFiles(({ files }) => files.forEach(this.#written, this)),
      vscode.workspace.onDidDeleteFiles(({ files }) => files.forEach(this.#removed, this)),
      vscode.workspace.onDidRenameFiles(({ files }) => {
        for (const { oldUri, newUri } of files) {
          this.#removed(oldUri)
          this.#written(newUri)
        }
      }),
      vscode.workspace.onDidChangeWorkspaceFolders(() => this.#reset()),
    ]
  }

  dispose(): void {
    for (const subscription of this.#subscriptions) subscription.dispose()
    this.#folders?.dispose()
  }

  /** In no order. Rejects if the files cannot be searched. */
  async list(): Promise<readonly vscode.Uri[]> {
    this.#folders ??= this.#watchFolders()
    this.#found ??= this.#find(this.#pattern)
    const finding = this.#found
    try {
      return [...(await finding).values()]
    } catch (thrown) {
      // The next call searches again.
      if (this.#found === finding) this.#found = undefined
      throw thrown
    }
  }

  /** Forgets what was found, so that the next `list` searches. */
  searchAgain(): void {
    this.#found = undefined
  }

  async #find(pattern: vscode.GlobPattern): Promise<Map<string, vscode.Uri>> {
    const uris = await vscode.workspace.findFiles(pattern, EXCLUDED, this.#most)
    return new Map(uris.map((uri) => [uri.toString(), uri]))
  }

  #watchFolders(): FolderWatch {
    const folders = new FolderWatch(isExcluded)
    folders.onCreate((created) => {
      if (created === undefined) this.#reset()
      else for (const folder of created) void this.#folderCreated(folder)
    })
    folders.onDelete((folder) => void this.#folderDeleted(folder))
    return folders
  }

  async #folderCreated(folder: vscode.Uri): Promise<void> {
    try {
      const uris = await this.#find(new vscode.RelativePattern(folder, this.#pattern))
      const before = await this.#foundIn(folder)
      for (const uri of before) if (!uris.has(uri.toString())) this.#deleted(uri)
      for (const uri of uris.values()) this.#created(uri)
    } catch {
      // The next `list` searches again, and rejects if that fails.
      this.#reset()
    }
  }

  /** The deletion of a file is reported for itself. */
  async #folderDeleted(folder: vscode.Uri): Promise<void> {
    for (const uri of await this.#foundIn(folder)) this.#deleted(uri)
  }

  async #foundIn(folder: vscode.Uri): Promise<readonly vscode.Uri[]> {
    const found = await this.#found?.catch(() => undefined)
    return [...(found?.values() ?? [])].filter((uri) => isInside(uri, folder))
  }

  #created(uri: vscode.Uri): void {
    this.#note(uri, (found) => {
      if (found.size < this.#most && !isExcluded(uri)) found.set(uri.toString(), uri)
    })
  }

  #deleted(uri: vscode.Uri): void {
    this.#note(uri, (found) => found.delete(uri.toString()))
  }

  #written(uri: vscode.Uri): void {
    if (this.#isWanted(uri)) this.#created(uri)
  }

  /** Something was removed by the editor. It may be a folder with files that were found. */
  #removed(uri: vscode.Uri): void {
    if (this.#isWanted(uri)) this.#deleted(uri)
    else this.#reset()
  }

  #reset(): void {
    this.searchAgain()
    this.#changed.fire(undefined)
  }

  /** Whether a file in the workspace ends in one of the ways. */
  #isWanted(uri: vscode.Uri): boolean {
    const isNamed = this.#endings.some((ending) =>
      uri.path.endsWith(ending.startsWith('.') ? ending : `/${ending}`),
    )
    return isNamed && vscode.workspace.getWorkspaceFolder(uri) !== undefined
  }

  /** Changes what was found, also if the search is still under way. */
  #note(uri: vscode.Uri, change: (found: Map<string, vscode.Uri>) => unknown): void {
    // Who asked for the files hears that the search failed.
    this.#found?.then(change, () => {})
    this.#changed.fire(uri)
  }
}

/** As `EXCLUDED`, which applies to searches. */
function isExcluded({ path }: vscode.Uri): boolean {
  return /\/(?:node_modules|\.git)(?:\/|$)/.test(path)
}
