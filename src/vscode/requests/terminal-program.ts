/** The terminal program of the extension, as `realtime-inspector` in the terminals of the window. */
import { chmod, mkdir, writeFile } from 'node:fs/promises'
import { delimiter, join } from 'node:path'
import type * as vscode from 'vscode'
import { quote } from '../ui/shells.ts'

/** Its name on the command line. */
export const PROGRAM = 'realtime-inspector'

export interface TerminalProgramOptions {
  /** The folder for the script that starts the program. */
  readonly folder: string
  /** The program: `dist/cli.js`. */
  readonly script: string
  readonly variables: vscode.EnvironmentVariableCollection
}

/** The scripts of Windows get their paths from these variables: a batch file is not read as UTF-8, and `%` is special in it. */
const RUNTIME = 'REALTIME_INSPECTOR_RUNTIME'
const SCRIPT = 'REALTIME_INSPECTOR_SCRIPT'

/**
 * Writes a script that starts the program, and adds its folder to the `PATH` of terminals that are opened from now on. It
 * runs on the Node.js of the editor, so that none has to be installed. On Windows, there is a script for cmd and PowerShell, and
 * one for the shells of Git and the like.
 */
export async function provideProgram(
  { folder, script, variables }: TerminalProgramOptions,
  platform: NodeJS.Platform = process.platform,
): Promise<void> {
  await mkdir(folder, { recursive: true })
  const isWindows = platform === 'win32'
  const [runtime, program] = isWindows
    ? [`"$${RUNTIME}"`, `"$${SCRIPT}"`]
    : [quote(process.execPath), quote(script)]
  const file = join(folder, PROGRAM)
  await writeFile(file, `#!/bin/sh\nELECTRON_RUN_AS_NODE=1 exec ${runtime} ${program} "$@"\n`)
  await chmod(file, 0o755)
  if (isWindows) {
    await writeFile(
      `${file}.cmd`,
      `@echo off\r\nsetlocal\r\nset ELECTRON_RUN_AS_NODE=1\r\n"%${RUNTIME}%" "%${SCRIPT}%" %*\r\n`,
    )
    variables.replace(RUNTIME, process.execPath)
    variables.replace(SCRIPT, script)
  }
  // Another version of the extension has another folder.
  variables.persistent = false
  variables.prepend('PATH', `${folder}${delimiter}`, {
    applyAtProcessCreation: true,
    applyAtShellIntegration: true,
  })
}

/** The words of `run`. A file or a name that begins with a hyphen is not an option. */
export function runWords(
  file: string,
  name: string | undefined,
  environment: string | undefined,
): readonly string[] {
  const options = environment === undefined ? [] : ['--env', environment]
  const operands = [file.startsWith('-') ? `./${file}` : file, ...(name === undefined ? [] : [name])]
  return name?.startsWith('-')
    ? [PROGRAM, 'run', ...options, '--', ...operands]
    : [PROGRAM, 'run', ...operands, ...options]
}
