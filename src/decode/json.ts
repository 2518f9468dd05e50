/** Messages that are JSON objects (RFC 8259) and say in one of a few customary fields what they are. */
import type { Decoder } from './decoder.ts'

/** In order of precedence. */
const NAMING_FIELDS: readonly string[] = ['type', 'event', 'op', 'method', 'action', 'kind', 'channel']

/** Strings, and what opens, closes and separates; sticky, so that a scan never looks back. */
const TOKEN = /\s*(?:"((?:[^"\\]|\\.)*)"|([{}[\],:])|([^\s"{}[\],:]+))/sy

export const json: Decoder = {
  label: ({ text }) => (text === undefined ? undefined : namedBy(text)),
}

/** The naming field's string of an object whose text may be cut off; only fields of the object itself count. */
function namedBy(text: string): string | undefined {
  if (!/^\s*\{/.test(text)) return undefined
  let best = NAMING_FIELDS.length
  let name: string | undefined
  let depth = 0
  let key: string | undefined
  let isValue = false
  TOKEN.lastIndex = 0
  for (let token = TOKEN.exec(text); token !== null; token = TOKEN.exec(text)) {
    const [, string, mark] = token
    if (mark === '{' || mark === '[') depth++
    else if (mark === '}' || mark === ']') depth--
    if (depth === 0) break
    if (depth > 1) continue
    if (mark === ':') isValue = true
    else if (mark === ',') {
      isValue = false
      key = undefined
    } else if (string !== undefined && !isValue) key = unescaped(string)
    else if (string !== undefined && key !== undefined) {
      const rank = NAMING_FIELDS.indexOf(key)
      if (rank < 0 || rank >= best) continue
      best = rank
      name = unescaped(string)
      if (best === 0) break
    }
  }
  return name
}

function unescaped(string: string): string | undefined {
  try {
    return string.includes('\\') ? String(JSON.parse(`"${string}"`)) : string
  } catch {
    // An escape that JSON does not know: this is no name.
    return undefined
  }
}
