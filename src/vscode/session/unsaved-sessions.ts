/**
 * Sessions that an earlier window left unsaved, because it crashed or was reloaded: offered back, each once a start.
 * Those that other processes are still writing are named too, and can be looked at.
 */
import { existsSync } from 'node:fs'
import { mkdir, readdir, rm } from 'node:fs/promises'
import { basename, join } from 'node:path'
import * as vscode from 'vscode'
import { runJob } from '../../engine/jobs/client.ts'
import { Failure } from '../../shared/failure.ts'
import type { UnsavedCapture } from '../../shared/protocol/jobs.ts'
import type { UnsavedChoice, UnsavedSession } from '../../shared/protocol/unsaved.ts'
import { writeThrough } from '../files/local-file.ts'
import { filledSpools } from '../files/spools.ts'
import { askWhere, openActions, SESSION_FILES, told } from '../saving/save-session.ts'
import { maskFields } from '../settings/settings.ts'
import { type Action, cancelled, type Notifier } from '../ui/notifier.ts'
import type { LiveSession } from './live-session.ts'

export interface UnsavedSessionsOptions {
  /** Path of the bundle for jobs. */
  readonly script: string
  readonly storage: string
  readonly session: LiveSession
  readonly notifier: Notifier
  readonly log: vscode.LogOutputChannel
}

/** Unsaved sessions kept at most, and the bytes of all of them. */
const MOST = 5
const MOST_BYTES = 8 * 1024 ** 3

export class UnsavedSessions {
  readonly #options: UnsavedSessionsOptions
  readonly #offered = new Set<string>()
  readonly #changed = new vscode.EventEmitter<void>()
  /** What is left now, by a number for the page. */
  #left: ReadonlyMap<number, UnsavedCapture> = new Map()
  /** What other processes still write, likewise. */
  #running: ReadonlyMap<number, UnsavedCapture> = new Map()
  #lastId = 0

  /** Others are left than before. */
  readonly onChange = this.#changed.event

  constructor(options: UnsavedSessionsOptions) {
    this.#options = options
  }

