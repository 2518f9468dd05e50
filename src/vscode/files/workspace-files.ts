/** The files of the workspace whose paths match a pattern: searched for once, when somebody asks, and watched from then on. */
import * as vscode from 'vscode'

const EXCLUDED = '**/{node_modules,.git}/**'

export class WorkspaceFiles {
  readonly #pattern: string
  readonly #most: number
  readonly #changed = new vscode.EventEmitter<vscode.Uri | undefined>()
  readonly #subscriptions: readonly vscode.Disposable[]
  /** By their URIs as text. Undefined if they have to be searched for. */
  #found: Promise<Map<string, vscode.Uri>> | undefined

  /** A file was added, changed or removed. Fires undefined if the folders of the workspace have changed. */
  readonly onChange = this.#changed.event

  /** Finds `most` files at most. */
  constructor(pattern: string, most: number) {
    this.#pattern = pattern
    this.#most = most
    const watcher = vscode.workspace.createFileSystemWatcher(pattern)
    this.#subscriptions = [
      this.#changed,
      watcher,
      watcher.onDidChange((uri) => this.#changed.fire(uri)),
      watcher.onDidCreate((uri) => this.#note(uri, (found) => this.#add(found, uri))),
      watcher.onDidDelete((uri) => this.#note(uri, (found) => found.delete(uri.toString()))),
      vscode.workspace.onDidChangeWorkspaceFolders(() => {
        this.#found = undefined
        this.#changed.fire(undefined)
      }),
    ]
  }

  dispose(): void {
    for (const subscription of this.#subscriptions) subscription.dispose()
  }

  /** In no order. Rejects if the files cannot be searched. */
  async list(): Promise<readonly vscode.Uri[]> {
    this.#found ??= this.#find()
    const finding = this.#found
    try {
      return [...(await finding).values()]
    } catch (thrown) {
      // The next call searches again.
      if (this.#found === finding) this.#found = undefined
      throw thrown
    }
  }

  async #find(): Promise<Map<string, vscode.Uri>> {
    const uris = await vscode.workspace.findFiles(this.#pattern, EXCLUDED, this.#most)
    return new Map(uris.map((uri) => [uri.toString(), uri]))
  }

  #add(found: Map<string, vscode.Uri>, uri: vscode.Uri): void {
    if (found.size < this.#most && !/\/(?:node_modules|\.git)\//.test(uri.path))
      found.set(uri.toString(), uri)
  }

  /** Changes what was found, also if the search is still under way. */
  #note(uri: vscode.Uri, change: (found: Map<string, vscode.Uri>) => unknown): void {
    // Who asked for the files hears that the search failed.
    this.#found?.then(change, () => {})
    this.#changed.fire(uri)
  }
}
