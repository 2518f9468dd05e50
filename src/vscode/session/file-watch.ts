/** Watches whether the file of a recording has changed since it was read. */
import * as vscode from 'vscode'
import type { FileChange } from '../../shared/protocol/notifications.ts'

async function identityOf(uri: vscode.Uri): Promise<string | undefined> {
  try {
    const { mtime, size } = await vscode.workspace.fs.stat(uri)
    return `${mtime} ${size}`
  } catch {
    // The file was deleted, or cannot be reached.
    return undefined
  }
}

export class FileWatch {
  readonly #uri: vscode.Uri
  readonly #changed = new vscode.EventEmitter<FileChange>()
  readonly #watcher: vscode.FileSystemWatcher
  #read: Promise<string | undefined>
  #change: FileChange = 'none'
  /** Counts reads and checks: if several overlap, the latest decides. */
  #turn = 0

  readonly onChange = this.#changed.event

  constructor(uri: vscode.Uri) {
    this.#uri = uri
    this.#read = identityOf(uri)
    // Watches the folder, because characters of the file's name may have a meaning in a pattern.
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

  /** The file is about to be read again. */
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
