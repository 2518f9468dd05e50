/** Completions at the cursor of a filter. */
import { DECODED_KINDS } from '../decoded.ts'
import { EVENT_TRAITS, EVENT_TYPES } from '../event-types.ts'
import type { SeenDecoded } from '../protocol/decoding.ts'
import type { SeenPath } from '../protocol/filtering.ts'
import { FIELD_NAMES } from './parse.ts'

export interface CompletionContext {
  /** Seen in the session. */
  readonly eventNames: readonly string[]
  /** The connections of the session. */
  readonly connections: readonly { readonly id: number; readonly url: string }[]
  /** Paths found in JSON payloads. */
  readonly paths: readonly SeenPath[]
  /** What the decoders found. */
  readonly decoded: SeenDecoded
}

export interface Completion {
  /** Replaces the characters [start, end) of the filter. */
  readonly start: number
  readonly end: number
  readonly insert: string
  readonly detail: string
}

type Offer = readonly [insert: string, detail: string]

const MAX_COMPLETIONS = 50

const FIELD_DETAILS: Readonly<Record<string, string>> = {
  dir: 'in or out',
  type: 'kind of event: message, ping, close, …',
  conn: 'number of a connection',
  number: 'numbers of events: 7, 3,17..19',
  event: 'name of an event, * for any characters',
  size: 'payload bytes: >1k, <=200, 1k..2k',
  wire: 'bytes on the connection: >1k',
  time: 'time since the session started: >02:05',
  gap: 'time since the previous event on its connection: >500ms',
  protocol: 'protocol that a message speaks: socket.io, mqtt, …',
  kind: 'kind of decoded event: request, ack, subscribe, …',
  name: 'name of a decoded event, * for any characters',
  channel: 'namespace, topic or subscription, * for any characters',
  id: 'ID of a request and its answers',
  latency: 'time from a request to its answer: >200ms',
  is: 'unanswered, heartbeat or automatic',
}

const KEYWORDS: readonly Offer[] = [
  ['and', 'both must match; the same as writing terms side by side'],
  ['or', 'one must match'],
  ['not', 'must not match'],
]

const SNIPPETS: readonly Offer[] = [
  ['$.', 'JSON path: $.price > 100'],
  ['/', 'regular expression: /err(or)?/i'],
  ['"', 'phrase: "not found"'],
]

const OPERATORS: readonly Offer[] = [
  ['==', 'is'],
  ['!=', 'is not'],
  ['>', 'is greater, or later in the alphabet'],
  ['>=', 'is at least'],
  ['<', 'is less'],
  ['<=', 'is at most'],
]

