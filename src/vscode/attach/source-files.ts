/** Finds the files of the workspace that a location of a debugger may mean. */
import * as vscode from 'vscode'
import { isInside } from '../../agents/inside-folders.ts'
import { absolutePathOf, pathSegments, sharedEnding } from './source-path.ts'

/** Files with the right name that are compared. */
const MAX_FILES = 500
/** Ends of a path that are tried below each folder of the workspace. */
const MAX_ENDINGS = 12
const EXCLUDED = '**/{node_modules,.git}/**'

export interface SourceFiles {
  /** The files that match best. */
  readonly files: readonly vscode.Uri[]
  /** They have the whole path of the location, or its folder and its name. Otherwise they only have its name. */
  readonly isSure: boolean
}

/** Only files in the workspace. A link that leads out of it does not count as one. */
export async function sourceFiles(file: string): Promise<SourceFiles> {
  const exact = await fileAt(absolutePathOf(file))
  if (exact !== undefined) return { files: [exact], isSure: true }
  const wanted = pathSegments(file)
  const found = new Map<string, vscode.Uri>()
  for (const uri of [...(await filesBelowFolders(wanted)), ...(await filesNamed(wanted.at(-1) ?? ''))])
    found.set(uri.toString(), uri)
  const ranked = [...found.values()].map((uri) => ({ uri, shared: sharedEnding(wanted, segmentsOf(uri)) }))
  const most = Math.max(0, ...ranked.map(({ shared }) => shared))
  const best = most === 0 ? [] : ranked.filter(({ shared }) => shared === most).map(({ uri }) => uri)
  const isThere = await Promise.all(best.map(isFileOfWorkspace))
  const files = best.filter((_, at) => isThere[at])
  return {
    files: files.sort((a, b) => a.path.localeCompare(b.path)),
    isSure: most >= 2 || most === wanted.length,
  }
}

function segmentsOf({ path }: vscode.Uri): readonly string[] {
  return path.split('/').filter((each) => each !== '')
}

/** The file with this path, if the workspace has it. */
async function fileAt(path: string | undefined): Promise<vscode.Uri | undefined> {
  if (path === undefined) return undefined
  const uri = vscode.Uri.file(path)
  return (await isFileOfWorkspace(uri)) ? uri : undefined
}

/** The ends of a path, each below each folder of the workspace: it finds files also where searching is not possible. */
async function filesBelowFolders(wanted: readonly string[]): Promise<vscode.Uri[]> {
  const folders = vscode.workspace.workspaceFolders ?? []
  const endings = wanted.map((_, at) => wanted.slice(at)).slice(-MAX_ENDINGS)
  const tried = folders.flatMap(({ uri }) => endings.map((ending) => vscode.Uri.joinPath(uri, ...ending)))
  const isThere = await Promise.all(tried.map(isFileOfWorkspace))
  return tried.filter((_, at) => isThere[at])
}

/** The files of the workspace with this name; none where files cannot be searched. */
async function filesNamed(name: string): Promise<vscode.Uri[]> {
  if (name === '') return []
  // A name may have characters that mean something in a pattern, such as those of `[id].tsx`.
  const pattern = `**/${name.replaceAll(/[*?[\]{},!\\]/g, '?')}`
  const found = await vscode.workspace.findFiles(pattern, EXCLUDED, MAX_FILES).then(
    (files) => files,
    () => [],
  )
  return found.filter((uri) => segmentsOf(uri).at(-1) === name)
}

async function isFileOfWorkspace(uri: vscode.Uri): Promise<boolean> {
  if (vscode.workspace.getWorkspaceFolder(uri) === undefined) return false
  const folders = vscode.workspace.workspaceFolders ?? []
  if (uri.scheme === 'file') {
    const roots = folders.filter((folder) => folder.uri.scheme === 'file').map((folder) => folder.uri.fsPath)
    if (!(await isInside(uri.fsPath, roots))) return false
  }
  return await vscode.workspace.fs.stat(uri).then(
    ({ type }) => (type & vscode.FileType.File) !== 0,
    () => false,
  )
}