  /** What is left, for the page. */
  get offered(): readonly UnsavedSession[] {
    return [
      ...[...this.#left].map(([id, { startedAt, events }]) => ({ id, startedAt, events })),
      ...[...this.#running].map(([id, { startedAt, events }]) => ({
        id,
        startedAt,
        events,
        isRunning: true,
      })),
    ]
  }

  dispose(): void {
    this.#changed.dispose()
  }

  /** Does with one what was chosen on the page. */
  async choose(id: number, choice: UnsavedChoice): Promise<void> {
    const running = this.#running.get(id)
    if (running !== undefined && choice === 'open') return await this.#openCopy(running)
    const left = this.#left.get(id)
    if (left === undefined) throw settled()
    if (choice === 'open') await this.open(left)
    else if (choice === 'save') await this.#save(left)
    else await this.#confirmDiscard(left)
  }

  /** Offers all that was left, again too; the result is what there is. */
  async offerAll(): Promise<readonly UnsavedCapture[]> {
    this.#offered.clear()
    const left = await this.offer()
    const { notifier } = this.#options
    for (const each of this.#running.values())
      notifier
        .info(
          `${describe(each)} is still captured by another window of this folder, or by one that lost its connection.`,
          { title: 'Open a Copy', run: () => this.#openCopy(each) },
        )
        .catch((error) => notifier.failure(error))
    if (left.length === 0 && this.#running.size === 0)
      notifier.info('No unsaved session was left behind.').catch((error) => notifier.failure(error))
    return left
  }

  /** Offers what was left and was not offered before by this window. */
  async offer(): Promise<readonly UnsavedCapture[]> {
    const left = await this.list()
    await this.#removeOpened(left)
    const fresh = left.filter(({ directory }) => !this.#offered.has(directory))
    for (const each of fresh) {
      this.#offered.add(each.directory)
      this.#ask(each, 'was not saved').catch((error) => this.#options.notifier.failure(error))
    }
    return left
  }

  /** What was left, oldest first; what is beyond the bounds is removed, as the log says. */
  async list(): Promise<readonly UnsavedCapture[]> {
    const { script, session, storage, log } = this.#options
    const parents = await filledSpools(storage)
    // A thread is started only if there is something to look at.
    const { sessions, running, removed } =
      parents.length === 0
        ? { sessions: [], running: [], removed: [] }
        : await runJob(script, 'unsaved', {
            parents,
            own: session.directories,
            most: MOST,
            mostBytes: MOST_BYTES,
          })
    for (const sentence of removed) log.warn(sentence)
    const ids = new Map([...this.#left, ...this.#running].map(([id, { directory }]) => [directory, id]))
    const numbered = (each: UnsavedCapture) => [ids.get(each.directory) ?? ++this.#lastId, each] as const
    this.#running = new Map(running.map(numbered))
    this.#setLeft(sessions.map(numbered))
    return sessions
  }

  /** Shows what was left in the editor of recordings; it stays unsaved. */
  async open(left: UnsavedCapture): Promise<vscode.Uri> {
    const uri = vscode.Uri.file(this.#openedPath(left))
    await mkdir(this.#folder, { recursive: true, mode: 0o700 })
    // What was left does not change, and an editor that shows it is not to say that its file has.
    if (!existsSync(uri.fsPath)) await this.#recover(left, uri)
    await vscode.commands.executeCommand('vscode.open', uri)
    return uri
  }

  /** Writes what was left to a file of the user's; after that it is left no more. */
  async saveTo(left: UnsavedCapture, uri: vscode.Uri) {
    const result = await this.#recover(left, uri)
    await this.discard(left)
    return result
  }

  async discard({ directory }: UnsavedCapture): Promise<void> {
    await runJob(this.#options.script, 'discard', { directory })
    this.#setLeft([...this.#left].filter(([, left]) => left.directory !== directory))
  }

  #setLeft(left: Iterable<readonly [number, UnsavedCapture]>): void {
    this.#left = new Map(left)
    this.#changed.fire()
  }

  get #folder(): string {
    return join(this.#options.storage, 'left')
  }

  #openedPath({ directory }: UnsavedCapture): string {
    return join(this.#folder, `unsaved-${basename(directory)}.rtsession`)
  }

  /** Shows what another process still writes, as it is now. */
  async #openCopy(running: UnsavedCapture): Promise<void> {
    const name = `running-${basename(running.directory)}-${Date.now()}.rtsession`
    const uri = vscode.Uri.file(join(this.#folder, name))
    await mkdir(this.#folder, { recursive: true, mode: 0o700 })
    await this.#recover(running, uri, true)
    await vscode.commands.executeCommand('vscode.open', uri)
  }

  #recover({ directory }: UnsavedCapture, uri: vscode.Uri, isRunning = false) {
    const { script, storage } = this.#options
    return writeThrough(storage, uri, (path) =>
      runJob(script, 'recover', { directory, path, reveal: [], mask: maskFields(), isRunning }),
    )
  }

  async #ask(left: UnsavedCapture, what: string): Promise<void> {
    const { notifier } = this.#options
    // A message stays when what it is about was saved or discarded by another way.
    const unlessSettled = (title: string, run: () => Promise<void>): Action => ({
      title,
      run: async () => {
        const isLeft = [...this.#left.values()].some(({ directory }) => directory === left.directory)
        if (isLeft) await run()
        else await notifier.failure(settled())
      },
    })
    await notifier.warning(
      `${describe(left)} ${what}.`,
      unlessSettled('Open', async () => {
        await this.open(left)
        await this.#ask(left, 'is open, and still not saved')
      }),
      unlessSettled('Save…', async () => {
        if (!(await this.#save(left))) await this.#ask(left, 'was not saved')
      }),
      unlessSettled('Discard', () => this.discard(left)),
    )
  }

  /** Asks where to; false where the user changed their mind. */
  async #save(left: UnsavedCapture): Promise<boolean> {
    const { notifier } = this.#options
    const uri = await askWhere('Save the Unsaved Session', SESSION_FILES)
    if (uri === undefined) return false
    const result = await this.saveTo(left, uri)
    notifier.info(told(result), ...openActions(uri)).catch((error) => notifier.failure(error))
    return true
  }

  async #confirmDiscard(left: UnsavedCapture): Promise<void> {
    const answer = await vscode.window.showWarningMessage(
      `Discard this? ${describe(left)}.`,
      { modal: true, detail: 'It is in no file, and cannot be brought back.' },
      'Discard',
    )
    if (answer !== 'Discard') throw cancelled()
    await this.discard(left)
  }

  /** Removes what was written to be looked at, of sessions that are no more. */
  async #removeOpened(left: readonly UnsavedCapture[]): Promise<void> {
    const wanted = new Set(left.map((each) => basename(this.#openedPath(each))))
    // Where there is no folder, none was opened.
    const names = await readdir(this.#folder).catch(() => [])
    for (const name of names) if (!wanted.has(name)) await rm(join(this.#folder, name), { force: true })
  }
}

function settled(): Failure {
  return new Failure('NOT_LEFT', 'This session was saved or discarded already.')
}

/** "A session of 12,345 events from 10:31", with the day where it is another one. */
export function describe({ events, startedAt }: UnsavedCapture, now = new Date()): string {
  const start = new Date(startedAt)
  const isToday = start.toDateString() === now.toDateString()
  const time = start.toLocaleTimeString('en-GB', { hour: '2-digit', minute: '2-digit' })
  const day = isToday ? '' : `${start.toLocaleDateString('en-CA')} `
  return `A session of ${events.toLocaleString('en')} ${events === 1 ? 'event' : 'events'} from ${day}${time}`
}
