/** Command lines for a POSIX shell, and the tool that each is for. Those for Windows are in `windows-shells.ts`. */
import type { Headers } from '../../shared/event.ts'
import { Failure } from '../../shared/failure.ts'
import type { CommandTool } from '../../shared/protocol/payloads.ts'
import { schemeOf } from '../../shared/transports.ts'

/** The tool that makes connections to a URL. Throws NO_TOOL for other schemes: the URL may come from a file. */
export function toolFor(url: string): CommandTool {
  const scheme = schemeOf(url)
  if (scheme !== undefined) return scheme === 'ws' ? 'websocat' : 'curl'
  throw new Failure('NO_TOOL', 'There is no command for this URL: its scheme is not http, https, ws or wss.')
}

/** Maximum number of bytes of a message or body in a command. */
export const MAX_BYTES = 1024 * 1024

/** Control characters that a terminal may act on if they are pasted, quoted or not: all but tabs and line ends. */
const CONTROL = /(?![\t\n\r])\p{Cc}/u

/** Throws CONTROL_CHARACTER if the text is not safe to paste. */
export function checkCharacters(text: string): void {
  if (CONTROL.test(text))
    throw new Failure(
      'CONTROL_CHARACTER',
      'The request has a control character, which is not safe to paste into a terminal; remove it and connect again.',
    )
}

/**
 * Quotes a text for any POSIX shell. XCU section 2.2.2: within single quotes, only the single quote is special. Throws
 * CONTROL_CHARACTER if the text cannot be in a word, such as NUL, or is not safe to paste.
 */
export function quote(text: string): string {
  checkCharacters(text)
  return `'${text.replaceAll("'", `'\\''`)}'`
}

/** An option with its value. */
export type Option = readonly [name: string, value?: string]

/** The command with one option on each line. `joint` separates an option from its value. */
export function commandLine(
  program: string,
  options: readonly Option[],
  operand: string,
  joint = ' ',
): string {
  const words = options.map(([name, value]) =>
    value === undefined ? name : `${name}${joint}${quote(value)}`,
  )
  return [program, ...words, quote(operand)].join(' \\\n  ')
}

/** Bytes of an argument at most: Linux allows 128 KiB (MAX_ARG_STRLEN). */
const MAX_ARGUMENT = 100_000

/** Whether the text can be an argument of a command. */
export function fitsArgument(text: string): boolean {
  return !CONTROL.test(text) && Buffer.byteLength(text) <= MAX_ARGUMENT
}

/** Pipes bytes into a command. `printf` is built into the shell, so its arguments can have any length. */
export function piped(bytes: Uint8Array, text: string | undefined, command: string): string {
  const source =
    text !== undefined && !CONTROL.test(text)
      ? `printf %s ${quote(text)}`
      : `printf %s ${quote(Buffer.from(bytes).toString('base64'))} | base64 -d`
  return `${source} | ${command}`
}

/** RFC 9110 section 5.1: a field name is a token. Others were never sent, and curl would read `@name` as a file name. */
const TOKEN = /^[\w!#$%&'*+.^`|~-]+$/

/** One pair for each value of a field. */
export function headerLines(headers: Headers): [name: string, value: string][] {
  return Object.entries(headers)
    .filter(([name]) => TOKEN.test(name))
    .flatMap(([name, value]) => [value].flat().map((each): [string, string] => [name, each]))
}