/** A path and an operator before the literal being typed, which may be an open quote. */
const COMPARED = /(?:^|[\s()])(\$\S*?)\s*(?:==|!=|<=|>=|[<>=])\s*("[^"]*|[^\s()"=<>]*)$/
/** A path and a space before the operator being typed. */
const FOLLOWED = /(?:^|[\s()])(\$\S*)\s+([=!<>]*)$/
/** A path being typed. */
const PATH = /(?:^|[\s()])(\$[^\s()=!<>]*)$/
/** A field and its value, which may be an open quote. */
const VALUE = /(?:^|[\s()])([a-z]+):("[^"]*|[^\s()"]*)$/i
const WORD = /(?:^|[\s()])([^\s()"/$]*)$/

/** Completions for the text before `cursor`, best first; none inside phrases and regular expressions. */
export function complete(text: string, cursor: number, context: CompletionContext): Completion[] {
  const before = text.slice(0, cursor)
  const [, compared, literal] = COMPARED.exec(before) ?? []
  if (compared !== undefined && literal !== undefined)
    return completions(text, cursor, literal, literalOffers(compared, literal, context))
  const [, followed, sign] = FOLLOWED.exec(before) ?? []
  if (followed !== undefined && sign !== undefined && !isInside(before))
    return completions(text, cursor, sign, [
      ...OPERATORS.filter(([insert]) => insert.startsWith(sign)),
      ...(sign === '' ? wordOffers('') : []),
    ])
  const [, path] = PATH.exec(before) ?? []
  if (path !== undefined && !isInside(before))
    return completions(text, cursor, path, pathOffers(path, context))
  const [, field, value] = VALUE.exec(before) ?? []
  if (field !== undefined && value !== undefined && !isInside(before.slice(0, cursor - value.length)))
    return completions(text, cursor, value, valueOffers(field.toLowerCase(), value, context))
  const [, word] = WORD.exec(before) ?? []
  return word === undefined || isInside(before) ? [] : completions(text, cursor, word, wordOffers(word))
}

/** Whether the text ends inside a phrase. */
function isInside(before: string): boolean {
  return (before.match(/(?<!\\)"/g)?.length ?? 0) % 2 === 1
}

/**
 * Completions that replace `typed`, which ends at the cursor, and the rest of its word. An offer that equals the word
 * is kept only before longer ones, so that accepting the first changes nothing.
 */
function completions(text: string, cursor: number, typed: string, offers: readonly Offer[]): Completion[] {
  const restOfWord = typed.startsWith('"') ? /^[^"]*"/ : /^[^\s()":=!<>]*:?/
  const rest = restOfWord.exec(text.slice(cursor))?.[0] ?? ''
  const standing = (typed + rest).toLowerCase()
  const isStanding = ([insert]: Offer) => insert.toLowerCase() === standing
  const others = offers.filter((offer) => !isStanding(offer))
  const same = others.length === 0 || typed === '' ? [] : offers.filter(isStanding)
  return [...same, ...others].slice(0, MAX_COMPLETIONS).map(([insert, detail]) => ({
    ...{ start: cursor - typed.length, end: cursor + rest.length, insert, detail },
  }))
}

function starting(offers: readonly Offer[], typed: string): Offer[] {
  const wanted = typed.toLowerCase()
  return offers.filter(([insert]) => insert.toLowerCase().startsWith(wanted))
}

function wordOffers(typed: string): Offer[] {
  const fields = FIELD_NAMES.map((name): Offer => [`${name}:`, FIELD_DETAILS[name] ?? ''])
  return starting([...fields, ...KEYWORDS, ...(typed === '' ? SNIPPETS : [])], typed)
}

/** Descriptions of some values; the others need none. */
const STATES: readonly Offer[] = [
  ['unanswered', 'requests that wait for an answer'],
  ['heartbeat', 'messages that only keep the connection alive'],
  ['automatic', 'messages sent by a protocol, a rule or a keep-alive'],
]

function valueOffers(field: string, typed: string, context: CompletionContext): Offer[] {
  const { connections, eventNames, decoded } = context
  switch (field) {
    case 'dir':
      return starting(
        [
          ['in', 'received'],
          ['out', 'sent'],
        ],
        typed,
      )
    case 'type':
      return starting(
        [
          ...EVENT_TYPES.map((type): Offer => [type, EVENT_TRAITS[type].description]),
          ['text', 'text payload'],
          ['binary', 'binary payload'],
        ],
        typed,
      )
    case 'conn': {
      const all = connections.map(({ id, url }): Offer => [String(id), url])
      const byNumber = starting(all, typed)
      return byNumber.length > 0 ? byNumber : all.filter(([, url]) => url.includes(typed))
    }
    case 'event':
      return named(
        eventNames.filter((eventName) => eventName !== '').map((eventName): Offer => [eventName, '']),
        typed,
      )
    case 'protocol':
      return named(
        decoded.protocols.map((protocol): Offer => [protocol, '']),
        typed,
      )
    case 'kind':
      return starting(
        DECODED_KINDS.map((kind): Offer => [kind, '']),
        typed,
      )
    case 'name':
      return named(
        decoded.names.map(({ name, kinds }): Offer => [name, kinds.join(', ')]),
        typed,
      )
    case 'channel':
      return named(
        decoded.channels.map((channel): Offer => [channel, '']),
        typed,
      )
    case 'is':
      return starting(STATES, typed)
    default:
      return []
  }
}

/** Names that begin as typed, in quotes if they have to be. */
function named(offers: readonly Offer[], typed: string): Offer[] {
  const isQuoted = typed.startsWith('"')
  const bare = isQuoted ? typed.slice(1) : typed
  return starting(offers, bare).map(([name, detail]) => [quoted(name, isQuoted), detail])
}

function quoted(eventName: string, always: boolean): string {
  return always || /[\s()"]/.test(eventName) ? `"${eventName.replaceAll(/["\\]/g, '\\$&')}"` : eventName
}

function pathOffers(typed: string, { paths }: CompletionContext): Offer[] {
  return starting(
    paths.map(({ path, values }): Offer => [path, values.slice(0, 3).join(', ')]),
    typed,
  )
}

/** The values found at a path. Numbers are not offered once one is being typed, because it may be any number. */
function literalOffers(path: string, typed: string, { paths }: CompletionContext): Offer[] {
  const values = paths.find((seen) => seen.path === path)?.values ?? []
  return starting(
    values.filter((value) => typed === '' || !/^[-\d]/.test(value)).map((value): Offer => [value, '']),
    typed,
  )
}
