/**
 * Masks values next to their names in a text: `name=value`, `"name":"value"`, `Name: value`. The text does not have to
 * be valid in any format, and may contain JSON within a JSON string. Makes a single pass.
 */
import { MASK } from './masking.ts'

export interface PairRules {
  /** Whether the value of this name is secret. */
  isSecret(name: string): boolean
  /** Called before a value is masked; return false to keep it. */
  hide(name: string): boolean
  /** The text is data, not prose: everything after `name:` up to the end of the line is its value. */
  readonly isData?: boolean
}

/** The characters of a value in a text, without its quotes. */
interface Span {
  readonly start: number
  readonly end: number
  readonly isQuoted?: boolean
}

/** The largest length of a name. */
const LONGEST_NAME = 200
const NAME_CHARACTER = /[\w.$%[\]-]/
const SEPARATOR = /[=:]/g
const QUOTES = '"\''

/** The text with the values of secret names replaced by `***`. */
export function maskPairs(text: string, rules: PairRules): string {
  let masked = ''
  let from = 0
  SEPARATOR.lastIndex = 0
  for (let at = nextSeparator(text, 0); at >= 0; at = nextSeparator(text, Math.max(at + 1, from))) {
    const name = nameBefore(text, at, from)
    if (name === undefined || !rules.isSecret(name.text)) continue
    const value = valueAfter(text, at, name, rules.isData === true)
    if (value === undefined || text.startsWith(MASK, value.start) || !rules.hide(name.text)) continue
    // In JSON the mask must be a string, even in place of a number or an object.
    const quote = value.isQuoted === true ? '' : name.quote
    masked += text.slice(from, value.start) + quote + MASK + quote
    from = value.end
  }
  return from === 0 ? text : masked + text.slice(from)
}

function nextSeparator(text: string, from: number): number {
  SEPARATOR.lastIndex = from
  return SEPARATOR.exec(text)?.index ?? -1
}

interface Name {
  readonly text: string
  /** The quote around the name with its backslashes; empty if there is none. */
  readonly quote: string
}

/** The name before the separator at `at`. It must start at or after `from`. */
function nameBefore(text: string, at: number, from: number): Name | undefined {
  const first = Math.max(from, at - LONGEST_NAME)
  let end = at
  while (end > first && /\s/.test(text.charAt(end - 1))) end--
  const quote = text.charAt(end - 1)
  if (end > first && QUOTES.includes(quote)) {
    let close = end - 1
    while (close > first && text[close - 1] === '\\') close--
    const open = text.lastIndexOf(quote, close - 1)
    if (open < first || open >= close) return undefined
    return { text: unescaped(text.slice(open + 1, close)), quote: text.slice(close, end) }
  }
  let start = end
  while (start > first && NAME_CHARACTER.test(text.charAt(start - 1))) start--
  return start < end ? { text: text.slice(start, end), quote: '' } : undefined
}

/** The value of a JSON string's characters; the characters themselves if they are not valid. */
function unescaped(content: string): string {
  if (!content.includes('\\')) return content
  try {
    return String(JSON.parse(`"${content}"`))
  } catch {
    return content
  }
}

function valueAfter(text: string, at: number, name: Name, isData: boolean): Span | undefined {
  let start = at + 1
  while (start < text.length && start <= at + 16 && /\s/.test(text.charAt(start))) start++
  const isField = text[at] === ':' && name.quote === ''
  const span =
    quotedAt(text, start) ?? nestedAt(text, start, isField) ?? bareAt(text, start, isField, name.text, isData)
  return span === undefined || span.end <= span.start ? undefined : span
}

/** A quoted string. Its quotes are escaped by the same number of backslashes. */
function quotedAt(text: string, at: number): Span | undefined {
  let start = at
  while (text[start] === '\\') start++
  const quote = text.charAt(start)
  if (quote === '' || !QUOTES.includes(quote)) return undefined
  return { start: start + 1, end: closingQuote(text, quote, start + 1, start - at), isQuoted: true }
}

/** Index of the closing quote of a string or of the backslashes before it; the text's length if it is not closed. */
function closingQuote(text: string, quote: string, start: number, depth: number): number {
  for (let at = text.indexOf(quote, start); at >= 0; at = text.indexOf(quote, at + 1)) {
    let slashes = 0
    while (at - slashes > start && text[at - slashes - 1] === '\\') slashes++
    // At depth 0 an even number of backslashes escapes itself. Deeper, a longer run belongs to a nested string.
    if (depth === 0 ? slashes % 2 === 0 : slashes <= depth) return at - (depth === 0 ? 0 : slashes)
  }
  return text.length
}

/** An object or array including its brackets, or up to the end of the text if it is not closed. */
function nestedAt(text: string, start: number, isField: boolean): Span | undefined {
  if (isField || (text[start] !== '{' && text[start] !== '[')) return undefined
  let depth = 0
  for (let at = start; at < text.length; at++) {
    const character = text[at]
    if (character === '"') at = closingQuote(text, '"', at + 1, 0)
    else if (character === '{' || character === '[') depth++
    else if (character === '}' || character === ']') depth--
    if (depth === 0) return { start, end: at + 1 }
  }
  return { start, end: text.length }
}

const BARE = /[^\s&;"'<>(){}[\],\\]+/y
/** A comma that belongs to a value, because no other pair follows it. */
const COMMA_WITHIN = /,(?![\s"]|$|[\w.-]{1,64}[=:])/y
const LINE = /[^\r\n"\0]+/y
/** An Authorization scheme and its credentials. */
const CREDENTIALS = /(?:bearer|basic|negotiate|ntlm|token|apikey)[ \t]{1,8}[^\s"'<>\0&;,]+/iy
const LITERAL = /^(?:null|true|false|undefined)$/
/** Names whose value is masked even if it is a plain word, unless the sentence continues. */
const PASSWORD = /passw|passphrase|pwd|secret/i
const GOES_ON = /[,;:]? [a-z]+\b/y

function bareAt(
  text: string,
  start: number,
  isField: boolean,
  name: string,
  isData: boolean,
): Span | undefined {
  const isLine = isField && (isData || /^(?:set-)?cookie$/i.test(name))
  let end = endOf(isLine ? LINE : CREDENTIALS, text, start)
  if (end === start) end = endOf(BARE, text, start)
  while (!isLine && endOf(COMMA_WITHIN, text, end) > end) end = endOf(BARE, text, end + 1)
  if (/[.\s]/.test(text.charAt(end - 1))) end--
  const value = text.slice(start, end)
  if (!isData && LITERAL.test(value)) return undefined
  return isField && !isLine && readsOn(text, name, value, end) ? undefined : { start, end }
}

/** Whether `name: value` is part of a sentence, as in "Invalid token: expired". */
function readsOn(text: string, name: string, value: string, end: number): boolean {
  if (/[-_]/.test(name) || /^authorization$/i.test(name)) return false
  if (value.length >= 6 && /\d/.test(value) && /[a-z]/i.test(value)) return false
  return !PASSWORD.test(name) || endOf(GOES_ON, text, end) > end
}

/** The end of the match of a sticky pattern at `start`; `start` if it does not match. */
function endOf(pattern: RegExp, text: string, start: number): number {
  pattern.lastIndex = start
  return pattern.test(text) ? pattern.lastIndex : start
}
