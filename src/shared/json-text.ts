/** JSON as text: what is done to it keeps the digits of its numbers, the order of its keys, and duplicates. */

const TOKENS = /"[^"\\]*(?:\\.[^"\\]*)*"|[^\s[\]{}:,"]+|[[\]{}:,]/g

/**
 * Valid JSON laid out with two spaces. Works on the text, not on parsed values, so numbers keep their
 * digits, keys their order and duplicates stay.
 */
export function prettyPrint(json: string): string {
  const tokens = json.match(TOKENS) ?? []
  const parts: string[] = []
  let depth = 0
  const newline = () => `\n${'  '.repeat(depth)}`
  for (let i = 0; i < tokens.length; i++) {
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
