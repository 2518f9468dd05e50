/** Collects the paths in some JSON payloads of a session, for completions. */
import { typeOf } from '../../shared/event-columns.ts'
import type { SeenPath } from '../../shared/protocol/filtering.ts'
import { memberStep } from '../../shared/text/json-spans.ts'
import { parseJson } from './event-text.ts'
import type { SearchSource } from './search.ts'

/** Limits of messages parsed, events scanned, bytes of one message and of all messages: a few milliseconds. */
const MAX_MESSAGES = 200
const MAX_EVENTS = 4096
const MAX_BYTES = 64 * 1024
const MAX_BYTES_IN_ALL = 512 * 1024
/** Limits of the result. */
const MAX_PATHS = 300
const MAX_VALUES = 8
const MAX_VALUE_LENGTH = 60
/** Limits within a payload. */
const MAX_DEPTH = 6
const MAX_ELEMENTS = 8
const MAX_MEMBERS = 60
const MAX_PATH_LENGTH = 200

/** Paths in the newest messages, newest message first, in the order of its members. */
export function seenPaths(source: SearchSource): SeenPath[] {
  const seen = new Map<string, Set<string>>()
  const from = Math.max(source.firstKept, source.count - MAX_EVENTS)
  const { first, count, kind, size, connection } = source.columns(from, source.count - from)
  let messages = 0
  let bytes = 0
  for (let at = count - 1; at >= 0 && messages < MAX_MESSAGES && bytes < MAX_BYTES_IN_ALL; at--) {
    const length = size[at] ?? 0
    if (typeOf(kind[at] ?? 0) !== 'message' || length > MAX_BYTES) continue
    messages++
    bytes += length
    const document = parseJson(source.text(first + at))
    note(seen, '$', document, 0)
    if (source.decoding?.speaks(connection[at] ?? 0) === true)
      for (const { value } of source.decoding.packets(first + at, true) ?? []) note(seen, '$', value, 0)
  }
  return Array.from(seen, ([path, values]) => ({ path, values: [...values] }))
}

function note(seen: Map<string, Set<string>>, path: string, value: unknown, depth: number): void {
  if (value === undefined || path.length > MAX_PATH_LENGTH) return
  if (depth > 0) {
    let values = seen.get(path)
    if (values === undefined) {
      if (seen.size === MAX_PATHS) return
      values = new Set()
      seen.set(path, values)
    }
    if (typeof value !== 'object' || value === null) {
      const literal = JSON.stringify(value)
      if (values.size < MAX_VALUES && literal.length <= MAX_VALUE_LENGTH) values.add(literal)
    }
  }
  if (depth === MAX_DEPTH || typeof value !== 'object' || value === null) return
  if (Array.isArray(value)) {
    const some = value.slice(0, MAX_ELEMENTS)
    // Elements of a list have one type; in a tuple each position has its own meaning.
    const isList =
      (depth > 0 || typeof some[0] === 'object') && some.every((element) => typeof element === typeof some[0])
    some.forEach((element, at) => {
      note(seen, `${path}[${isList ? '*' : at}]`, element, depth + 1)
    })
  } else
    for (const [name, member] of Object.entries(value).slice(0, MAX_MEMBERS))
      note(seen, path + memberStep(name), member, depth + 1)
}
