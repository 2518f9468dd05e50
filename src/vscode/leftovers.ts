/** Sessions that an earlier window left unsaved, because it crashed or was reloaded: offered back, each once a start. */
import { mkdir, readdir, rm } from 'node:fs/promises'
import { basename, join } from 'node:path'
import * as vscode from 'vscode'
import { runTask } from '../engine/tasks/client.ts'
import type { LeftSession } from '../shared/task-protocol.ts'
import { writeThrough } from './local-file.ts'
import type { Notifier } from './notify.ts'
import { askWhere, openActions, SESSION_FILES, told } from './save-session.ts'
import type { Session } from './session.ts'

export interface LeftoverOptions {
  /** Path of the bundle for tasks. */
  readonly script: string
  readonly storage: string
  readonly session: Session
  readonly notifier: Notifier
  readonly log: vscode.LogOutputChannel
}

/** Unsaved sessions kept at most, and the bytes of all of them. */
const MOST = 5
const MOST_BYTES = 8 * 1024 ** 3

export class Leftovers {
  readonly #options: LeftoverOptions
  readonly #offered = new Set<string>()

  constructor(options: LeftoverOptions) {
    this.#options = options
  }

  /** Offers all that was left, again too; the result is what there is. */
  async offerAll(): Promise<readonly LeftSession[]> {
    this.#offered.clear()
    const left = await this.offer()
    const { notifier } = this.#options
    if (left.length === 0)
      notifier.info('No unsaved session was left behind.').catch((error) => notifier.failure(error))
    return left
  }

  /** Offers what was left and was not offered before by this window. */
  async offer(): Promise<readonly LeftSession[]> {
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
  async list(): Promise<readonly LeftSession[]> {
    const { script, session, log } = this.#options
    const { sessions, removed } = await runTask(script, 'leftovers', {
      parent: session.spool,
      own: session.directory === undefined ? [] : [session.directory],
      most: MOST,
      mostBytes: MOST_BYTES,
    })
    for (const sentence of removed) log.warn(sentence)
    return sessions
  }

  /** Shows what was left in the editor of recordings; it stays unsaved. */
  async open(left: LeftSession): Promise<vscode.Uri> {
    const uri = vscode.Uri.file(this.#openedPath(left))
    await mkdir(this.#folder, { recursive: true, mode: 0o700 })
    await this.#recover(left, uri)
    await vscode.commands.executeCommand('vscode.open', uri)
    return uri
  }

  /** Writes what was left to a file of the user's; after that it is left no more. */
  async saveTo(left: LeftSession, uri: vscode.Uri) {
    const result = await this.#recover(left, uri)
    await this.discard(left)
    return result
  }

  async discard({ directory }: LeftSession): Promise<void> {
    await runTask(this.#options.script, 'discard', { directory })
  }

  get #folder(): string {
    return join(this.#options.storage, 'left')
  }

  #openedPath({ directory }: LeftSession): string {
    return join(this.#folder, `unsaved-${basename(directory)}.rtsession`)
  }

  #recover({ directory }: LeftSession, uri: vscode.Uri) {
    const { script, storage } = this.#options
    return writeThrough(storage, uri, (path) => runTask(script, 'recover', { directory, path, reveal: [] }))
  }

  async #ask(left: LeftSession, what: string): Promise<void> {
    const { notifier } = this.#options
    await notifier.info(
      `${describe(left)} ${what}.`,
      {
        title: 'Open',
        run: async () => {
          await this.open(left)
          await this.#ask(left, 'is open, and still not saved')
        },
      },
      { title: 'Save…', run: () => this.#save(left) },
      { title: 'Discard', run: () => this.discard(left) },
    )
  }

  async #save(left: LeftSession): Promise<void> {
    const uri = await askWhere('Save the Unsaved Session', SESSION_FILES)
    if (uri === undefined) {
      await this.#ask(left, 'was not saved')
      return
    }
    const result = await this.saveTo(left, uri)
    await this.#options.notifier.info(told(result), ...openActions(uri))
  }

  /** Removes what was written to be looked at, of sessions that are no more. */
  async #removeOpened(left: readonly LeftSession[]): Promise<void> {
    const wanted = new Set(left.map((each) => basename(this.#openedPath(each))))
    const names = await readdir(this.#folder).catch(() => [])
    for (const name of names) if (!wanted.has(name)) await rm(join(this.#folder, name), { force: true })
  }
}

/** "A session of 12,345 events from 10:31", with the day where it is another one. */
export function describe({ events, startedAt }: LeftSession, now = new Date()): string {
  const start = new Date(startedAt)
  const isToday = start.toDateString() === now.toDateString()
  const time = start.toLocaleTimeString('en-GB', { hour: '2-digit', minute: '2-digit' })
  const day = isToday ? '' : `${start.toLocaleDateString('en-CA')} `
  return `A session of ${events.toLocaleString('en')} ${events === 1 ? 'event' : 'events'} from ${day}${time}`
}
