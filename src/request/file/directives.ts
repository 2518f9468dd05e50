/** Reads comments that say something: `# @NAME VALUE`, also with `//`. */

import { MESSAGE_FORMATS } from '../../shared/compose/compose.ts'
import { VARIABLE_NAME } from '../../shared/compose/template.ts'
import { sentenceOf } from '../../shared/failure.ts'
import { foreignDirective } from './foreign.ts'
import { type Line, splitWord, trimmed } from './lines.ts'
import type { Notes } from './notes.ts'
import { noteKeepAlive, readRule } from './read-rule.ts'
import type { Field, FileRule, FileValue, Written } from './request-file.ts'
import { SETTINGS, settingOf } from './settings.ts'

/** The mark of a comment, up to the name of a directive. */
const DIRECTIVE = /^[ \t]*(?:#{1,2}|\/{2,})[ \t]*@(?=[A-Za-z])/

export interface DirectiveHelp {
  readonly name: string
  /** What it does, as a clause without a period. */
  readonly hint: string
  /** Whether it is written before the body or in it. If absent, it may be in both. */
  readonly section?: 'head' | 'body'
}

/** The directives that are not options. Completion and fixes derive from this table. */
export const DIRECTIVES: readonly DirectiveHelp[] = [
  { name: 'name', hint: 'names the request', section: 'head' },
  { name: 'option', hint: 'sets an option of the connection', section: 'head' },
  { name: 'message', hint: 'names the message below', section: 'body' },
  {
    name: 'format',
    hint: `how the message below is written: ${MESSAGE_FORMATS.join(', ')}`,
    section: 'body',
  },
  { name: 'set', hint: 'keeps a value of a message as a variable: name = $.path when FILTER' },
  { name: 'expect', hint: 'says what is expected of the connection' },
  { name: 'on', hint: 'answers messages, or does something else with them: FILTER => TEXT' },
  { name: 'keep-alive', hint: 'sends a message at an interval: 30 s => TEXT' },
]

/** What one line says. `comment`: nothing that is understood. */
export type Directive =
  | { readonly kind: keyof typeof VALUES; readonly value: Written }
  | { readonly kind: 'option'; readonly field: Field }
  | { readonly kind: 'set'; readonly value: FileValue }
  | { readonly kind: 'on'; readonly rule: FileRule }
  | { readonly kind: 'keep-alive'; readonly value: Written }
  | { readonly kind: 'sse' }
  | { readonly kind: 'comment' }

const COMMENT: Directive = { kind: 'comment' }

export function isComment(line: Line): boolean {
  return /^[ \t]*(?:#|\/\/)/.test(line.text)
}

/** Reads a line that is a comment. Notes what is wrong with it. */
export function readDirective(line: Line, notes: Notes): Directive {
  const [mark] = DIRECTIVE.exec(line.text) ?? []
  if (mark === undefined) return COMMENT
  const written = trimmed(line, mark.length)
  const [name, value] = nameAndValue(written)
  switch (name.text) {
    // They may begin with an arrow, which is not an assignment.
    case 'on':
      return readOn(splitWord(written), notes)
    case 'keep-alive':
      return readKeepAlive(splitWord(written), notes)
    case 'name':
    case 'message':
    case 'format':
    case 'expect':
      return withValue(name.text, name, value, notes)
    case 'set':
      return readSet(name, value, notes)
    case 'option':
      return readOption(nameAndValue(value), notes)
    case 'sse':
      return { kind: 'sse' }
    default:
      if (name.text === 'timeout') checkUnit(value, notes)
      return readOption([name, value], notes)
  }
}

/** The name and what follows it; there may be a `=` between them, as JetBrains writes it. */
function nameAndValue(written: Written): readonly [name: Written, value: Written] {
  const [word, rest] = splitWord(written)
  const equals = word.text.indexOf('=')
  if (equals >= 0) return [trimmed(written, 0, equals), trimmed(written, equals + 1)]
  return [word, rest.text.startsWith('=') ? trimmed(rest, 1) : rest]
}

/** What is written after the name. */
const VALUES = {
  name: 'a name',
  message: 'a name',
  format: 'a format',
  expect: 'a filter',
} as const

function withValue(kind: keyof typeof VALUES, name: Written, value: Written, notes: Notes): Directive {
  if (value.text === '') return withoutValue(name, VALUES[kind], notes)
  if (kind === 'format' && !(MESSAGE_FORMATS as readonly string[]).includes(value.text)) {
    notes.add('error', value, 'BAD_VALUE', `A format is one of ${MESSAGE_FORMATS.join(', ')}.`)
    return COMMENT
  }
  return { kind, value }
}

function readOn([name, value]: readonly [Written, Written], notes: Notes): Directive {
  if (value.text === '') return withoutValue(name, 'a filter, => and an answer', notes)
  const rule = readRule(value, notes)
  return rule === undefined ? COMMENT : { kind: 'on', rule }
}

function readKeepAlive([name, value]: readonly [Written, Written], notes: Notes): Directive {
  if (value.text === '') return withoutValue(name, 'a time, => and a message', notes)
  noteKeepAlive(value, notes)
  return { kind: 'keep-alive', value }
}

function withoutValue(name: Written, what: string, notes: Notes): Directive {
  notes.add('warning', name, 'NO_VALUE', `There is nothing after @${name.text}; write ${what}.`)
  return COMMENT
}

const SET_FORM = '# @set name = $.path, or # @set name = $.path when FILTER'

/** `name = PATH [when FILTER]`. */
function readSet(directive: Written, value: Written, notes: Notes): Directive {
  const equals = value.text.indexOf('=')
  const name = trimmed(value, 0, Math.max(equals, 0))
  const rest = trimmed(value, equals + 1)
  const at = rest.text.search(/[ \t]when[ \t]/)
  const path = at < 0 ? rest : trimmed(rest, 0, at)
  const span = value.text === '' ? directive : value
  if (equals < 0 || name.text === '' || !/^\$(?:\d{1,2}$|$|[.[])/.test(path.text)) {
    notes.add('error', span, 'BAD_SET', `Write ${SET_FORM}.`)
    return COMMENT
  }
  if (!isName(name, notes, 'error')) return COMMENT
  const filter = at < 0 ? undefined : trimmed(rest, at + ' when '.length)
  if (filter === undefined && /^\$\d/.test(path.text)) {
    notes.add(
      'error',
      path,
      'BAD_SET',
      `${path.text} is a group of a filter's regular expression; write "when" and the filter after it.`,
    )
    return COMMENT
  }
  return {
    kind: 'set',
    value: { start: directive.start, end: value.end, name, path, ...(filter !== undefined && { filter }) },
  }
}

/** Whether a variable can have the name. If not, notes that. */
export function isName(name: Written, notes: Notes, severity: 'error' | 'warning'): boolean {
  if (VARIABLE_NAME.test(name.text)) return true
  const rule =
    'up to 64 letters, digits, dots, dashes and underscores, the first one a letter or an underscore'
  notes.add(severity, name, 'BAD_NAME', `A variable's name has ${rule}.`)
  return false
}

function readOption([name, value]: readonly [Written, Written], notes: Notes): Directive {
  const setting = settingOf(name.text)
  if (setting !== undefined) {
    checkValue(setting.isSwitch, name, value, notes, () => setting.read(value.text))
    return { kind: 'option', field: { start: name.start, end: value.end, name, value } }
  }
  const foreign = foreignDirective(name.text)
  if (foreign !== undefined) notes.add(foreign.severity, name, foreign.code, foreign.message)
  else
    notes.add(
      'warning',
      name,
      'UNKNOWN_OPTION',
      `There is no option ${JSON.stringify(name.text.slice(0, 64))}; the options are ${SETTINGS.map((each) => each.name).join(', ')}.`,
    )
  return COMMENT
}

/** JetBrains writes seconds in the same way. */
function checkUnit(value: Written, notes: Notes): void {
  if (/^\d{1,3}$/.test(value.text))
    notes.add(
      'warning',
      value,
      'UNIT',
      `These are milliseconds, as in httpYac and in the terminal; JetBrains reads seconds. Write ${value.text} ms or ${value.text} s.`,
    )
}

/** Notes what is wrong with a value, unless a variable is in it. */
function checkValue(
  isSwitch: boolean,
  name: Written,
  value: Written,
  notes: Notes,
  read: () => unknown,
): void {
  if (value.text.includes('{{')) return
  if (value.text === '' && !isSwitch) {
    notes.add('error', name, 'NO_VALUE', `The option ${name.text} needs a value.`)
    return
  }
  try {
    read()
  } catch (thrown) {
    notes.add('error', value.text === '' ? name : value, 'BAD_VALUE', sentenceOf(thrown))
  }
}
