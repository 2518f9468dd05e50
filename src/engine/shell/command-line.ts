/** Command lines for a POSIX shell, and the tool that each is for. */
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

/** Bytes of a message or body within a command. */
export const MOST_BYTES = 1024 * 1024

/** What a terminal may act upon where it is pasted, quoted or not: control characters but for tabs and line ends. */
const CONTROL = /(?![\t\n\r])\p{Cc}/u

/**
 * A word that any POSIX shell takes as exactly this text: XCU section 2.2.2, nothing is special within single
 * quotes but the single quote itself. Throws CONTROL_CHARACTER for what cannot be in a word, such as NUL, or be pasted.
 */
export function quote(text: string): string {
  if (CONTROL.test(text))
    throw new Failure(
      'CONTROL_CHARACTER',
      'What was asked for has a control character, which cannot safely be pasted; ask for it without.',
    )
  return `'${text.replaceAll("'", `'\\''`)}'`
}

/** An option with its value. */
export type Option = readonly [name: string, value?: string]

/** The command, one option a line. `joint` stands between an option and its value. */
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

/** Bytes of text that a command's argument may have: Linux allows 128 KiB (MAX_ARG_STRLEN). */
const MOST_ARGUMENT = 100_000

/** Whether the text can be an argument of a command. */
export function fitsArgument(text: string): boolean {
  return !CONTROL.test(text) && Buffer.byteLength(text) <= MOST_ARGUMENT
}

/** Puts bytes on the standard input of a command; `printf` is part of the shell and takes any length. */
export function piped(bytes: Uint8Array, text: string | undefined, command: string): string {
  const source =
    text !== undefined && !CONTROL.test(text)
      ? `printf %s ${quote(text)}`
      : `printf %s ${quote(Buffer.from(bytes).toString('base64'))} | base64 -d`
  return `${source} | ${command}`
}

/** RFC 9110 section 5.1: a field name is a token. What is none was never sent, and curl reads `@name` as a file's. */
const TOKEN = /^[\w!#$%&'*+.^`|~-]+$/

/** A value each. */
export function headerLines(headers: Headers): [name: string, value: string][] {
  return Object.entries(headers)
    .filter(([name]) => TOKEN.test(name))
    .flatMap(([name, value]) => [value].flat().map((each): [string, string] => [name, each]))
}
