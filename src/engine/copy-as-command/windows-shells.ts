/** curl commands to paste into cmd.exe or PowerShell. */
import { Failure } from '../../shared/failure.ts'
import { checkCharacters, type Option } from './shell-syntax.ts'

/** Characters of a command line of cmd.exe at most. */
const MAX_CMD_LINE = 8191
/** Bytes of a line in a configuration file at most, before curl 8.6. */
const MAX_CONFIG_LINE = 100 * 1024

/** The command for cmd.exe. Throws TOO_LARGE if it is too long for it. */
export function curlForCmd(options: readonly Option[], url: string): string {
  const words = [
    ...options.map(([name, value]) => (value === undefined ? name : `${name} ${quoteForCmd(value)}`)),
    quoteForCmd(url),
  ]
  const line = ['curl.exe', ...words].join(' ^\n  ')
  if (line.length > MAX_CMD_LINE) throw tooLarge('cmd', 'PowerShell')
  return line
}

/**
 * Quotes a text for cmd.exe and then the C runtime, as the developer tools of Chrome do. Every character with a meaning has
 * a caret, also the quotes, since cmd.exe reads no carets within quotes. A caret after `%` changes the name of a variable to
 * one that does not exist.
 */
function quoteForCmd(text: string): string {
  checkCharacters(text)
  if (text.length > MAX_CMD_LINE) throw tooLarge('cmd', 'PowerShell')
  const escaped = text
    // Backslashes are special only before a quote.
    .replaceAll(/(\\*)("|$)/g, (_, slashes: string, end: string) => slashes + slashes + (end && '\\"'))
    .replaceAll(/[^\w\s\-:=+~'/.,?;()*`\\]/gu, '^$&')
    .replaceAll(/%(?=\w)/g, '%^')
    .replaceAll(/\r?\n/g, '^\n\n')
  return `^"${escaped}^"`
}

/**
 * The command for PowerShell. curl reads its options from standard input, because Windows PowerShell changes quotes in
 * arguments, and later versions escape them differently. `curl` alone would be another command there. Throws TOO_LARGE if curl
 * cannot read the options.
 */
export function curlForPowerShell(options: readonly Option[], url: string): string {
  const lines = [...options, ['--url', url] as const].map(([name, value]) =>
    value === undefined ? name.slice(2) : `${name.slice(2)} = ${quoteForConfig(value)}`,
  )
  if (lines.some((line) => Buffer.byteLength(line) > MAX_CONFIG_LINE))
    throw tooLarge('PowerShell', 'a POSIX shell')
  // By default, Windows PowerShell pipes question marks in place of what is not ASCII.
  return [
    '& { $OutputEncoding = New-Object Text.UTF8Encoding $false',
    "@'",
    ...lines,
    "'@ | curl.exe --config - }",
  ].join('\n')
}

const ESCAPES: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t' }

/** curl's manual, `--config`: a value in double quotes, with these escapes. */
function quoteForConfig(text: string): string {
  checkCharacters(text)
  return `"${text.replaceAll(/[\\"]/g, '\\$&').replaceAll(/[\n\r\t]/g, (each) => ESCAPES[each] ?? each)}"`
}

function tooLarge(shell: string, other: string): Failure {
  return new Failure(
    'TOO_LARGE',
    `The request is too long for a command of ${shell}; make ${other} the default of the terminal, and copy it again.`,
  )
}
