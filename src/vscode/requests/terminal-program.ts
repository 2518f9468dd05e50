/** The terminal program of the extension, as `realtime-inspector` in the terminals of the window. */
import { chmod, mkdir, writeFile } from 'node:fs/promises'
import { delimiter, join } from 'node:path'
import type * as vscode from 'vscode'
import { Failure } from '../../shared/failure.ts'

/** Its name on the command line. */
export const PROGRAM = 'realtime-inspector'

export interface TerminalProgramOptions {
  /** The folder for the script that starts the program. */
  readonly folder: string
  /** The program: `dist/cli.js`. */
  readonly script: string
  readonly variables: vscode.EnvironmentVariableCollection
}

/**
 * Writes a script that starts the program, and adds its folder to the `PATH` of terminals that are opened from now on. It
 * runs on the Node.js of the editor, so that none has to be installed.
 */
export async function provideProgram({ folder, script, variables }: TerminalProgramOptions): Promise<void> {
  await mkdir(folder, { recursive: true })
  if (process.platform === 'win32')
    await writeFile(
      join(folder, `${PROGRAM}.cmd`),
      `@echo off\r\nsetlocal\r\nset ELECTRON_RUN_AS_NODE=1\r\n"${process.execPath}" "${script}" %*\r\n`,
    )
  else {
    const file = join(folder, PROGRAM)
    await writeFile(
      file,
      `#!/bin/sh\nELECTRON_RUN_AS_NODE=1 exec ${quote(process.execPath)} ${quote(script)} "$@"\n`,
    )
    await chmod(file, 0o755)
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

/**
 * A word as a shell reads it: in quotes if it has other characters than those of names and paths. `shell` is the path of the
 * shell; empty if it is not known. Throws a `Failure` `BAD_NAME` for control characters: a terminal takes them as keys, and
 * some of them run what is typed, whatever the quotes.
 */
export function quote(word: string, shell = '', platform: NodeJS.Platform = process.platform): string {
  if (/\p{Cc}/u.test(word))
    throw new Failure(
      'BAD_NAME',
      `${JSON.stringify(word)} has control characters, which a terminal would take as keys. Rename it.`,
    )
  if (/^[\w@%+=:,./-]+$/.test(word)) return word
  const name = /[^/\\]*$/.exec(shell.toLowerCase())?.[0].replace(/\.exe$/, '') ?? ''
  // PowerShell takes typographic quotes for others.
  if (name === 'pwsh' || name === 'powershell') return `'${word.replaceAll(/['\u2018-\u201b]/g, '$&$&')}'`
  if (name === 'fish') return `'${word.replaceAll(/['\\]/g, '\\$&')}'`
  const isWindows = platform === 'win32' && !/^(?:ba|da|z)?sh$/.test(name)
  return isWindows ? `"${word.replaceAll('"', '""')}"` : `'${word.replaceAll("'", "'\\''")}'`
}
