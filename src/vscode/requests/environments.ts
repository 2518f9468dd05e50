/** The environments of the workspace's files: which one is chosen, and what each file of requests can use. */
import { parseEnv } from 'node:util'
import * as vscode from 'vscode'
import {
  DOTENV_FILE,
  ENVIRONMENT_FILE,
  type EnvironmentName,
  type Environments as FileEnvironments,
  loadEnvironments,
  PRIVATE_FILE,
} from '../../request/variables/environments.ts'
import { DelayedEvent } from '../files/delayed-event.ts'
import { WorkspaceFiles } from '../files/workspace-files.ts'
import { confirmedEnvironments } from '../settings/current-settings.ts'
import { pathOf, placeOf, REQUEST_FILES } from './request-files.ts'

export type { FileEnvironments }

const CHOSEN = 'requestEnvironment'
const FILES = [ENVIRONMENT_FILE, PRIVATE_FILE, DOTENV_FILE]
/** Files that are found. */
const MAX_FILES = 500
/** Of these, the ones whose environments are listed. */
const MAX_LISTED = 100
/** Milliseconds for which files count as unchanged if their watcher says nothing: it may miss a change. */
const MAX_AGE = 2000

export interface ListedEnvironment extends EnvironmentName {
  /** The first request that runs in it in a window asks the user. */
  readonly asksFirst: boolean
}

export class Environments {
  readonly #memento: vscode.Memento
  readonly #files = new WorkspaceFiles(FILES, MAX_FILES)
  readonly #changed = new DelayedEvent()
  readonly #read = new vscode.EventEmitter<FileEnvironments>()
  readonly #subscriptions: readonly vscode.Disposable[]
  /** By the folder of the file of requests. */
  readonly #loaded = new Map<string, { readonly loading: Promise<FileEnvironments>; readonly at: number }>()

  /** Another one is chosen, or a file of environments has changed. */
  readonly onChange = this.#changed.event
  /** Files of environments were read. */
  readonly onLoad = this.#read.event

  constructor(memento: vscode.Memento) {
    this.#memento = memento
    const stale = () => this.#stale()
    const edited = ({ uri }: vscode.TextDocument) => {
      if (isEnvironmentFile(uri)) stale()
    }
    this.#subscriptions = [
      this.#changed,
      this.#read,
      this.#files,
      this.#files.onChange(stale),
      vscode.workspace.onDidChangeTextDocument(({ document }) => edited(document)),
      vscode.workspace.onDidCloseTextDocument(edited),
    ]
  }

  dispose(): void {
    for (const subscription of this.#subscriptions) subscription.dispose()
  }

  /** The name of the chosen one; undefined if none is. */
  get chosen(): string | undefined {
    const chosen: unknown = this.#memento.get(CHOSEN)
    return typeof chosen === 'string' ? chosen : undefined
  }

  /** Chooses an environment for the workspace, or none. */
  async choose(name: string | undefined): Promise<void> {
    await this.#memento.update(CHOSEN, name)
    this.#changed.fire()
  }

  /** The environments that a file of requests can use. Rejects with a `Failure` if one of their files is unreadable. */
  async of(uri: vscode.Uri): Promise<FileEnvironments> {
    const place = placeOf(uri)
    const folder = vscode.Uri.joinPath(place, '..').toString()
    const known = this.#loaded.get(folder)
    const now = performance.now()
    if (known !== undefined && now - known.at < MAX_AGE) return await known.loading
    const root = vscode.workspace.getWorkspaceFolder(place)?.uri ?? vscode.Uri.joinPath(place, '..')
    const loading = loadEnvironments(pathOf(uri), REQUEST_FILES, { root: pathOf(root), parseEnv })
    this.#loaded.set(folder, { loading, at: now })
    loading.then(
      (loaded) => this.#read.fire(loaded),
      // Whoever waits for it hears of the failure.
      () => {
        if (this.#loaded.get(folder)?.loading === loading) this.#loaded.delete(folder)
      },
    )
    return await loading
  }

  /** As `of`, but reads the files again: their watcher may be late. */
  async read(uri: vscode.Uri): Promise<FileEnvironments> {
    this.#loaded.delete(vscode.Uri.joinPath(placeOf(uri), '..').toString())
    return await this.of(uri)
  }

  /** The name of the environment in which a file's requests run: the chosen one, if the file has environments. */
  async nameFor(uri: vscode.Uri): Promise<string | undefined> {
    return (await this.of(uri)).names.length === 0 ? undefined : this.chosen
  }

  /** Those of a file of requests, or of the whole workspace, in the order in which the files name them. */
  async list(uri?: vscode.Uri): Promise<readonly ListedEnvironment[]> {
    const names = uri === undefined ? await this.#namesInWorkspace() : (await this.of(uri)).names
    const asking = confirmedEnvironments()
    return names.map((each) => ({ ...each, asksFirst: asking(each.name) }))
  }

  /** Those of a file of requests if it has some, else those of the whole workspace, which is searched again. */
  async listFor(uri: vscode.Uri | undefined): Promise<readonly ListedEnvironment[]> {
    this.#files.searchAgain()
    const own = uri === undefined ? [] : await this.list(uri)
    return own.length > 0 ? own : await this.list()
  }

  async #namesInWorkspace(): Promise<readonly EnvironmentName[]> {
    const uris = (await this.#files.list())
      .filter(({ path }) => !path.endsWith(`/${DOTENV_FILE}`))
      .sort((a, b) => a.path.localeCompare(b.path))
    const named = new Map<string, EnvironmentName>()
    for (const uri of uris.slice(0, MAX_LISTED))
      for (const each of (await this.of(uri)).names) if (!named.has(each.name)) named.set(each.name, each)
    return [...named.values()]
  }

  #stale(): void {
    this.#loaded.clear()
    this.#changed.fireSoon()
  }
}

/** Whether it is a file of environments, by its name. */
export function isEnvironmentFile({ path }: vscode.Uri): boolean {
  return FILES.some((name) => path.endsWith(`/${name}`))
}
