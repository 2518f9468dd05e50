/** The requests of the workspace's `.http` and `.rest` files, with limits on how many and how large files are read. */
import * as vscode from 'vscode'
import { parseRequestFile } from '../../request/file/parse.ts'
import { REQUEST_EXTENSIONS, type RequestFile } from '../../request/file/request-file.ts'
import { requestNames } from '../../request/file/request-names.ts'
import { Failure, sentenceOf } from '../../shared/failure.ts'
import { DelayedEvent } from '../files/delayed-event.ts'
import { WorkspaceFiles } from '../files/workspace-files.ts'
import { documentOf, exists, pathOf, REQUEST_FILES } from './request-files.ts'

/** Files that are listed. */
const MAX_FILES = 500
/** Bytes of a file that is listed, and of all of them together. */
const MAX_SIZE = 1024 * 1024
const MAX_TOTAL = 16 * 1024 * 1024

export interface IndexedFile {
  readonly uri: vscode.Uri
  /** Relative to the workspace, as people see it. */
  readonly path: string
  readonly file: RequestFile
  /** The names of its requests, in their order. Each is different. */
  readonly names: readonly string[]
}

export interface SkippedFile {
  readonly path: string
  /** Why it is not listed, as one sentence. */
  readonly why: string
}

/** Whether it is a file of requests, by its name. */
export function isRequestFile(uri: vscode.Uri): boolean {
  return /\.(?:http|rest)$/i.test(uri.path)
}

/** Whether it is a file of requests, by its name or by the language that the editor has for it. */
export function isRequestDocument({ uri, languageId }: vscode.TextDocument): boolean {
  return isRequestFile(uri) || languageId === 'http' || languageId === 'rest'
}

export class RequestIndex {
  readonly #found = new WorkspaceFiles(REQUEST_EXTENSIONS, MAX_FILES + 1)
  /** What was read of each file, by its URI; undefined if it has to be read again. */
  readonly #known = new Map<string, IndexedFile | undefined>()
  readonly #parsed = new WeakMap<
    vscode.TextDocument,
    { readonly version: number; readonly file: IndexedFile }
  >()
  readonly #changed = new DelayedEvent()
  readonly #subscriptions: readonly vscode.Disposable[]
  #files: Promise<readonly IndexedFile[]> | undefined
  #skipped: readonly SkippedFile[] = []

  /** A file of the workspace, or a document of an editor, has changed. */
  readonly onChange = this.#changed.event

  constructor() {
    const edited = (document: vscode.TextDocument) => {
      if (isRequestDocument(document)) this.#stale(document.uri)
    }
    this.#subscriptions = [
      this.#changed,
      this.#found,
      this.#found.onChange((uri) => this.#stale(uri)),
      vscode.workspace.onDidChangeTextDocument(({ document }) => edited(document)),
      vscode.workspace.onDidOpenTextDocument(edited),
      vscode.workspace.onDidCloseTextDocument(edited),
    ]
  }

  dispose(): void {
    for (const subscription of this.#subscriptions) subscription.dispose()
  }

  /** The files of the workspace, by their paths. Documents in editors are as they are shown, saved or not. */
  async files(): Promise<readonly IndexedFile[]> {
    this.#files ??= this.#list()
    return await this.#files
  }

  /** As `files`, but searches for them and reads them again: their watcher may be late. */
  async filesNow(): Promise<readonly IndexedFile[]> {
    this.#found.searchAgain()
    this.#known.clear()
    this.#files = undefined
    return await this.files()
  }

  /** The files that the last `files` did not list. */
  get skipped(): readonly SkippedFile[] {
    return this.#skipped
  }

  /** A file, as its editor shows it or as it is on disk. Rejects with a `Failure` if it cannot be read. */
  async fileAt(uri: vscode.Uri): Promise<IndexedFile> {
    const document = documentOf(uri)
    if (document !== undefined) return this.ofDocument(document)
    const bytes = await REQUEST_FILES.read(pathOf(uri))
    if (bytes !== undefined) return indexed(uri, new TextDecoder().decode(bytes))
    const path = vscode.workspace.asRelativePath(uri)
    throw new Failure('NO_FILE', vscode.l10n.t('There is no file {0}. It may have been moved.', path))
  }

  /** As `fileAt`; a file that does not exist yet is empty. */
  async fileOrNew(uri: vscode.Uri): Promise<IndexedFile> {
    return documentOf(uri) !== undefined || (await exists(uri)) ? await this.fileAt(uri) : indexed(uri, '')
  }

  /** What a document says now. */
  ofDocument(document: vscode.TextDocument): IndexedFile {
    const parsed = this.#parsed.get(document)
    if (parsed?.version === document.version) return parsed.file
    const file = indexed(document.uri, document.getText())
    this.#parsed.set(document, { version: document.version, file })
    return file
  }

  #stale(uri: vscode.Uri | undefined): void {
    if (uri === undefined) this.#known.clear()
    else this.#known.delete(uri.toString())
    this.#files = undefined
    this.#changed.fireSoon()
  }

  async #list(): Promise<readonly IndexedFile[]> {
    const uris = await this.#found.list()
    const skipped: SkippedFile[] = []
    if (uris.length > MAX_FILES)
      skipped.push({
        path: '…',
        why: vscode.l10n.t('There are more than {0} request files; only these are listed.', MAX_FILES),
      })
    const files: IndexedFile[] = []
    let left = MAX_TOTAL
    for (const uri of uris.slice(0, MAX_FILES)) {
      const file = await this.#read(uri, Math.min(left, MAX_SIZE))
      if ('why' in file) skipped.push(file)
      else {
        left -= file.file.text.length
        files.push(file)
      }
    }
    this.#skipped = skipped
    return files.sort((a, b) => a.path.localeCompare(b.path))
  }

  async #read(uri: vscode.Uri, max: number): Promise<IndexedFile | SkippedFile> {
    const path = vscode.workspace.asRelativePath(uri)
    const document = documentOf(uri)
    if (document !== undefined) return this.ofDocument(document)
    const known = this.#known.get(uri.toString())
    if (known !== undefined) return known
    try {
      const { size } = await vscode.workspace.fs.stat(uri)
      if (size > max) return { path, why: vscode.l10n.t('{0} is too large to be listed.', path) }
      const file = await this.fileAt(uri)
      this.#known.set(uri.toString(), file)
      return file
    } catch (thrown) {
      return { path, why: sentenceOf(thrown) }
    }
  }
}

function indexed(uri: vscode.Uri, text: string): IndexedFile {
  const file = parseRequestFile(text)
  return { uri, path: vscode.workspace.asRelativePath(uri), file, names: requestNames(file.requests) }
}
