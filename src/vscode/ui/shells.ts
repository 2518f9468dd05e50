/** What the shells of terminals need. Does not import `vscode`. */
import { Failure } from '../../shared/failure.ts'
import type { CommandShell } from '../../shared/protocol/payloads.ts'

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
  const name = shellName(shell)
  // PowerShell takes typographic quotes for others.
  if (isPowerShell(name)) return `'${word.replaceAll(/['\u2018-\u201b]/g, '$&$&')}'`
  if (name === 'fish') return `'${word.replaceAll(/['\\]/g, '\\$&')}'`
  return platform === 'win32' && !isPosix(name)
    ? `"${word.replaceAll('"', '""')}"`
    : `'${word.replaceAll("'", "'\\''")}'`
}

/** What a command to copy is written for: the default shell of the terminal. `shell` is as for `quote`. */
export function commandShell(shell: string, platform: NodeJS.Platform = process.platform): CommandShell {
  const name = shellName(shell)
  if (platform !== 'win32' || isPosix(name)) return 'posix'
  return isPowerShell(name) ? 'powershell' : 'cmd'
}

function shellName(path: string): string {
  return /[^/\\]*$/.exec(path.toLowerCase())?.[0].replace(/\.exe$/, '') ?? ''
}

function isPowerShell(name: string): boolean {
  return name === 'pwsh' || name === 'powershell'
}

function isPosix(name: string): boolean {
  return /^(?:ba|da|z)?sh$/.test(name)
}
