/** What may stand at the cursor of a filter being typed. */
import { EVENT_TYPES } from '../event.ts'
import { FIELD_NAMES } from './parse.ts'

export interface CompletionContext {
  /** Labels seen in the session: names of events. */
  readonly labels: readonly string[]
  /** Ids of the session's connections with their URLs. */
  readonly connections: readonly { readonly id: number; readonly url: string }[]
}

export interface Completion {
  /** Replaces the characters [start, end) of the filter. */
  readonly start: number
  readonly end: number
  readonly insert: string
  readonly detail: string
}

const MAX_COMPLETIONS = 12

const FIELD_DETAILS: Readonly<Record<string, string>> = {
  dir: 'in or out',
  type: 'kind of event: message, ping, close, …',
  conn: 'number of a connection',
  event: 'name of an event, * for any characters',
  size: 'payload bytes: >1k, <=200, 1k..2k',
  wire: 'bytes on the connection: >1k',
  time: 'time of the session: >02:05',
  gap: 'time since the event before it on its connection: >500ms',
}

const KEYWORDS: readonly (readonly [string, string])[] = [
  ['and', 'both; also what stands side by side'],
  ['or', 'either'],
  ['not', 'the opposite'],
]

const SNIPPETS: readonly (readonly [string, string])[] = [
  ['$.', 'JSON path: $.price > 100'],
  ['/', 'regular expression: /err(or)?/i'],
  ['"', 'phrase: "not found"'],
]

/** Completions for the word that ends at `cursor`, best first; none inside quotes, expressions and paths. */
export function complete(text: string, cursor: number, context: CompletionContext): Completion[] {
  const start = wordStart(text, cursor)
  const word = text.slice(start, cursor)
  if (/^["/$]/.test(word)) return []
  const colon = word.indexOf(':')
  const offers =
    colon < 0
      ? [...fieldOffers(), ...KEYWORDS, ...(word === '' ? SNIPPETS : [])]
      : valueOffers(word.slice(0, colon), context)
  const typed = word.slice(colon + 1).toLowerCase()
  return offers
    .filter(([insert]) => insert.toLowerCase().startsWith(typed) && insert.toLowerCase() !== typed)
    .slice(0, MAX_COMPLETIONS)
    .map(([insert, detail]) => ({ start: start + colon + 1, end: cursor, insert, detail }))
}

function wordStart(text: string, cursor: number): number {
  const before = text.slice(0, cursor)
  const quotes = before.match(/(?<!\\)"/g)?.length ?? 0
  if (quotes % 2 === 1) return before.lastIndexOf('"')
  return before.search(/[^\s()]*$/)
}

function fieldOffers(): readonly (readonly [string, string])[] {
  return FIELD_NAMES.map((name) => [`${name}:`, FIELD_DETAILS[name] ?? ''])
}

function valueOffers(field: string, context: CompletionContext): readonly (readonly [string, string])[] {
  switch (field) {
    case 'dir':
      return [
        ['in', 'received'],
        ['out', 'sent'],
      ]
    case 'type':
      return [
        ...EVENT_TYPES.map((type) => [type, ''] as const),
        ['text', 'text payload'],
        ['binary', 'binary payload'],
      ]
    case 'conn':
      return context.connections.map(({ id, url }) => [String(id), url])
    case 'event':
      return context.labels
        .filter((label) => label !== '')
        .map((label) => [/[\s()"]/.test(label) ? JSON.stringify(label) : label, ''])
    default:
      return []
  }
}
