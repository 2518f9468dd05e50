/** Finds where a text stops being JSON (RFC 8259), which `JSON.parse` does not always report. */

const SPACE = /[ \t\n\r]*/y
const TOKEN = /[{}[\],:"]|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?(?![\w.+-])|true\b|false\b|null\b/y
const ESCAPE = /\\(?:["\\/bfnrt]|u[\da-fA-F]{4})/y

type Expected = 'value' | 'value or ]' | 'key' | 'key or }' | 'colon' | 'comma or end'

/** What the grammar expects after `token`; undefined if it did not expect the token. */
function advance(token: string, expected: Expected, open: string[]): Expected | undefined {
  const takesValue = expected === 'value' || expected === 'value or ]'
  switch (token) {
    case '{':
    case '[':
      if (!takesValue) return undefined
      open.push(token)
      return token === '{' ? 'key or }' : 'value or ]'
    case '}':
      if (open.at(-1) !== '{' || (expected !== 'key or }' && expected !== 'comma or end')) return undefined
      open.pop()
      return 'comma or end'
    case ']':
      if (open.at(-1) !== '[' || (expected !== 'value or ]' && expected !== 'comma or end')) return undefined
      open.pop()
      return 'comma or end'
    case ',':
      if (expected !== 'comma or end' || open.length === 0) return undefined
      return open.at(-1) === '{' ? 'key' : 'value'
    case ':':
      return expected === 'colon' ? 'value' : undefined
    default:
      if (takesValue) return 'comma or end'
      return token === '"' && (expected === 'key' || expected === 'key or }') ? 'colon' : undefined
  }
}

/** The end of the match of a sticky pattern at `index`; `index` if it does not match. */
function endOf(pattern: RegExp, text: string, index: number): number {
  pattern.lastIndex = index
  return pattern.test(text) ? pattern.lastIndex : index
}

/** Index of the closing quote of the string whose content begins at `index`, or of the first invalid character. */
function stringEnd(text: string, index: number): number {
  let at = index
  while (at < text.length && text.charCodeAt(at) >= 0x20 && text[at] !== '"') {
    const next = text[at] === '\\' ? endOf(ESCAPE, text, at) : at + 1
    if (next === at) return at
    at = next
  }
  return at
}

/** Index of the first character at which `text` is not JSON; its length if it ends too early. */
export function jsonErrorIndex(text: string): number {
  const open: string[] = []
  let expected: Expected = 'value'
  let index = 0
  for (;;) {
    const start = endOf(SPACE, text, index)
    let end = endOf(TOKEN, text, start)
    if (end === start) return start
    const isString = text[start] === '"'
    const next = advance(isString ? '"' : text.slice(start, end), expected, open)
    if (next === undefined) return start
    if (isString) {
      const quote = stringEnd(text, end)
      if (text[quote] !== '"') return quote
      end = quote + 1
    }
    expected = next
    index = end
  }
}
