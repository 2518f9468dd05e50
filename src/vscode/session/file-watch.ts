/** Whether the file of a recording is still the one that was read. */
import * as vscode from 'vscode'
import type { FileChange } from '../../shared/protocol/notifications.ts'

async function identityOf(uri: vscode.Uri): Promise<string | undefined> {
  try {
    const { mtime, size } = await vscode.workspace.fs.stat(uri)
    return `${mtime} ${size}`
  } catch {
    // Gone, or out of reach, which is the same to its reader.
    return undefined
  }
}

export class FileWatch {
  readonly #uri: vscode.Uri
  readonly #changed = new vscode.EventEmitter<FileChange>()
  readonly #watcher: vscode.FileSystemWatcher
  #read: Promise<string | undefined>
  #change: FileChange = 'none'
  /** Counts readings and looks: of several that overlap, the latest decides. */
  #turn = 0

  readonly onChange = this.#changed.event

  constructor(uri: vscode.Uri) {
    this.#uri = uri
    this.#read = identityOf(uri)
    // Its folder, because a file's name may mean something else as a pattern.
    this.#watcher = vscode.workspace.createFileSystemWatcher(
      new vscode.RelativePattern(vscode.Uri.joinPath(uri, '..'), '*'),
    )
    const look = (changed: vscode.Uri) => {
      if (changed.toString() === uri.toString()) void this.#look()
    }
    this.#watcher.onDidChange(look)
    this.#watcher.onDidCreate(look)
    this.#watcher.onDidDelete(look)
  }

  get change(): FileChange {
    return this.#change
  }

  /** It is about to be read anew. */
  restart(): void {
    this.#turn++
    this.#read = identityOf(this.#uri)
    this.#set('none')
  }

  dispose(): void {
    this.#watcher.dispose()
    this.#changed.dispose()
  }

  async #look(): Promise<void> {
    const turn = ++this.#turn
    const [then, now] = await Promise.all([this.#read, identityOf(this.#uri)])
    if (turn === this.#turn) this.#set(now === undefined ? 'gone' : now === then ? 'none' : 'changed')
  }

  #set(change: FileChange): void {
    if (change === this.#change) return
    this.#change = change
    this.#changed.fire(change)
  }
}
