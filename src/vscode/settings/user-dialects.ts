/** The users' own dialects of JSON: those of the setting, and of `.realtime/protocols.json` in a trusted workspace. */
import { readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import * as vscode from 'vscode'
import { type ParsedDialects, parseDialectFile, parseDialects } from '../../decode/dialects/parse-dialect.ts'
import type { Dialect } from '../../shared/dialect.ts'
import { sentenceOf } from '../../shared/failure.ts'
import type { Settings } from './settings.ts'

const SETTING: keyof Settings = 'realtimeInspector.protocols'
const FILE = '.realtime/protocols.json'
const MAX_FILE = 1024 * 1024

/** Problems that were shown and are still there. Each session reads the dialects again. */
let shown: ReadonlySet<string> = new Set()

/** Those that are right. What is wrong with others is shown once. */
export function userDialects(): readonly Dialect[] {
  const setting = vscode.workspace.getConfiguration().get(SETTING)
  const parsed = [parseDialects(setting ?? [], SETTING), ...inWorkspace()]
  const problems = parsed.flatMap((each) => each.problems)
  const unseen = problems.filter((problem) => !shown.has(problem))
  shown = new Set(problems)
  if (unseen.length > 0)
    void vscode.window.showWarningMessage(
      vscode.l10n.t('One of your protocols is not used: {0}', unseen.slice(0, 3).join(' ')),
    )
  return parsed.flatMap((each) => each.dialects)
}

/** Calls `changed` when the setting or a file changes, and when the workspace becomes trusted. */
export function onUserDialects(changed: () => void): vscode.Disposable {
  const files = vscode.workspace.createFileSystemWatcher(`**/${FILE}`)
  return vscode.Disposable.from(
    files,
    files.onDidCreate(changed),
    files.onDidChange(changed),
    files.onDidDelete(changed),
    vscode.workspace.onDidGrantWorkspaceTrust(changed),
    vscode.workspace.onDidChangeWorkspaceFolders(changed),
    vscode.workspace.onDidChangeConfiguration((event) => event.affectsConfiguration(SETTING) && changed()),
  )
}

/** The files of the workspace's folders. Others than those on disk have none. */
function inWorkspace(): ParsedDialects[] {
  if (!vscode.workspace.isTrusted) return []
  const folders = vscode.workspace.workspaceFolders ?? []
  return folders.flatMap(({ uri, name }) => (uri.scheme === 'file' ? inFolder(uri.fsPath, name) : []))
}

function inFolder(folder: string, name: string): ParsedDialects[] {
  const path = join(folder, FILE)
  const where = `${name}/${FILE}`
  try {
    const stats = statSync(path, { throwIfNoEntry: false })
    if (stats === undefined) return []
    if (stats.size > MAX_FILE) return [{ dialects: [], problems: [`${where} has more than 1 MiB.`] }]
    return [parseDialectFile(readFileSync(path, 'utf8'), where)]
  } catch (thrown) {
    return [{ dialects: [], problems: [`${where} cannot be read (${sentenceOf(thrown)}).`] }]
  }
}
