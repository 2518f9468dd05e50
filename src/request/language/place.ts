/** What is written at a place of a `.http` file, while it is typed: what could stand there, and which text it replaces. */
import type { Section } from '../file/foreign.ts'
import type { RequestFile, Span, Written } from '../file/request-file.ts'

/** `span` is the text to replace: from the beginning of the word to its end. */
export type Place =
  /** Inside `{{…}}`, without the braces. */
  | { readonly kind: 'placeholder'; readonly span: Span; readonly isClosed: boolean }
  /** The first word of a line where a request may begin. */
  | { readonly kind: 'method'; readonly span: Span; readonly isEmptyLine: boolean }
  /** `follows`: after `# @option`, else directly after the `@`. */
  | {
      readonly kind: 'option-name'
      readonly span: Span
      readonly section: Section
      readonly follows: boolean
    }
  | { readonly kind: 'option-value'; readonly span: Span; readonly option: string }
  | { readonly kind: 'header-name'; readonly span: Span; readonly hasColon: boolean }
  | { readonly kind: 'header-value'; readonly span: Span; readonly header: string }
  /** After `# @expect` or `??`. */
  | { readonly kind: 'expectation'; readonly span: Span }
  /** The path after `<` or `<@`. */
  | { readonly kind: 'path'; readonly span: Span }
  /** A line of a body or of messages that is empty, or where only `=`, `<` or `?` is typed. */
  | { readonly kind: 'content'; readonly span: Span; readonly isFirst: boolean }

/** Longest part of a line that is looked at, in characters. */
const MAX_LINE = 4096

function lineAt(text: string, offset: number): Written {
  const start = text.lastIndexOf('\n', offset - 1) + 1
  const next = text.indexOf('\n', offset)
  const end = text[next - 1] === '\r' ? next - 1 : next < 0 ? text.length : next
  return { start, end: Math.max(start, end), text: text.slice(start, Math.max(start, end)) }
}

