/** Names and placeholders of other programs as those of a file of requests. */
import { VARIABLE_NAME } from '../../shared/compose/template.ts'
import { escapeBraces } from '../file/print-text.ts'

/** What is in double braces. Nothing that it repeats can match a brace, so the search is linear. */
const BRACES = /\{\{([^{}\r\n]{1,300})\}\}/

/** A name that a variable can have: `api_key` for `api key`. Empty if nothing of it is left. */
export function variableName(foreign: string): string {
  const name = foreign
    .trim()
    .replaceAll(/[^\w.-]+/g, '_')
    .slice(0, 64)
  if (name === '' || /^[_.-]+$/.test(name)) return ''
  return VARIABLE_NAME.test(name) ? name : `_${name}`.slice(0, 64)
}

/**
 * The text with its placeholders translated. `translate` gets what is between the braces. If it returns undefined, and
 * everywhere else, braces are text.
 */
export function translateBraces(text: string, translate: (inside: string) => string | undefined): string {
  return text
    .split(BRACES)
    .map((part, index) =>
      index % 2 === 1 ? (translate(part.trim()) ?? escapeBraces(`{{${part}}}`)) : escapeBraces(part),
    )
    .join('')
}
