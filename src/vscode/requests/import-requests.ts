/** Imports the requests of other programs into a new document. Nothing is written until the user saves it. */
import * as vscode from 'vscode'
import { environmentTextOf } from '../../request/imports/environment-text.ts'
import { type HttpText, httpTextOf } from '../../request/imports/http-text.ts'
import type { ForeignFile, Imported } from '../../request/imports/imported.ts'
import {
  FOREIGN_FOLDER,
  IMPORT_EXTENSIONS,
  importerOf,
  MAX_FOREIGN,
  readAllForeign,
} from '../../request/imports/importers.ts'
import { importedOf } from '../../request/imports/recorded.ts'
import { Failure } from '../../shared/failure.ts'
import { extensionOf } from '../files/file-names.ts'
import type { OpenRecordings } from '../session/open-recordings.ts'
import { askChoice } from '../ui/asking.ts'
import { cancelled, type Notifier, unlessCancelled } from '../ui/notifier.ts'
import { openNew } from './new-file.ts'
import type { RequestSecrets } from './request-secrets.ts'
import { askToKeep } from './saving/ask-kept.ts'
import { wholeFile } from './saving/save-source.ts'

export interface ImportOptions {
  readonly recordings: OpenRecordings
  readonly requestSecrets: RequestSecrets
  readonly notifier: Notifier
}

const TITLE = vscode.l10n.t('Import Requests')
/** Connections of a recording. */
const MAX_REQUESTS = 200

/** Imports the files, or asks what to import. Rejects with a `Failure`, or with `CANCELLED`. */
export async function importRequests(
  options: ImportOptions,
  given: readonly vscode.Uri[],
): Promise<vscode.Uri> {
  const imported = await (given.length > 0 ? readUris(options, given) : askAndRead(options))
  const names = { taken: options.requestSecrets.names() }
  const { requests, environments = [] } = imported
  if (requests.length === 0 && environments.length > 0) {
    const written = environmentTextOf(imported, names)
    return await show(options, written, 'http-client.env', 'json', [])
  }
  const written = httpTextOf(imported, names)
  const openEnvironments = {
    title: vscode.l10n.t('Open Environments'),
    run: () => openNew('http-client.env', 'json', 'json', environmentTextOf(imported, names).text),
  }
  return await show(options, written, 'imported', 'http', environments.length > 0 ? [openEnvironments] : [])
}

async function show(
  { requestSecrets, notifier }: ImportOptions,
  { text, notTaken, secrets }: HttpText,
  name: string,
  language: 'http' | 'json',
  actions: Parameters<Notifier['info']>[1][],
): Promise<vscode.Uri> {
  await unlessCancelled(askToKeep(secrets, requestSecrets), undefined)
  const uri = await openNew(name, language, language, text)
  const [first] = notTaken
  if (first !== undefined && language === 'http')
    notifier.warning(
      notTaken.length === 1
        ? first
        : vscode.l10n.t(
            '{0} things were not imported. Comments in the document list them. The first: {1}',
            notTaken.length,
            first,
          ),
      ...actions,
    )
  else if (first !== undefined) notifier.warning(notTaken.join(' '))
  else if (actions.length > 0)
    notifier.info(vscode.l10n.t('The environments are not in this document.'), ...actions)
  return uri
}

async function askAndRead(options: ImportOptions): Promise<Imported> {
  const chosen = await askChoice(
    [
      {
        label: vscode.l10n.t('$(file) Files…'),
        description: vscode.l10n.t(
          'from Postman, Insomnia, Bruno, AsyncAPI or a browser (HAR), or with curl commands',
        ),
        read: () => askFiles(options, false),
      },
      {
        label: vscode.l10n.t('$(folder) A folder…'),
        description: vscode.l10n.t('with a collection in several files'),
        read: () => askFiles(options, true),
      },
      {
        label: vscode.l10n.t('$(clippy) The clipboard'),
        description: vscode.l10n.t('curl commands as browsers copy them, or the text of a file'),
        read: async () => await readAllForeign([{ text: await vscode.env.clipboard.readText() }]),
      },
    ],
    { title: TITLE },
  )
  if (chosen === undefined) throw cancelled()
  return await chosen.read()
}

