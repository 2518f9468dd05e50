/** The recordings of the workspace and what they hold, with limits on how many and how much of them is read. */
import * as vscode from 'vscode'
import { RECORDING_EXTENSIONS } from '../../shared/recording-extensions.ts'
import type { Surroundings } from '../ui/surroundings.ts'
import { DelayedEvent } from './delayed-event.ts'
import { type Known, RecordingSummaries } from './recording-summaries.ts'
import { WorkspaceFiles } from './workspace-files.ts'

/** Files that are listed. */
const MAX_FILES = 500
/** Bytes of a file whose summary `newest` waits for. */
const MAX_WAITED = 8 * 1024 * 1024

export interface ListedRecording {
  readonly uri: vscode.Uri
  /** Path in the workspace. */
  readonly path: string
  /** Bytes. */
  readonly size: number
  /** Milliseconds since 1970. */
  readonly modified: number
  /** Undefined until it was read. */
  readonly known: Known | undefined
}

export class RecordingIndex {
  readonly #files = new WorkspaceFiles(RECORDING_EXTENSIONS, MAX_FILES)
  readonly #summaries: RecordingSummaries
  readonly #changed = new DelayedEvent()
  readonly #subscriptions: readonly vscode.Disposable[]

  /** Recordings were added, changed or removed, or more is known of them. */
  readonly onChange = this.#changed.event

  constructor(options: Pick<Surroundings, 'script' | 'storage'>) {
    this.#summaries = new RecordingSummaries(options)
    const changed = () => this.#changed.fireSoon()
    this.#subscriptions = [
      this.#changed,
      this.#summaries,
      this.#files,
      this.#summaries.onChange(changed),
      this.#files.onChange(changed),
    ]
  }

  dispose(): void {
    for (const subscription of this.#subscriptions) subscription.dispose()
  }

  /** The newest first. What they hold may come later. */
  async list(): Promise<readonly ListedRecording[]> {
    const files = await this.#located()
    return files.map((file) => ({ ...file, known: this.#summaries.of(file) }))
  }

  /** The newest recordings with what they hold, unless that would take long. */
  async newest(count: number): Promise<readonly ListedRecording[]> {
    const files = (await this.#located()).slice(0, count)
    return await Promise.all(
      files.map(async (file) => ({
        ...file,
        known: await (file.size > MAX_WAITED ? this.#summaries.of(file) : this.#summaries.read(file)),
      })),
    )
  }

  async #located(): Promise<readonly Omit<ListedRecording, 'known'>[]> {
    const files = await Promise.all((await this.#files.list()).map(located))
    return files
      .filter((file) => file !== undefined)
      .sort((a, b) => b.modified - a.modified || a.path.localeCompare(b.path))
  }
}

async function located(uri: vscode.Uri): Promise<Omit<ListedRecording, 'known'> | undefined> {
  try {
    const { size, mtime } = await vscode.workspace.fs.stat(uri)
    return { uri, path: vscode.workspace.asRelativePath(uri), size, modified: mtime }
  } catch {
    // It was deleted meanwhile.
    return undefined
  }
}
