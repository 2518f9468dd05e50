/** A recording: a session that an engine of its own reads from a file. */
import { randomUUID } from 'node:crypto'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import * as vscode from 'vscode'
import type { EngineClientOptions } from '../../engine/client.ts'
import { nameOf } from '../files/file-names.ts'
import { engineSettings } from '../settings/current-settings.ts'
import { EngineSession, type EngineSessionOptions } from './engine-session.ts'
import { FileWatch } from './file-watch.ts'

export class RecordingSession extends EngineSession {
  override readonly uri: vscode.Uri
  readonly file: FileWatch
  readonly #options: EngineSessionOptions
  readonly #path: string

  /** `path` is the local path of the file, or of a copy, which `dispose` removes. */
  constructor(uri: vscode.Uri, path: string, options: EngineSessionOptions) {
    super(options.log)
    this.uri = uri
    this.#path = path
    this.#options = options
    this.file = new FileWatch(uri)
    this.subscriptions.push(this.file)
  }

  get name(): string {
    return nameOf(this.uri)
  }

  /** Reads the file again. */
  async reload(): Promise<void> {
    this.file.restart()
    if (this.uri.scheme !== 'file')
      await vscode.workspace.fs.copy(this.uri, vscode.Uri.file(this.#path), { overwrite: true })
    await this.restart()
  }

  override async dispose(): Promise<void> {
    await super.dispose()
    if (this.uri.scheme !== 'file') await rm(this.#path, { force: true })
  }

  protected override lost(): string {
    return vscode.l10n.t('Close the editor of {0} and open it again.', this.name)
  }

  protected override engineOptions(): EngineClientOptions {
    const { script, storage } = this.#options
    return {
      script,
      // Not among the live sessions, because those are offered again after a crash.
      directory: join(storage, 'recordings', randomUUID()),
      file: this.#path,
      network: {},
      settings: engineSettings(),
    }
  }
}
