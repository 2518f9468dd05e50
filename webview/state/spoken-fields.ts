/** The fields of a protocol as the user types them, and the values that they stand for. */
import * as l10n from '@vscode/l10n'
import { splitNames } from '../../src/request/options.ts'
import { MASK } from '../../src/shared/secrets.ts'
import type { FieldValues, SpokenField } from '../../src/shared/spoken/traits.ts'
import { jsonMistake, tryParseJson } from '../../src/shared/text/json-text.ts'

/** Texts by the names of fields. A toggle is `true` or `false`. A field without a text has its initial value. */
export type Typed = Readonly<Record<string, string>>

/** The text for a value. */
function textOf({ type }: SpokenField, value: unknown): string {
  if (typeof value !== 'string') return JSON.stringify(value) ?? ''
  // A text that looks like other JSON keeps its quotes.
  return type === 'json' && value !== MASK && tryParseJson(value) !== undefined
    ? JSON.stringify(value)
    : value
}

/** The texts for values that were set before. */
export function typedOf(fields: readonly SpokenField[], values: FieldValues): Typed {
  const typed = fields.flatMap((field): [string, string][] => {
    const value = values[field.name]
    if (value === undefined) return []
    const isTexts = field.isList && Array.isArray(value) && value.every((each) => typeof each === 'string')
    return [[field.name, isTexts ? value.join(', ') : textOf(field, value)]]
  })
  return Object.fromEntries(typed)
}

function isLeftOut({ type, isList }: SpokenField, text: string): boolean {
  return type === 'text' && isList !== true ? text === '' : text.trim() === ''
}

function valueFor({ type, isList }: SpokenField, text: string): unknown {
  switch (type) {
    case 'number':
      return Number(text)
    case 'toggle':
      return text === 'true'
    case 'json': {
      const value = tryParseJson(text)
      if (value !== undefined) return value
      break
    }
  }
  if (isList !== true) return text
  const names = splitNames(text)
  return names.length === 1 ? names[0] : names
}

/** The values of the fields that have one. */
export function valuesOf(fields: readonly SpokenField[], typed: Typed): FieldValues {
  const values = fields.flatMap((field): [string, unknown][] => {
    const text = typed[field.name] ?? ''
    if (isLeftOut(field, text)) return []
    const value = valueFor(field, text)
    return value === field.initial ? [] : [[field.name, value]]
  })
  return Object.fromEntries(values)
}

function problemIn(field: SpokenField, text: string): string | undefined {
  if (isLeftOut(field, text)) return field.isRequired ? l10n.t('This is needed: {0}.', field.hint) : undefined
  if (field.type === 'number' && !(Number(text) >= 0 && Number.isFinite(Number(text))))
    return l10n.t('This is not a number from 0.')
  // Other texts stand for themselves, as in the terminal.
  if (field.type === 'json' && /^\s*["[{]/.test(text) && text !== MASK) {
    const mistake = jsonMistake(text)
    if (mistake !== undefined) return l10n.t('not JSON: {0}', mistake)
  }
  return undefined
}

/** What is wrong with the fields, by their names. */
export function spokenProblems(
  fields: readonly SpokenField[],
  typed: Typed,
): Readonly<Record<string, string>> {
  const found = fields.flatMap((field): [string, string][] => {
    const problem = problemIn(field, typed[field.name] ?? '')
    return problem === undefined ? [] : [[field.name, problem]]
  })
  return Object.fromEntries(found)
}
