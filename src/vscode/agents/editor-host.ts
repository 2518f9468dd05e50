/** What the tools for agents need, in the editor. */
import { rm } from 'node:fs/promises'
import * as vscode from 'vscode'
import { recordingPath } from '../../agents/recording-path.ts'
import type { AgentHost, AgentSession, ComparedSession } from '../../agents/tool.ts'
import { runJob } from '../../engine/jobs/client.ts'
import type { Compared, ComparedConnections, CompareWish } from '../../shared/comparison.ts'
import type { FoundRecording } from '../../shared/protocol/connecting.ts'
import type { ConnectionSpec } from '../../shared/spec.ts'
import { transferPath } from '../files/local-file.ts'
import type { RecordingIndex } from '../files/recording-index.ts'
import { diagnosed } from '../session/diagnosed.ts'
import type { EngineSession } from '../session/engine-session.ts'
import type { LiveSession } from '../session/live-session.ts'
import type { OpenRecordings } from '../session/open-recordings.ts'
import { maskFields } from '../settings/current-settings.ts'
import { userDialects } from '../settings/user-dialects.ts'

export interface EditorHostOptions {
  readonly session: LiveSession
  readonly recordings: OpenRecordings
  readonly recordingIndex: RecordingIndex
  /** Path of the bundle for jobs. */
  readonly script: string
  readonly storage: string
  readonly showPanel: (preserveFocus?: boolean) => void
}

export class EditorHost implements AgentHost {
  readonly live: AgentSession
  readonly #options: EditorHostOptions
  /** Connections that agents opened in the engine that runs. */
  readonly #opened = new Set<number>()
  readonly #subscription: vscode.Disposable

  constructor(options: EditorHostOptions) {
    this.#options = options
    this.live = sessionOf(options.session)
    this.#subscription = options.session.onStart(() => this.#opened.clear())
  }

  dispose(): void {
    this.#subscription.dispose()
  }

  get mask(): readonly string[] {
    return maskFields()
  }

  async connect(spec: ConnectionSpec): Promise<number> {
    const { session, showPanel } = this.#options
    const id = await session.connect(spec, { remember: false })
    this.#opened.add(id)
    session.labels.suggest(id, vscode.l10n.t('agent: {0}', session.labels.nameOf(id)))
    showPanel(true)
    return id
  }

  isAgents(connection: number): boolean {
    return this.#opened.has(connection)
  }

  async read<T>(recording: string, use: (session: AgentSession) => Promise<T>): Promise<T> {
    const uri = vscode.Uri.file(await pathOf(recording))
    return await this.#options.recordings.read(uri, (session) => use(sessionOf(session)))
  }

  async recordings(): Promise<readonly FoundRecording[]> {
    if (!vscode.workspace.isTrusted) return []
    const found = await this.#options.recordingIndex.list()
    return found.map(({ path, size, modified }) => ({ path, size, modified }))
  }

  async compare(
    { a, b }: { readonly a: ComparedSession; readonly b: ComparedSession },
    wish: CompareWish,
    connections: ComparedConnections | undefined,
    signal: AbortSignal,
  ): Promise<Compared> {
    const { script } = this.#options
    const copies: string[] = []
    try {
      const [first, second] = [await this.#fileOf(a, copies), await this.#fileOf(b, copies)]
      const only = connections === undefined ? {} : { connections }
      const params = { a: first, b: second, wish, dialects: userDialects(), ...only }
      return await runJob(script, 'compare', params, signal)
    } finally {
      await Promise.all(copies.map((copy) => rm(copy, { force: true })))
    }
  }

  /** The path of a recording, or of a copy of the live session, which is added to `copies`. */
  async #fileOf(compared: ComparedSession, copies: string[]): Promise<string> {
    if (compared !== 'live') return await pathOf(compared.recording)
    const { session, storage } = this.#options
    const path = await transferPath(storage, '.rtsession')
    copies.push(path)
    await session.call('save', { path, reveal: [], mask: this.mask, aside: true }, 0)
    return path
  }
}

/** A session as tools read it. */
export function sessionOf(session: EngineSession): AgentSession {
  return {
    call: (method, params, timeout) => session.call(method, params, timeout),
    findings: () => diagnosed(session),
  }
}

/** The path of a recording in the workspace. Rejects with OUTSIDE. */
async function pathOf(recording: string): Promise<string> {
  const folders = vscode.workspace.isTrusted ? (vscode.workspace.workspaceFolders ?? []) : []
  return await recordingPath(
    recording,
    folders.filter(({ uri }) => uri.scheme === 'file').map(({ uri }) => uri.fsPath),
  )
}
