/**
 * Sessions that an earlier window left unsaved because it crashed or was reloaded, or that another process still
 * captures.
 */
import { existsSync } from 'node:fs'
import { mkdir, readdir, rm } from 'node:fs/promises'
import { basename, join } from 'node:path'
import * as vscode from 'vscode'
import { runJob } from '../../engine/jobs/client.ts'
import type { UnsavedCapture } from '../../shared/protocol/jobs.ts'
import type { UnsavedSession } from '../../shared/protocol/unsaved.ts'
import { writeThrough } from '../files/local-file.ts'
import { filledSpools } from '../files/spools.ts'
import { maskFields } from '../settings/current-settings.ts'
import type { Surroundings } from '../ui/surroundings.ts'
import type { LiveSession } from './live-session.ts'

export interface UnsavedSessionsOptions extends Pick<Surroundings, 'script' | 'storage' | 'log'> {
  readonly session: LiveSession
}

export interface ListedCapture extends UnsavedCapture {
  /** Names it to the page. */
  readonly id: number
  /** Another process still captures it. */
  readonly isRunning: boolean
}

/** Maximum number of unsaved sessions that are kept, and of their bytes together. */
const MAX_KEPT = 5
const MAX_BYTES = 8 * 1024 ** 3

export class UnsavedSessions {
  readonly #options: UnsavedSessionsOptions
  readonly #changed = new vscode.EventEmitter<void>()
  #sessions: readonly ListedCapture[] = []
  #lastId = 0

  readonly onChange = this.#changed.event

  constructor(options: UnsavedSessionsOptions) {
    this.#options = options
  }

  /** As of the last `list`: those that have ended, oldest first, then those that another process captures. */
  get all(): readonly ListedCapture[] {
    return this.#sessions
  }

  /** The same, for the page. */
  get offered(): readonly UnsavedSession[] {
    return this.#sessions.map(({ id, startedAt, events, isRunning }) => ({
      ...{ id, startedAt, events },
      ...(isRunning && { isRunning }),
    }))
  }

  dispose(): void {
    this.#changed.dispose()
  }

  /**
   * Looks for unsaved sessions. Returns those that have ended, oldest first. Removes what exceeds the limits, and
   * logs it.
   */
  async list(): Promise<readonly ListedCapture[]> {
    const { script, session, storage, log } = this.#options
    const parents = await filledSpools(storage)
    // A thread is started only if there is something to look at.
    const { sessions, running, removed } =
      parents.length === 0
        ? { sessions: [], running: [], removed: [] }
        : await runJob(script, 'unsaved', {
            parents,
            own: session.directories,
            most: MAX_KEPT,
            mostBytes: MAX_BYTES,
          })
    for (const sentence of removed) log.warn(sentence)
    const ids = new Map(this.#sessions.map(({ id, directory }) => [directory, id]))
    const identified = (found: readonly UnsavedCapture[], isRunning: boolean) =>
      found.map((each) => ({ ...each, id: ids.get(each.directory) ?? ++this.#lastId, isRunning }))
    const ended = identified(sessions, false)
    this.#set([...ended, ...identified(running, true)])
    await this.#removeOpened(ended)
    return ended
  }

  /** Shows a session in the editor of recordings; it stays unsaved. */
  async open(session: ListedCapture): Promise<vscode.Uri> {
    const uri = vscode.Uri.file(this.#pathOf(session))
    await mkdir(this.#folder, { recursive: true, mode: 0o700 })
    // A session that has ended does not change. If its file were written again, its editor would say that it changed.
    if (!existsSync(uri.fsPath)) await this.#recover(session, uri)
    await vscode.commands.executeCommand('vscode.open', uri)
    return uri
  }

  /** Writes a session to a file of the user's; after that it is not unsaved any more. */
  async saveTo(session: ListedCapture, uri: vscode.Uri) {
    const result = await this.#recover(session, uri)
    await this.discard(session)
    return result
  }

  async discard({ directory }: ListedCapture): Promise<void> {
    await runJob(this.#options.script, 'discard', { directory })
    this.#set(this.#sessions.filter((other) => other.directory !== directory))
  }

  #set(sessions: readonly ListedCapture[]): void {
    this.#sessions = sessions
    this.#changed.fire()
  }

  get #folder(): string {
    return join(this.#options.storage, 'left')
  }

  /** Where a session is written to be shown: each time another file if it is still captured. */
  #pathOf({ directory, isRunning }: ListedCapture): string {
    const name = basename(directory)
    return join(this.#folder, `${isRunning ? `running-${name}-${Date.now()}` : `unsaved-${name}`}.rtsession`)
  }

  #recover({ directory, isRunning }: ListedCapture, uri: vscode.Uri) {
    const { script, storage } = this.#options
    return writeThrough(storage, uri, (path) =>
      runJob(script, 'recover', { directory, path, reveal: [], mask: maskFields(), isRunning }),
    )
  }

  /** Removes the files that showed sessions which are not unsaved any more. */
  async #removeOpened(ended: readonly ListedCapture[]): Promise<void> {
    const wanted = new Set(ended.map((each) => basename(this.#pathOf(each))))
    // The folder exists only if a session was shown.
    const names = await readdir(this.#folder).catch(() => [])
    for (const name of names) if (!wanted.has(name)) await rm(join(this.#folder, name), { force: true })
  }
}
