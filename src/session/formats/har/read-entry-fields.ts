/** Reads an entry of a HAR without its lists and long body, which are read in parts. */
import { DEFAULT_MAX_MESSAGE_SIZE } from '../../../shared/spec.ts'
import { type JsonCursor, parseSpan } from '../bytes/json-cursor.ts'
import { endOfValue } from '../bytes/json-scan.ts'
import { type EntryFields, parseEntry } from './read-har-schema.ts'
import { OWN } from './written-har.ts'

/** A list of an entry, by its name in the HAR. `events` has lines of a session file. */
export type ListName = '_webSocketMessages' | '_eventSourceMessages' | '_streamMessages' | 'events'

/** What is known of a list before its items are read. */
export interface ListSummary {
  /** Number of items that can be read. */
  readonly count: number
}

/** A body that is read only when it is needed. */
export interface LongBody {
  /** Bytes of its JSON string. */
  readonly size: number
  /** Undefined if it is too large. */
  read(): string | undefined
}

/** An entry. `response.content.text` has only the beginning of a long body. */
export type ReadEntry = EntryFields & {
  readonly longBody?: LongBody
} & Partial<Readonly<Record<ListName, ListSummary>>>

/** Bytes of the longest value besides bodies and lists. */
const LONGEST_VALUE = 8 * 1024 * 1024
/** Bytes of an entry that is parsed at once. */
const SHORT_ENTRY = 32 * 1024
/** Characters that tell what a body is. */
export const BODY_HEAD = 64 * 1024
/** Bytes of a body that is read with its entry. Longer than the beginning of any long one. */
const SHORT_BODY = 6 * (BODY_HEAD + 16)

/** Bytes of the longest string, or item of a list, for payloads of up to `maxMessageSize` bytes. */
export function longestItem(maxMessageSize = DEFAULT_MAX_MESSAGE_SIZE): number {
  return 2 * maxMessageSize + LONGEST_VALUE
}

type Fields = Record<string, unknown>

/** The names of the members that are read. */
const ENTRY = new Set([
  'startedDateTime',
  'time',
  'timings',
  'serverIPAddress',
  '_resourceType',
  '_webSocketClose',
])
const REQUEST = new Set(['method', 'url', 'httpVersion', 'headers'])
/** They can be as long as a message. */
const REQUEST_BODY = new Set(['postData', '_content'])
const RESPONSE = new Set(['status', 'httpVersion', 'headers', '_error'])
const CONTENT = new Set(['size', 'mimeType', 'encoding'])
const OWN_FIELDS = new Set(['connection', 'answered'])
const LISTS: ReadonlySet<string> = new Set<ListName>([
  '_webSocketMessages',
  '_eventSourceMessages',
  '_streamMessages',
])

function hasEvents(own: unknown): boolean {
  return typeof own === 'object' && own !== null && 'events' in own
}

export class EntryReader {
  /** Number of values that were too large to be read. */
  tooLarge = 0
  readonly #cursor: JsonCursor
  readonly #longest: number
  readonly #onList: (name: ListName) => void
  #longBody: LongBody | undefined

  /** `onList` is called for each list, and has to read or skip it. */
  constructor(cursor: JsonCursor, longest: number, onList: (name: ListName) => void) {
    this.#cursor = cursor
    this.#longest = longest
    this.#onList = onList
  }

  /** Undefined if the value is not an entry. */
  read(): ReadEntry | undefined {
    const cursor = this.#cursor
    this.#longBody = undefined
    if (!cursor.isAtObject) return undefined
    const short = this.#readShort()
    if (short !== undefined) return parseEntry(short)
    const fields: Fields = {}
    cursor.members((name) => {
      if (LISTS.has(name)) this.#readList(name as ListName)
      else if (name === 'request') fields.request = this.#object(REQUEST, this.#readRequestBody)
      else if (name === 'response') fields.response = this.#object(RESPONSE, this.#readContent)
      else if (name === OWN) fields[OWN] = this.#object(OWN_FIELDS, this.#readOwn)
      else if (ENTRY.has(name)) fields[name] = this.#value(LONGEST_VALUE)
    })
    const entry = parseEntry(fields)
    if (entry === undefined) return undefined
    return this.#longBody === undefined ? entry : { ...entry, longBody: this.#longBody }
  }

  /** A short entry without lists, parsed at once. Undefined for any other, which stays the next value. */
  #readShort(): Fields | undefined {
    const cursor = this.#cursor
    const from = cursor.position
    let fields: Fields | undefined
    cursor.tryValue((bytes, at, end) => {
      const to = endOfValue(bytes, at, Math.min(end, at + SHORT_ENTRY))
      if (to >= 0) fields = parseSpan({ bytes, from: at, to }) as Fields
      return to
    })
    if (
      fields === undefined ||
      (!Object.keys(fields).some((name) => LISTS.has(name)) && !hasEvents(fields[OWN]))
    )
      return fields
    cursor.seek(from)
    return undefined
  }

  /** The string at these positions in the file. Undefined if it is too large. */
  #readString(from: number, to: number): string | undefined {
    if (to - from > this.#longest) return undefined
    this.#cursor.seek(from)
    const text = this.#cursor.parse(this.#longest)
    return typeof text === 'string' ? text : undefined
  }

  /** An object with the members that are in `names`, and those that `other` reads. */
  #object(names: ReadonlySet<string>, other: (name: string, fields: Fields) => void): unknown {
    if (!this.#cursor.isAtObject) return this.#value(LONGEST_VALUE)
    const fields: Fields = {}
    this.#cursor.members((name) => {
      if (names.has(name)) fields[name] = this.#value(LONGEST_VALUE)
      else other(name, fields)
    })
    return fields
  }

  #value(limit: number): unknown {
    const value = this.#cursor.parse(limit)
    if (value === undefined) this.tooLarge++
    return value
  }

  #readList(name: ListName): void {
    if (this.#cursor.isAtArray) this.#onList(name)
  }

  readonly #readRequestBody = (name: string, fields: Fields): void => {
    if (REQUEST_BODY.has(name)) fields[name] = this.#value(this.#longest)
  }

  readonly #readOwn = (name: string): void => {
    if (name === 'events') this.#readList(name)
  }

  readonly #readContent = (name: string, fields: Fields): void => {
    if (name !== 'content') return
    fields.content = this.#object(CONTENT, (each, content) => {
      if (each === 'text') content.text = this.#readBody()
    })
  }

  #readBody(): unknown {
    const cursor = this.#cursor
    const isString = cursor.isAtString
    const from = cursor.position
    const short = cursor.parse(SHORT_BODY)
    if (short !== undefined || !isString) return short
    const to = cursor.position
    cursor.seek(from)
    const head = cursor.head(BODY_HEAD + 1)
    cursor.seek(to)
    if (to - from > this.#longest) this.tooLarge++
    this.#longBody = { size: to - from, read: () => this.#readString(from, to) }
    return head
  }
}
