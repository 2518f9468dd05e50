/** What the tools for agents need, without an editor. */
import { randomUUID } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, relative, resolve } from 'node:path'
import { recordingPath } from '../../agents/recording-path.ts'
import type { AgentHost, AgentSession, ComparedSession } from '../../agents/tool.ts'
import { compareFiles } from '../../engine/jobs/comparison.ts'
import type { Compared, ComparedConnections, CompareWish } from '../../shared/comparison.ts'
import type { FoundRecording } from '../../shared/protocol/connecting.ts'
import type { ConnectionSpec } from '../../shared/spec.ts'
import { findRecordings } from './find-recordings.ts'
import { LocalSession, type Log } from './local-session.ts'

export interface TerminalHostOptions {
  /** The folder with recordings; undefined for none. */
  readonly folder: string | undefined
  readonly mask: readonly string[]
  readonly log: Log
}

export class TerminalHost implements AgentHost {
  readonly live: LocalSession
  readonly mask: readonly string[]
  readonly #options: TerminalHostOptions
  readonly #directory: string

  private constructor(options: TerminalHostOptions, directory: string) {
    this.#options = options
    this.mask = options.mask
    this.#directory = directory
    this.live = LocalSession.start(join(directory, 'live'), options.log)
  }

  static async start(options: TerminalHostOptions): Promise<TerminalHost> {
    return new TerminalHost(options, await mkdtemp(join(tmpdir(), 'realtime-inspector-')))
  }

  async connect(spec: ConnectionSpec): Promise<number> {
    return (await this.live.call('connect', { spec })).id
  }

  /** Nobody else opens connections here. */
  isAgents(): boolean {
    return true
  }

  async read<T>(recording: string, use: (session: AgentSession) => Promise<T>): Promise<T> {
    const path = await this.#pathOf(recording)
    const directory = join(this.#directory, 'recordings', randomUUID())
    const session = await LocalSession.open(path, directory, this.#options.log)
    try {
      return await use(session)
    } finally {
      await session.close()
    }
  }

  async recordings(): Promise<readonly FoundRecording[]> {
    const { folder } = this.#options
    if (folder === undefined) return []
    return (await findRecordings(folder)).map((found) => ({ ...found, path: relative(folder, found.path) }))
  }

  async compare(
    sessions: { readonly a: ComparedSession; readonly b: ComparedSession },
    how: CompareWish,
    connections: ComparedConnections | undefined,
  ): Promise<Compared> {
    const copy = join(this.#directory, `${randomUUID()}.rtsession`)
    const pathOf = async (session: ComparedSession) => {
      if (session !== 'live') return await this.#pathOf(session.recording)
      await this.live.call('save', { path: copy, reveal: [], mask: this.mask, aside: true })
      return copy
    }
    try {
      const [a, b] = [await pathOf(sessions.a), await pathOf(sessions.b)]
      return await compareFiles({ a, b, ...(connections !== undefined && { connections }) }, how)
    } finally {
      await rm(copy, { force: true })
    }
  }

  /** Writes the session to a file, ends all connections, and removes what is temporary. */
  async end(save: string | undefined): Promise<void> {
    try {
      if (save !== undefined)
        await this.live.call('save', { path: resolve(save), reveal: [], mask: this.mask })
    } finally {
      await this.live.close()
      await rm(this.#directory, { recursive: true, force: true })
    }
  }

  async #pathOf(recording: string): Promise<string> {
    const { folder } = this.#options
    return await recordingPath(recording, folder === undefined ? [] : [folder])
  }
}
