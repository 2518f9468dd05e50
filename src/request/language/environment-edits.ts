/** Adds a variable to the text of a file of environments. */

import { isFields } from '../../shared/fields.ts'
import { tryParseJson } from '../../shared/text/json-text.ts'
import { blankComments, type JsonMember, membersOf } from '../variables/json-members.ts'

export interface Insertion {
  readonly offset: number
  readonly text: string
}

const INDENT = '  '

/**
 * What to insert so that `environment` has a variable without a value. Undefined if the text is not an object of JSON, or
 * the environment is not an object.
 */
export function variableInsertion(text: string, environment: string, name: string): Insertion | undefined {
  const json = blankComments(text)
  if (!isFields(tryParseJson(json))) return undefined
  const members = membersOf(json, 2)
  const top = members.filter(({ path }) => path.length === 1)
  const own = top.find(({ path }) => path[0] === environment)
  const entry = `${JSON.stringify(name)}: ""`
  if (own === undefined) {
    const object = `${JSON.stringify(environment)}: {\n${INDENT.repeat(2)}${entry}\n${INDENT}}`
    return inserted(json.indexOf('{'), json.lastIndexOf('}'), top, object, 1, json)
  }
  if (json[own.start] !== '{') return undefined
  const inside = members.filter(({ path }) => path.length === 2 && path[0] === environment)
  return inserted(own.start, own.end - 1, inside, entry, 2, json)
}

/** The entry as the last member of the object between two braces. */
function inserted(
  open: number,
  close: number,
  members: readonly JsonMember[],
  entry: string,
  depth: number,
  json: string,
): Insertion {
  const last = members.at(-1)
  const isOneLine = !json.slice(open, close).includes('\n')
  const gap = (indents: number) => (isOneLine ? ' ' : `\n${INDENT.repeat(indents)}`)
  const text = last === undefined ? gap(depth) + entry + gap(depth - 1) : `,${gap(depth)}${entry}`
  return { offset: last?.end ?? open + 1, text }
}

/** The text of a new file with one environment and one variable. */
export function newEnvironmentFile(environment: string, name: string): string {
  return `${JSON.stringify({ [environment]: { [name]: '' } }, undefined, INDENT)}\n`
}
