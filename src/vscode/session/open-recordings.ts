/** The recordings that are open in editors, and a way to read those that are not. */
import { extname } from 'node:path'
import * as vscode from 'vscode'
import { transferPath } from '../files/local-file.ts'
import type { EngineSessionOptions } from './engine-session.ts'
import { RecordingSession } from './recording-session.ts'

export class OpenRecordings {
  #active: RecordingSession | undefined
  readonly #activated = new vscode.EventEmitter<void>()
  readonly #changed = new vscode.EventEmitter<void>()
  /** Another recording has the focus, or none. */
  readonly onActive = this.#activated.event
  /** The status of a recording in an editor has changed. */
  readonly onStatus = this.#changed.event
  readonly #options: EngineSessionOptions
  readonly #open = new Map<string, RecordingSession>()

  constructor(options: EngineSessionOptions) {
    this.#options = options
  }

  /** The one whose editor has the focus. */
  get active(): RecordingSession | undefined {
    return this.#active
  }

  set active(recording: RecordingSession | undefined) {
    if (recording === this.#active) return
    this.#active = recording
    this.#activated.fire()
  }

  get all(): readonly RecordingSession[] {
    return [...this.#open.values()]
  }

  get(uri: vscode.Uri): RecordingSession | undefined {
    return this.#open.get(uri.toString())
  }

  /** Opens a recording for an editor, until `close`. */
  async open(uri: vscode.Uri): Promise<RecordingSession> {
    const recording = await this.#make(uri)
    this.#open.set(uri.toString(), recording)
    recording.onStatus(() => this.#changed.fire())
    return recording
  }

  /** The recording has no editor any more. */
  close(recording: RecordingSession): void {
    if (this.active === recording) this.active = undefined
    this.#open.delete(recording.uri.toString())
  }

  /** Reads a recording in the engine of its editor, or in an engine for this call. */
  async read<T>(uri: vscode.Uri, use: (recording: RecordingSession) => Promise<T>): Promise<T> {
    const open = this.get(uri)
    if (open !== undefined) return await use(open)
    const recording = await this.#make(uri)
    try {
      return await use(recording)
    } finally {
      await recording.dispose()
    }
  }

  /** Ends every engine. */
  async dispose(): Promise<void> {
    this.#activated.dispose()
    this.#changed.dispose()
    await Promise.all(this.all.map((recording) => recording.dispose()))
  }

  async #make(uri: vscode.Uri): Promise<RecordingSession> {
    if (uri.scheme === 'file') return new RecordingSession(uri, uri.fsPath, this.#options)
    const path = await transferPath(this.#options.storage, extname(uri.path))
    await vscode.workspace.fs.copy(uri, vscode.Uri.file(path))
    return new RecordingSession(uri, path, this.#options)
  }
}