async function askFiles(options: ImportOptions, isFolder: boolean): Promise<Imported> {
  const extensions = [...new Set([...IMPORT_EXTENSIONS, 'har'].map((each) => each.replace(/^.*\./, '')))]
  const chosen = await vscode.window.showOpenDialog({
    title: TITLE,
    openLabel: vscode.l10n.t('Import'),
    canSelectMany: !isFolder,
    canSelectFolders: isFolder,
    canSelectFiles: !isFolder,
    ...(!isFolder && {
      filters: { [vscode.l10n.t('Requests')]: extensions, [vscode.l10n.t('All Files')]: ['*'] },
    }),
  })
  if (chosen === undefined) throw cancelled()
  return await readUris(options, chosen)
}

async function readUris({ recordings }: ImportOptions, uris: readonly vscode.Uri[]): Promise<Imported> {
  const [only] = uris
  if (only !== undefined && uris.length === 1 && extensionOf(only) === '.har')
    return await readRecording(recordings, only)
  const files: ForeignFile[] = []
  let length = 0
  const add = (file: ForeignFile) => {
    length += file.text.length
    if (length > MAX_FOREIGN)
      throw new Failure(
        'TOO_LARGE',
        vscode.l10n.t('Together, the files are too large. Import fewer of them.'),
      )
    files.push(file)
  }
  for (const uri of uris) {
    const { type, size } = await vscode.workspace.fs.stat(uri)
    if ((type & vscode.FileType.Directory) === 0) add(await readOne(uri, size))
    else
      for (const each of await filesIn(uri)) {
        const file = await readOne(each, (await vscode.workspace.fs.stat(each)).size)
        if (importerOf(file) !== undefined) add(file)
      }
  }
  if (files.length === 0)
    throw new Failure('UNKNOWN_FORMAT', vscode.l10n.t('The folder has no file that can be imported.'))
  return await readAllForeign(files)
}

async function readOne(uri: vscode.Uri, size: number): Promise<ForeignFile> {
  if (size > MAX_FOREIGN)
    throw new Failure(
      'TOO_LARGE',
      vscode.l10n.t('{0} is too large to import.', vscode.workspace.asRelativePath(uri)),
    )
  return { path: uri.path, text: new TextDecoder().decode(await vscode.workspace.fs.readFile(uri)) }
}

/** The files of a folder before those of the folders in it. */
async function filesIn(folder: vscode.Uri, depth = 0): Promise<vscode.Uri[]> {
  const entries = (await vscode.workspace.fs.readDirectory(folder)).toSorted(([one], [other]) =>
    one < other ? -1 : 1,
  )
  const named = (kind: vscode.FileType) =>
    entries
      .filter(([name, type]) => type === kind && !FOREIGN_FOLDER.skipped.has(name))
      .map(([name]) => vscode.Uri.joinPath(folder, name))
  const found = named(vscode.FileType.File)
  if (depth < FOREIGN_FOLDER.maxDepth)
    for (const inner of named(vscode.FileType.Directory))
      for (const file of await filesIn(inner, depth + 1)) found.push(file)
  if (found.length > FOREIGN_FOLDER.maxFiles)
    throw new Failure(
      'TOO_LARGE',
      vscode.l10n.t('The folder has more than {0} files. Import a smaller one.', FOREIGN_FOLDER.maxFiles),
    )
  return found
}

async function readRecording(recordings: OpenRecordings, uri: vscode.Uri): Promise<Imported> {
  return await recordings.read(uri, async (recording) => {
    await recording.call('status', null)
    await wholeFile(recording)
    const all = recording.connections
    const made = []
    for (const { id } of all.slice(0, MAX_REQUESTS))
      made.push(await recording.call('madeRequest', { connection: id }, 0))
    const different = [...new Map(made.map((each) => [JSON.stringify(each), each])).values()]
    return importedOf(different, Math.max(0, all.length - MAX_REQUESTS))
  })
}
