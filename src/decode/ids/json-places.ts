/** Where values are in a text that is valid JSON. */
import { endOfString, tryParseJson } from '../../shared/text/json-text.ts'

/** What brackets, braces and the quotes between them are. */
const STRUCTURE = /["[\]{}]/g
const SPACE = /[ \t\n\r\ufeff]*/y
const SCALAR_END = /[,\]} \t\n\r]|$/g

export function pastSpace(text: string, from: number): number {
  SPACE.lastIndex = from
  SPACE.exec(text)
  return SPACE.lastIndex
}

/** Where the value that begins at `start` ends. */
export function valueEnd(text: string, start: number): number {
  const first = text[start]
  if (first === '"') return endOfString(text, start)
  if (first !== '{' && first !== '[') {
    SCALAR_END.lastIndex = start
    return SCALAR_END.exec(text)?.index ?? text.length
  }
  let depth = 0
  STRUCTURE.lastIndex = start
  for (let match = STRUCTURE.exec(text); match !== null; match = STRUCTURE.exec(text)) {
    const [sign] = match
    if (sign === '"') STRUCTURE.lastIndex = endOfString(text, match.index)
    else if (sign === '{' || sign === '[') depth++
    else if (--depth === 0) return match.index + 1
  }
  return text.length
}

/** The names of an object's members, and where their values begin. Nothing if it is not an object. */
export function* membersOf(text: string, start: number): Generator<{ name: string; value: number }> {
  if (text[start] !== '{') return
  for (let at = pastSpace(text, start + 1); text[at] === '"'; ) {
    const end = endOfString(text, at)
    const name = text.slice(at, end)
    const value = pastSpace(text, pastSpace(text, end) + 1)
    yield { name: name.includes('\\') ? String(tryParseJson(name)) : name.slice(1, -1), value }
    at = pastSpace(text, pastSpace(text, valueEnd(text, value)) + 1)
  }
}

/** Where the items of an array begin. Nothing if it is not an array. */
export function* itemsOf(text: string, start: number): Generator<number> {
  if (text[start] !== '[') return
  let at = pastSpace(text, start + 1)
  if (text[at] === ']') return
  for (let sign = ','; sign === ','; ) {
    yield at
    const end = pastSpace(text, valueEnd(text, at))
    sign = text[end] ?? ''
    at = pastSpace(text, end + 1)
  }
}
