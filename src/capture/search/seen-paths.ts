/** Which paths the JSON payloads of a session have, by a look at some of them. */
import { typeOf } from '../../shared/columns.ts'
import type { SeenPath } from '../../shared/protocol/filtering.ts'
import { memberStep } from '../../shared/text/json-spans.ts'
import { parseJson } from './event-text.ts'
import type { SearchSource } from './search.ts'

/** Messages looked at, events passed on the way to them, bytes of one and of all: a few milliseconds' worth. */
const MOST_MESSAGES = 200
const MOST_EVENTS = 4096
const MOST_BYTES = 64 * 1024
const MOST_BYTES_IN_ALL = 512 * 1024
/** What is told of them. */
const MOST_PATHS = 300
const MOST_VALUES = 8
const LONGEST_VALUE = 60
/** How far into a payload is looked. */
const DEEPEST = 6
const MOST_ELEMENTS = 8
const MOST_MEMBERS = 60
const LONGEST_PATH = 200

/** Paths in the newest messages, those of the newest first, in the order of its members. */
export function seenPaths(source: SearchSource): SeenPath[] {
  const seen = new Map<string, Set<string>>()
  const from = Math.max(source.firstKept, source.count - MOST_EVENTS)
  const { first, count, kind, size } = source.columns(from, source.count - from)
  let messages = 0
  let bytes = 0
  for (let at = count - 1; at >= 0 && messages < MOST_MESSAGES && bytes < MOST_BYTES_IN_ALL; at--) {
    const length = size[at] ?? 0
    if (typeOf(kind[at] ?? 0) !== 'message' || length > MOST_BYTES) continue
    messages++
    bytes += length
    note(seen, '$', parseJson(source.text(first + at)), 0)
  }
  return Array.from(seen, ([path, values]) => ({ path, values: [...values] }))
}

function note(seen: Map<string, Set<string>>, path: string, value: unknown, depth: number): void {
  if (value === undefined || path.length > LONGEST_PATH) return
  if (depth > 0) {
    let values = seen.get(path)
    if (values === undefined) {
      if (seen.size === MOST_PATHS) return
      values = new Set()
      seen.set(path, values)
    }
    if (typeof value !== 'object' || value === null) {
      const literal = JSON.stringify(value)
      if (values.size < MOST_VALUES && literal.length <= LONGEST_VALUE) values.add(literal)
    }
  }
  if (depth === DEEPEST || typeof value !== 'object' || value === null) return
  if (Array.isArray(value)) {
    const some = value.slice(0, MOST_ELEMENTS)
    // A list has elements of one kind; in a tuple each place has its own meaning.
    const isList =
      (depth > 0 || typeof some[0] === 'object') && some.every((element) => typeof element === typeof some[0])
    some.forEach((element, at) => {
      note(seen, `${path}[${isList ? '*' : at}]`, element, depth + 1)
    })
  } else
    for (const [name, member] of Object.entries(value).slice(0, MOST_MEMBERS))
      note(seen, path + memberStep(name), member, depth + 1)
}