const SEPARATOR = /^[ \t]*###/
const IS_COMMENT = /^[ \t]*(?:#|\/\/)/
const IS_VARIABLE = /^[ \t]*@/
const EXPECTATION = /^[ \t]*\?\?[ \t]*/
const SCRIPT_START = /^[ \t]*[<>][ \t]*\{%/

/** The section before a line, and whether it is in a script of another tool. */
function stateBefore(
  { text, requests }: RequestFile,
  line: Written,
): { section: Section; isScript: boolean } {
  let section: Section = 'before'
  let isScript = false
  const first = requests.findLast(({ start }) => start <= line.start)?.start ?? 0
  for (let at = first; at < line.start; ) {
    const each = lineAt(text, at)
    at = text.indexOf('\n', each.end) + 1 || text.length
    if (isScript || SCRIPT_START.test(each.text)) isScript = !each.text.includes('%}')
    else section = after(section, each.text)
  }
  return { section, isScript }
}

function after(section: Section, line: string): Section {
  if (SEPARATOR.test(line)) return 'before'
  if (section === 'body') return 'body'
  if (section === 'head') return line.trim() === '' ? 'body' : 'head'
  return opensRequest(line) ? 'head' : 'before'
}

function opensRequest(line: string): boolean {
  return line.trim() !== '' && !IS_COMMENT.test(line) && !IS_VARIABLE.test(line)
}

/** What is typed at the offset; undefined where nothing can be said of it, such as in the text of a message. */
export function placeAt(file: RequestFile, offset: number): Place | undefined {
  const line = lineAt(file.text, offset)
  const column = offset - line.start
  if (column > MAX_LINE || SEPARATOR.test(line.text)) return undefined
  const { section, isScript } = stateBefore(file, line)
  if (isScript || SCRIPT_START.test(line.text)) return undefined
  const isComment = IS_COMMENT.test(line.text)
  const typed = line.text.slice(0, column)
  const placeholder = placeholderAt(line, column)
  if (placeholder !== undefined && (!isComment || /^[ \t]*(?:#|\/\/)[ \t]*@/.test(line.text)))
    return placeholder
  if (isComment) return optionPlace(line, column, section)
  const [mark] = EXPECTATION.exec(line.text) ?? []
  if (mark !== undefined && column >= mark.length)
    return { kind: 'expectation', span: { start: line.start + mark.length, end: line.end } }
  if (section === 'body') return contentPlace(file, line, column)
  if (section === 'head') return headerPlace(line, column)
  if (!/^[ \t]*[A-Za-z]*$/.test(typed)) return undefined
  return { kind: 'method', span: wordAt(line, column, /[A-Za-z]/), isEmptyLine: line.text.trim() === '' }
}

/** The characters around the column that belong to a word. */
function wordAt(line: Written, column: number, character: RegExp): Span {
  let [start, end] = [column, column]
  while (start > 0 && character.test(line.text.charAt(start - 1))) start--
  while (end < line.text.length && end < MAX_LINE && character.test(line.text.charAt(end))) end++
  return { start: line.start + start, end: line.start + end }
}

function placeholderAt(line: Written, column: number): Place | undefined {
  const open = line.text.lastIndexOf('{{', column - 1)
  if (open < 0 || open + 2 > column) return undefined
  if (/[{}]/.test(line.text.slice(open + 2, column))) return undefined
  const rest = line.text.slice(column)
  const inside = /^[^{}]*/.exec(rest)?.[0] ?? ''
  const isClosed = rest.startsWith('}}', inside.length)
  const end = isClosed ? column + inside.length : column + (/^[\w$.-]*/.exec(rest)?.[0].length ?? 0)
  return {
    kind: 'placeholder',
    span: { start: line.start + open + 2, end: line.start + end },
    isClosed,
  }
}

function optionPlace(line: Written, column: number, section: Section): Place | undefined {
  const [lead = ''] = /^[ \t]*(?:#|\/\/)[ \t]*@/.exec(line.text) ?? []
  if (lead === '' || column < lead.length) return undefined
  const name = /^[\w-]*/.exec(line.text.slice(lead.length))?.[0] ?? ''
  const [start, end] = [lead.length, lead.length + name.length]
  const span = (from: number, to: number): Span => ({ start: line.start + from, end: line.start + to })
  if (column <= end) return { kind: 'option-name', span: span(start, end), section, follows: false }
  if (name !== 'option') return valuePlace(line, column, end, name)
  const [, blank = '', second = ''] = /^([ \t]*)([\w-]*)/.exec(line.text.slice(end)) ?? []
  const from = end + blank.length
  if (column < from) return undefined
  if (column <= from + second.length)
    return { kind: 'option-name', span: span(from, from + second.length), section, follows: true }
  return valuePlace(line, column, from + second.length, second)
}

/** The value of an option, which begins after white space, and may begin after `=` or `:`. */
function valuePlace(line: Written, column: number, nameEnd: number, option: string): Place | undefined {
  const start = nameEnd + (/^[ \t]*[=:]?[ \t]*/.exec(line.text.slice(nameEnd))?.[0].length ?? 0)
  if (column < start) return undefined
  const span = { start: line.start + start, end: line.end }
  return option === 'expect' ? { kind: 'expectation', span } : { kind: 'option-value', option, span }
}

function headerPlace(line: Written, column: number): Place | undefined {
  if (/^[ \t]+[?&]/.test(line.text)) return undefined
  const colon = line.text.indexOf(':')
  if (colon < 0 || column <= colon) {
    const span = wordAt(line, column, /[\w!#$%&'*+.^`|~-]/)
    const before = line.text.slice(0, span.start - line.start)
    return before.trim() === '' ? { kind: 'header-name', span, hasColon: colon >= 0 } : undefined
  }
  const header = line.text.slice(0, colon).trim()
  const comma = line.text.lastIndexOf(',', column - 1)
  const from = Math.max(colon, comma) + 1
  const start = from + (/^[ \t]*/.exec(line.text.slice(from, column))?.[0].length ?? 0)
  const next = line.text.indexOf(',', column)
  return {
    kind: 'header-value',
    header,
    span: { start: line.start + start, end: next < 0 ? line.end : line.start + next },
  }
}

function contentPlace(file: RequestFile, line: Written, column: number): Place | undefined {
  const [, lead = ''] = /^(<@?[ \t]+)/.exec(line.text) ?? []
  if (lead !== '')
    return column < lead.length
      ? undefined
      : { kind: 'path', span: { start: line.start + lead.length, end: line.end } }
  if (!/^(?:=*|<@?|\?{1,2})$/.test(line.text.trimEnd())) return undefined
  return {
    kind: 'content',
    span: { start: line.start, end: line.end },
    isFirst: line.start > 0 && stateBefore(file, lineAt(file.text, line.start - 1)).section === 'head',
  }
}
