/** Runs the requests of a file in a terminal, as CI does. */
import * as vscode from 'vscode'
import { Failure } from '../../shared/failure.ts'
import { HAS_RUN_IN_TERMINAL } from '../contributions.ts'
import { pickOne } from '../ui/asking.ts'
import { asUri, ofRow } from '../ui/command-arguments.ts'
import { quote } from '../ui/shells.ts'
import { activeRequestFile } from './choose-environment.ts'
import type { RunConfirmation } from './confirm-run.ts'
import type { Environments } from './environments.ts'
import { documentOf } from './request-files.ts'
import type { RequestIndex } from './request-index.ts'
import { provideProgram, runWords, type TerminalProgramOptions } from './terminal-program.ts'

export interface TerminalOptions {
  readonly index: RequestIndex
  readonly environments: Environments
  readonly confirmation: RunConfirmation
  readonly program: TerminalProgramOptions
}

/** A command line, and the folder in which it is run. */
interface CommandLine {
  readonly folder: vscode.Uri
  readonly text: string
  /** The file in it. */
  readonly file: string
  readonly environment: string | undefined
}

/** What to run. Asks for the file if it is undefined; without a name, all requests of the file are meant. */
interface Meant {
  readonly uri: vscode.Uri | undefined
  readonly name: string | undefined
}

/** Opens a terminal in which the program runs requests. Rejects as `RunConfirmation.ask` does. */
async function runInTerminal(options: TerminalOptions, meant: Meant): Promise<void> {
  const { folder, text, file, environment } = await commandLine(options, meant)
  await options.confirmation.ask(meant.name ?? file, environment)
  await provide(options)
  const terminal = vscode.window.createTerminal({
    name: 'Realtime',
    cwd: folder,
    iconPath: new vscode.ThemeIcon('pulse'),
  })
  terminal.show()
  terminal.sendText(text)
}

/** Copies the command line, to paste it into a terminal of the editor or into the configuration of CI. */
async function copyRunCommand(options: TerminalOptions, meant: Meant): Promise<string> {
  const { text } = await commandLine(options, meant)
  await provide(options)
  await vscode.env.clipboard.writeText(text)
  return text
}

async function provide({ program }: TerminalOptions): Promise<void> {
  await provideProgram(program)
  void vscode.commands.executeCommand('setContext', HAS_RUN_IN_TERMINAL, true)
}

async function commandLine({ index, environments }: TerminalOptions, meant: Meant): Promise<CommandLine> {
  const uri = meant.uri ?? activeRequestFile() ?? (await askFile(index))
  if (uri.scheme === 'untitled')
    throw new Failure(
      'NOT_SAVED',
      vscode.l10n.t('The file is not saved, so a terminal cannot read it. Save the file first.'),
    )
  // The terminal reads the file from the disk.
  await documentOf(uri)?.save()
  const folder = vscode.workspace.getWorkspaceFolder(uri)?.uri ?? vscode.Uri.joinPath(uri, '..')
  const file = uri.path.startsWith(`${folder.path}/`) ? uri.path.slice(folder.path.length + 1) : uri.fsPath
  const environment = await environments.nameFor(uri)
  const words = runWords(file, meant.name, environment)
  return { folder, text: words.map((word) => quote(word, vscode.env.shell)).join(' '), file, environment }
}

async function askFile(index: RequestIndex): Promise<vscode.Uri> {
  const files = await index.files()
  const [first] = files
  if (first === undefined)
    throw new Failure(
      'NO_REQUESTS',
      vscode.l10n.t('The workspace has no request file. Create one, or save a connection as a request.'),
    )
  if (files.length === 1) return first.uri
  const items = files.map(({ uri, path, names }) => ({ label: path, description: names.join(', '), uri }))
  return (await pickOne(items, vscode.l10n.t('Request File to Run'))).uri
}

export function terminalCommands(options: TerminalOptions) {
  return {
    'realtimeInspector.runInTerminal': (...args: readonly unknown[]) => runInTerminal(options, meantBy(args)),
    'realtimeInspector.copyRunCommand': (...args: readonly unknown[]) =>
      copyRunCommand(options, meantBy(args)),
  }
}

function meantBy(args: readonly unknown[]): Meant {
  const [file, name] = ofRow(args)
  return { uri: asUri(file), name: typeof name === 'string' ? name : undefined }
}
