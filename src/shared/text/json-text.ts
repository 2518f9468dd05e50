/** JSON as text: what is done to it keeps the digits of its numbers, the order of its keys, and duplicates. */

const TOKENS = /"[^"\\]*(?:\\.[^"\\]*)*"|[^\s[\]{}:,"]+|[[\]{}:,]/g

/** How many times its length a text may have laid out, and characters more: nesting without end is all indentation. */
const MOST_TIMES = 16
const MOST_MORE = 64 * 1024

/**
 * Valid JSON laid out with two spaces; as it is where it is nested so deeply that it would grow out of all
 * proportion. Works on the text, not on parsed values, so numbers keep their digits, keys their order and
 * duplicates stay.
 */
export function prettyPrint(json: string): string {
  const tokens = json.match(TOKENS) ?? []
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

/** Whether the text is a JSON object, array or string: what is worth laying out as JSON. */
export function isJsonText(text: string): boolean {
  if (!/^\s*[[{"]/.test(text)) return false
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}
