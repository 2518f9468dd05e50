/**
 * Splits a text into commands and words as cmd.exe and then the C runtime do, for what browsers copy "as cURL (cmd)".
 */
import { CommandList, type ShellCommand, withoutMarks } from './commands.ts'

/** A caret before a quote or at the end of a line, which bash would not have. */
const CMD = /\^["^\r\n]|^\s*curl\.exe\s/i

/** Whether a text was written for cmd.exe. */
export function isForCmd(text: string): boolean {
  return CMD.test(text)
}

/** The command lines that cmd.exe runs: without its carets, each quote that began with one escaped or not. */
export function cmdCommands(text: string): readonly ShellCommand[] {
  const list = new CommandList()
  for (const { line, isPiped } of cmdLines(withoutMarks(text).replaceAll('\r\n', '\n'))) {
    if (list.isFull) break
    addWords(line, list)
    list.endCommand(isPiped)
  }
  return list.commands
}

interface CmdLine {
  readonly line: string
  /** Its output goes to the next one. */
  readonly isPiped: boolean
}

/** What cmd.exe gives to the programs. */
function cmdLines(text: string): CmdLine[] {
  const lines: CmdLine[] = []
  let [line, isQuoted] = ['', false]
  const end = (isPiped = false) => {
    lines.push({ line, isPiped })
    line = ''
    isQuoted = false
  }
  for (let at = 0; at < text.length; at++) {
    const next = text.charAt(at)
    if (next === '"') {
      isQuoted = !isQuoted
      line += next
    } else if (next === '\n') end()
    else if (isQuoted) line += next
    else if (next === '^') {
      at++
      // The end of the line is removed, and what follows it is text, whatever it is.
      if (text[at] === '\n') at++
      line += text[at] ?? ''
    } else if ('&|'.includes(next)) end(next === '|' && text[at + 1] !== '|' && text[at - 1] !== '|')
    else line += next
  }
  end()
  return lines
}

/** An odd number of backslashes that is not before a quote. */
const SINGLE_BACKSLASH = /(?<!\\)\\(?:\\\\)*(?![\\"])/

/**
 * The arguments of a C program (Microsoft, "Parsing C command-line arguments"). Browsers double each backslash, although it
 * need not be doubled unless a quote follows; what they meant is read.
 */
function addWords(line: string, list: CommandList): void {
  const isDoubled = !SINGLE_BACKSLASH.test(line)
  let isQuoted = false
  for (let at = 0; at < line.length; at++) {
    const next = line.charAt(at)
    if (next === '\\') {
      let to = at
      while (line[to] === '\\') to++
      const count = to - at
      if (line[to] !== '"') list.add('\\'.repeat(isDoubled ? count / 2 : count))
      else {
        list.add('\\'.repeat(Math.floor(count / 2)))
        if (count % 2 === 1) {
          list.add('"')
          to++
        }
      }
      at = to - 1
    } else if (next === '"') {
      if (isQuoted && line[at + 1] === '"') {
        list.add('"')
        at++
      } else {
        isQuoted = !isQuoted
        list.add('')
      }
    } else if (!isQuoted && (next === ' ' || next === '\t')) list.endWord()
    else list.add(next)
  }
  list.endWord()
}
