/** Works on JSON as text, which keeps the digits of numbers, the order of keys, and duplicate keys. */

/** The opening quote of a string, or any other token. */
const TOKEN = /"|[^\s[\]{}:,"]+|[[\]{}:,]/g

/**
 * The largest size of formatted JSON, as a factor of its length and additional characters: deep nesting is mostly
 * indentation.
 */
const MOST_TIMES = 16
const MOST_MORE = 64 * 1024

/**
 * Formats valid JSON with an indentation of two spaces. Returns it unchanged if it is nested so deeply that it would
 * grow too large.
 */
export function prettyPrint(json: string): string {
  const tokens = tokensOf(json)
  const parts: string[] = []
  let depth = 0
  let room = MOST_TIMES * json.length + MOST_MORE
  const newline = () => {
    room -= 1 + 2 * depth
    return `\n${'  '.repeat(depth)}`
  }
  for (let i = 0; i < tokens.length; i++) {
    if (room < 0) return json
    const token = tokens[i] ?? ''
    if (token === '{' || token === '[') {
      const next = tokens[i + 1]
      if (next === '}' || next === ']') {
        parts.push(token + next)
        i++
      } else {
        depth++
        parts.push(token, newline())
      }
    } else if (token === '}' || token === ']') {
      depth--
      parts.push(newline(), token)
    } else if (token === ',') parts.push(token, newline())
    else parts.push(token === ':' ? ': ' : token)
  }
  return parts.join('')
}

/** A pattern for whole strings would backtrack at every escape and overflow the stack. */
function tokensOf(json: string): string[] {
  const tokens: string[] = []
  const pattern = new RegExp(TOKEN)
  for (let match = pattern.exec(json); match !== null; match = pattern.exec(json)) {
    if (match[0] === '"') pattern.lastIndex = endOfString(json, match.index)
    tokens.push(json.slice(match.index, pattern.lastIndex))
  }
  return tokens
}

/** Whether the text is a JSON object, array or string, which is worth formatting. */
export function isJsonText(text: string): boolean {
  return /^\s*[[{"]/.test(text) && isJson(text)
}

export function isJson(text: string): boolean {
  return tryParseJson(text) !== undefined
}

/** How JSON begins. To throw and catch an error takes much longer than to look. */
const JSON_BEGINS = /^[\t\n\r ]*["[{tfn\d-]/

/** The value of a JSON text; undefined if it is not JSON. */
export function tryParseJson(text: string): unknown {
  if (!JSON_BEGINS.test(text)) return undefined
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** What is wrong with a text that is to be JSON, in the words of the engine. */
export function jsonMistake(text: string): string | undefined {
  try {
    JSON.parse(text)
    return undefined
  } catch (thrown) {
    return thrown instanceof Error ? thrown.message : ''
  }
}

/**
 * The index after the closing quote of the JSON string that begins at `start`; the text's length if it is not closed.
 */
export function endOfString(text: string, start: number): number {
  for (let at = text.indexOf('"', start + 1); at >= 0; at = text.indexOf('"', at + 1)) {
    let escapes = 0
    while (at - escapes - 1 > start && text[at - escapes - 1] === '\\') escapes++
    if (escapes % 2 === 0) return at + 1
  }
  return text.length
}

const SCALAR = /[^\s,\]}]+/y

/** The index after the number, `true`, `false` or `null` that begins at `start` in valid JSON. */
export function endOfScalar(json: string, start: number): number {
  SCALAR.lastIndex = start
  return SCALAR.test(json) ? SCALAR.lastIndex : start + 1
}
