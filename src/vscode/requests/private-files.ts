/** Offers to add private files of environments to `.gitignore`, once in a workspace. */
import * as vscode from 'vscode'
import { type IgnoreFile, isIgnored, withIgnored } from '../../request/variables/gitignore.ts'
import { nameOf } from '../files/file-names.ts'
import type { Notifier } from '../ui/notifier.ts'
import type { Environments, FileEnvironments } from './environments.ts'
import { exists, pathOf, REQUEST_FILES, uriAt } from './request-files.ts'

/** Set if the user does not want to be asked in this workspace. */
const SILENT = 'privateFilesSilent'
const IGNORE = '.gitignore'
const MAX_FOLDERS = 64

/** A repository, and where a file is in it. */
interface InRepository {
  readonly root: vscode.Uri
  /** With `/` between names. */
  readonly path: string
}

export class PrivateFiles {
  readonly #memento: vscode.Memento
  readonly #notifier: Notifier
  readonly #subscription: vscode.Disposable
  /** Files that were looked at in this window. */
  readonly #seen = new Set<string>()
  /** The user was asked in this window. */
  #hasAsked = false

  constructor(environments: Environments, memento: vscode.Memento, notifier: Notifier) {
    this.#memento = memento
    this.#notifier = notifier
    this.#subscription = environments.onLoad((loaded) => {
      this.#look(loaded).catch((error) => notifier.internal(error))
    })
  }

  dispose(): void {
    this.#subscription.dispose()
  }

  async #look({ files }: FileEnvironments): Promise<void> {
    if (this.#hasAsked || this.#memento.get(SILENT) === true) return
    for (const { source, path } of files) {
      if (source === 'environment' || this.#seen.has(path)) continue
      this.#seen.add(path)
      const file = uriAt(path)
      const place = await repositoryOf(file)
      if (place === undefined || (await isIgnored(place.path, await ignoreFiles(place)))) continue
      this.#hasAsked = true
      this.#offer(place, nameOf(file))
      return
    }
  }

  #offer({ root, path }: InRepository, name: string): void {
    this.#notifier.warning(
      vscode.l10n.t('{0} may contain secrets, and git does not ignore it. Add it to {1}?', path, IGNORE),
      { title: vscode.l10n.t('Add to .gitignore'), run: () => addTo(root, name) },
      { title: vscode.l10n.t('Not Now'), run: () => {} },
      {
        title: vscode.l10n.t("Don't Ask Again"),
        run: () => this.#memento.update(SILENT, true),
      },
    )
  }
}

async function repositoryOf(file: vscode.Uri): Promise<InRepository | undefined> {
  const names = [nameOf(file)]
  let folder = vscode.Uri.joinPath(file, '..')
  for (let up = 0; up < MAX_FOLDERS; up++) {
    if (await exists(vscode.Uri.joinPath(folder, '.git'))) return { root: folder, path: names.join('/') }
    const parent = vscode.Uri.joinPath(folder, '..')
    if (parent.path === folder.path) return undefined
    names.unshift(nameOf(folder))
    folder = parent
  }
  return undefined
}

/** The `.gitignore` files of the folders around the file, and what is ignored only on this machine. */
async function ignoreFiles({ root, path }: InRepository): Promise<readonly IgnoreFile[]> {
  const names = path.split('/').slice(0, -1)
  const folders = ['', ...names.map((_, i) => names.slice(0, i + 1).join('/'))]
  const places = [
    { folder: '', file: vscode.Uri.joinPath(root, '.git', 'info', 'exclude') },
    ...folders.map((folder) => ({ folder, file: vscode.Uri.joinPath(root, folder, IGNORE) })),
  ]
  const found = await Promise.all(
    places.map(async ({ folder, file }) => ({ folder, text: await textOf(file) })),
  )
  return found.flatMap(({ folder, text }) => (text === undefined ? [] : [{ folder, text }]))
}

async function addTo(root: vscode.Uri, name: string): Promise<void> {
  const file = vscode.Uri.joinPath(root, IGNORE)
  const text = withIgnored((await textOf(file)) ?? '', [name])
  await vscode.workspace.fs.writeFile(file, new TextEncoder().encode(text))
}

async function textOf(file: vscode.Uri): Promise<string | undefined> {
  const bytes = await REQUEST_FILES.read(pathOf(file))
  return bytes === undefined ? undefined : new TextDecoder().decode(bytes)
}
