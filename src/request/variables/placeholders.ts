/** Placeholders in a file of requests: `{{name}}`, `{{$name arguments}}` and `{{$name(arguments)}}`. */

/** A placeholder with its place in the text. */
export interface Placeholder {
  /** With its braces. */
  readonly written: string
  readonly name: string
  /** What follows the name; empty if nothing does. */
  readonly args: string
  readonly start: number
  readonly end: number
}

/** What is in double braces on one line. Nothing that it repeats can match a brace, so the search is linear. */
const BRACES = /\{\{(?<inside>[^{}\r\n]{1,300})\}\}/g
const NAME = /^\$?[A-Za-z_][\w.-]{0,63}/

function placeholderAt(match: RegExpExecArray | RegExpMatchArray): Placeholder | undefined {
  const { index = 0 } = match
  const [written] = match
  const inside = (match.groups?.inside ?? '').trim()
  const name = NAME.exec(inside)?.[0]
  if (name === undefined) return undefined
  const rest = inside.slice(name.length)
  const hasArguments = name.startsWith('$') && /^[ \t(]/.test(rest)
  if (rest !== '' && !hasArguments) return undefined
  return { written, name, args: rest.trim(), start: index, end: index + written.length }
}

/** The placeholders in the text, in order. Other text in double braces, such as an expression, is not one. */
export function placeholdersIn(text: string): Placeholder[] {
  return [...text.matchAll(BRACES)].flatMap((match) => placeholderAt(match) ?? [])
}

/** The spans of what is in double braces but is not a placeholder: other tools evaluate it as JavaScript. */
export function expressionsIn(text: string): { readonly start: number; readonly end: number }[] {
  return [...text.matchAll(BRACES)].flatMap((match) =>
    placeholderAt(match) === undefined ? [{ start: match.index, end: match.index + match[0].length }] : [],
  )
}

/** Whether each of the placeholders, in their order, is inside a string of a JSON text. */
export function areQuoted(json: string, found: readonly Placeholder[]): boolean[] {
  const token = /\\[\s\S]|"/g
  let isQuoted = false
  let match = token.exec(json)
  return found.map(({ start }) => {
    for (; match !== null && match.index < start; match = token.exec(json))
      if (match[0] === '"') isQuoted = !isQuoted
    return isQuoted
  })
}
