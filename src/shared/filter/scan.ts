/** Splits a filter into tokens. */
import { FilterError, type TextSpan } from './syntax.ts'

export type Token = TextSpan &
  (
    | { readonly kind: 'open' | 'close' | 'and' | 'or' | 'not' }
    | { readonly kind: 'field'; readonly name: string; readonly value: string; readonly valueStart: number }
    | { readonly kind: 'word' | 'phrase'; readonly text: string }
    | { readonly kind: 'regex'; readonly source: string; readonly flags: string }
    | { readonly kind: 'path'; readonly path: string }
    | { readonly kind: 'operator'; readonly operator: string }
  )

const OPERATOR = /==|!=|<=|>=|<|>/y
const EQUALS = /=/y
const FIELD = /([a-z]+):/iy
/** What can follow a path. */
const PATH_END = /$|[\s()]|==|!=|[<>=]/y
const BARE = /[^\s()]+/y
const KEYWORDS: Readonly<Record<string, 'and' | 'or' | 'not'>> = { and: 'and', or: 'or', not: 'not' }

/** The tokens of a filter, in order. Throws a `FilterError`. */
export function scan(text: string): Token[] {
  const tokens: Token[] = []
  let position = 0
  while (position < text.length) {
    if (/\s/.test(text.charAt(position))) {
      position++
      continue
    }
    const token = next(text, position, tokens.at(-1))
    tokens.push(token)
    position = token.end
  }
  return tokens
}

function next(text: string, start: number, previous: Token | undefined): Token {
  const first = text.charAt(start)
  if (first === '(') return { kind: 'open', start, end: start + 1 }
  if (first === ')') return { kind: 'close', start, end: start + 1 }
  // A literal follows an operator, whatever it looks like.
  const isLiteral = previous?.kind === 'operator'
  if (isLiteral && (first === '"' || first === "'")) return literal(text, start, first)
  if (first === '"') return phrase(text, start)
  if (first === '/') return regex(text, start)
  if (first === '$') return path(text, start)
  const operator = operatorAt(text, start, previous)
  if (operator !== undefined) return operator
  const field = isLiteral ? undefined : match(FIELD, text, start)
  if (field?.[1] !== undefined) return fieldToken(text, start, field[1])
  const word = match(BARE, text, start)?.[0] ?? first
  const end = start + word.length
  const keyword = KEYWORDS[word.toLowerCase()]
  return keyword === undefined ? { kind: 'word', text: word, start, end } : { kind: keyword, start, end }
}

/** `=` is an operator only after a path; elsewhere it is text. */
function operatorAt(text: string, start: number, previous: Token | undefined): Token | undefined {
  const found =
    match(OPERATOR, text, start) ?? (previous?.kind === 'path' ? match(EQUALS, text, start) : null)
  if (found === null) return undefined
  const [sign] = found
  return { kind: 'operator', operator: sign === '=' ? '==' : sign, start, end: start + sign.length }
}

function match(pattern: RegExp, text: string, at: number): RegExpExecArray | null {
  pattern.lastIndex = at
  return pattern.exec(text)
}

function fieldToken(text: string, start: number, name: string): Token {
  const valueStart = start + name.length + 1
  if (text.charAt(valueStart) === '"') {
    const quoted = phrase(text, valueStart)
    return { kind: 'field', name, value: quoted.text, valueStart, start, end: quoted.end }
  }
  const value = match(BARE, text, valueStart)?.[0] ?? ''
  return { kind: 'field', name, value, valueStart, start, end: valueStart + value.length }
}

/** A phrase in double quotes; a backslash escapes the next character. */
function phrase(text: string, start: number): { kind: 'phrase'; text: string; start: number; end: number } {
  let content = ''
  for (let at = start + 1; at < text.length; at++) {
    const character = text.charAt(at)
    if (character === '"') return { kind: 'phrase', text: content, start, end: at + 1 }
    if (character === '\\' && at + 1 < text.length) content += text.charAt(++at)
    else content += character
  }
  throw new FilterError('This phrase has no closing quote.', { start, end: text.length })
}

/** A quoted literal after an operator, in single or double quotes, with the escapes of JSON (RFC 8259 section 7). */
function literal(text: string, start: number, quote: '"' | "'"): Token {
  const end = closingQuote(text, start, quote)
  const inner = text.slice(start + 1, end - 1)
  const json = quote === '"' ? inner : inner.replaceAll("\\'", "'").replaceAll('"', '\\"')
  try {
    return { kind: 'phrase', text: String(JSON.parse(`"${json}"`)), start, end }
  } catch {
    throw new FilterError('This is not a JSON string; write a backslash in it as \\\\.', { start, end })
  }
}

/** The position after the quote that closes the one at `start`. */
function closingQuote(text: string, start: number, quote: string): number {
  for (let at = start + 1; at < text.length; at++) {
    if (text.charAt(at) === quote) return at + 1
    if (text.charAt(at) === '\\') at++
  }
  throw new FilterError('This phrase has no closing quote.', { start, end: text.length })
}

function regex(text: string, start: number): Token {
  /** Start of the character class that contains `at`. */
  let classAt: number | undefined
  for (let at = start + 1; at < text.length; at++) {
    const character = text.charAt(at)
    if (character === '\\') at++
    else if (character === '[') classAt ??= at
    else if (character === ']') classAt = undefined
    else if (character === '/' && classAt === undefined) {
      const flags = match(/[a-z]*/y, text, at + 1)?.[0] ?? ''
      const end = at + 1 + flags.length
      return { kind: 'regex', source: text.slice(start + 1, at), flags, start, end }
    }
  }
  if (classAt !== undefined && text.indexOf('/', classAt) >= 0)
    throw new FilterError(
      'This bracket is not closed, so the slash after it belongs to it; write \\[ for the bracket itself.',
      { start: classAt, end: text.length },
    )
  throw new FilterError(
    'This expression has no closing slash; to search for the slash itself, put it in quotes.',
    { start, end: text.length },
  )
}

/**
 * A JSONPath from its `$` on: names after dots, and brackets with anything in them, including quotes and nested
 * brackets.
 */
function path(text: string, start: number): Token {
  let at = start + 1
  for (;;) {
    const segment = match(/\.{1,2}(?:[\p{L}_][\p{L}\p{N}_]*|\*)|\.\.(?=\[)/uy, text, at)?.[0]
    if (segment !== undefined) at += segment.length
    else if (text.charAt(at) === '[') at = bracketEnd(text, at)
    else break
  }
  if (match(PATH_END, text, at) === null) throw pathMistake(text, at)
  return { kind: 'path', path: text.slice(start, at), start, end: at }
}

function pathMistake(text: string, at: number): FilterError {
  const rest = match(BARE, text, at)?.[0] ?? ''
  const dots = /^\.{1,2}(?=$|[=!<>])/.exec(rest)?.[0]
  if (dots !== undefined)
    return new FilterError('A name is missing after this dot.', { start: at, end: at + dots.length })
  return new FilterError(
    'A path cannot continue like this; write such a name as $["user-id"]. To search for the text, put it in quotes.',
    { start: at, end: at + rest.length },
  )
}

function bracketEnd(text: string, start: number): number {
  let depth = 0
  let quote = ''
  for (let at = start; at < text.length; at++) {
    const character = text.charAt(at)
    if (quote !== '') {
      if (character === '\\') at++
      else if (character === quote) quote = ''
    } else if (character === '"' || character === "'") quote = character
    else if (character === '[') depth++
    else if (character === ']' && --depth === 0) return at + 1
  }
  throw new FilterError('This bracket is not closed.', { start, end: text.length })
}
