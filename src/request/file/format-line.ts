/** The usual form of each kind of line. It says the same. */
import { type Line, splitWord, trimmed } from './lines.ts'
import { methodOf } from './methods.ts'
import type { LineKind } from './notes.ts'
import type { Written } from './request-file.ts'
import { HEADER } from './request-line.ts'

const INDENTATION = '  '

/** By kind; kinds that are not here keep their text as it is. */
const FORMS: { readonly [Kind in LineKind]?: (line: Line) => string } = {
  separator: (line) => {
    const [, marks = ''] = /^[ \t]*(#+)/.exec(line.text) ?? []
    const title = trimmed(line, line.text.search(/[^# \t]|$/)).text
    return words(marks, title)
  },
  comment: (line) => line.text.slice(0, trimmed(line).end - line.start),
  directive,
  variable: (line) => {
    const equals = line.text.indexOf('=')
    const sign = line.text.charAt(equals - 1) === ':' ? ':=' : '='
    const name = trimmed(line, 0, equals + 1 - sign.length).text
    return words(name, sign, trimmed(line, equals + 1).text)
  },
  request: (line) => {
    const content = trimmed(line)
    const [word, rest] = splitWord(content)
    return methodOf(word.text) === undefined ? content.text : words(word.text.toUpperCase(), rest.text)
  },
  url: (line) => INDENTATION + trimmed(line).text,
  header: (line) => {
    const [name = ''] = HEADER.exec(line.text) ?? []
    return words(`${trimmed(line, 0, name.length - 1).text}:`, trimmed(line, name.length).text)
  },
  continuation: (line) => INDENTATION + trimmed(line).text,
  message: (line) => {
    const [word, rest] = splitWord(trimmed(line, line.text.indexOf('===') + 3))
    return words('===', word.text, rest.text)
  },
  expectation: (line) => words('??', trimmed(line, line.text.indexOf('??') + 2).text),
}

/** The text of a line in its usual form. */
export function formatLine(line: Line, kind: LineKind): string {
  return FORMS[kind]?.(line) ?? line.text
}

function words(...parts: readonly string[]): string {
  return parts.filter((part) => part !== '').join(' ')
}

/** `# @NAME VALUE`. What is between two words is one space, or ` = ` after the name of a variable. */
function directive(line: Line): string {
  const at = line.text.indexOf('@')
  const mark = trimmed(line, 0, at).text
  const [name, rest] = splitWord(trimmed(line, at + 1))
  if (name.text === 'option') return words(mark, '@option', spaced(rest))
  return words(mark, `@${name.text}`, name.text === 'set' ? assignment(rest) : rest.text)
}

function spaced(written: Written): string {
  const [name, value] = splitWord(written)
  return words(name.text, value.text)
}

function assignment(written: Written): string {
  const equals = written.text.indexOf('=')
  return words(trimmed(written, 0, equals).text, '=', trimmed(written, equals + 1).text)
}
