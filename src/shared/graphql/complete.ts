/** Completions at the cursor of a GraphQL document. */
import type { GraphqlArgument, GraphqlField, GraphqlSchema } from './schema.ts'
import { type Token, tokensOf } from './tokens.ts'

export interface QueryCompletions {
  /** The part of the text that an offer replaces. */
  readonly start: number
  readonly end: number
  readonly offers: readonly { readonly insert: string; readonly detail: string }[]
}

/** Nothing is offered further into a document. */
const MAX_LENGTH = 1024 * 1024
const MAX_OFFERS = 100

const DEFINITIONS: readonly GraphqlArgument[] = [
  { name: 'query', type: 'operation' },
  { name: 'mutation', type: 'operation' },
  { name: 'subscription', type: 'operation' },
  { name: 'fragment', type: 'fragment definition' },
]
const TYPENAME: GraphqlArgument = { name: '__typename', type: 'String!' }
const CLOSERS: Readonly<Record<string, string>> = { '{': '}', '(': ')', '[': ']' }
const NAME_REST = /\w*/y

/** What the next name means. For `other`, nothing is offered. */
type Meaning = 'definition' | 'fragment' | 'spread' | 'condition' | 'field' | 'argument' | 'other'

/** The document, or what is between brackets in it. */
interface Frame {
  /** The bracket that ends it. */
  readonly closer: string
  /** What names mean in it, unless the tokens before say otherwise. */
  readonly usual: Meaning
  /** The type that a selection set selects from. */
  readonly type?: string | undefined
  /** The arguments that may be named in it. */
  readonly own?: readonly GraphqlArgument[] | undefined
  next: Meaning
  /** The type that the next selection set selects from. */
  opens?: string | undefined
  /** The arguments of the field before. */
  args?: readonly GraphqlArgument[] | undefined
}

function ownValue<T>(record: Readonly<Record<string, T>>, key: string | undefined): T | undefined {
  return key !== undefined && Object.hasOwn(record, key) ? record[key] : undefined
}

/** Follows the tokens of a document to know what may come next. */
class Reader {
  readonly #schema: GraphqlSchema
  readonly #frames: Frame[] = []
  /** How many frames each bracket would end. */
  readonly #open = new Map<string, number>()
  readonly #fields = new Map<string, ReadonlyMap<string, GraphqlField>>()
  #frame: Frame = { closer: '', usual: 'other', next: 'definition' }

  constructor(schema: GraphqlSchema) {
    this.#schema = schema
  }

  read({ kind, text }: Token): void {
    if (kind === 'name') this.#readName(text)
    else if (kind !== 'punctuator') {
      if (this.#frame.usual === 'argument') this.#frame.next = 'argument'
    } else if (Object.hasOwn(CLOSERS, text)) this.#openFrame(text)
    else if (text === '}' || text === ')' || text === ']') this.#closeFrame(text)
    else this.#readSign(text)
  }

  /** What may follow. */
  offers(): readonly GraphqlArgument[] {
    const { next, type, own = [] } = this.#frame
    if (next === 'definition') return DEFINITIONS
    if (next === 'argument') return own
    const fields = next === 'field' ? ownValue(this.#schema.types, type) : undefined
    return fields === undefined ? [] : [...fields, TYPENAME]
  }

  #readName(name: string): void {
    const frame = this.#frame
    if (frame.next === 'definition') {
      frame.opens = ownValue<string | undefined>(this.#schema.roots, name)
      frame.next = name === 'fragment' ? 'fragment' : 'other'
    } else if (frame.next === 'fragment') {
      if (name === 'on') frame.next = 'condition'
    } else if (frame.next === 'condition') {
      frame.opens = name
      frame.next = 'other'
    } else if (frame.next === 'spread' && name === 'on') frame.next = 'condition'
    else {
      if (frame.next === 'spread') frame.opens = undefined
      else if (frame.next === 'field') {
        const field = this.#fieldsOf(frame.type)?.get(name)
        frame.opens = field?.of
        frame.args = field?.args
      }
      frame.next = frame.usual
    }
  }

  #readSign(sign: string): void {
    const frame = this.#frame
    const isField = frame.usual === 'field'
    if (isField) frame.args = undefined
    if (isField && sign === '...') {
      // An inline fragment without a type condition has the type of the selection set.
      frame.opens = frame.type
      frame.next = 'spread'
    } else frame.next = isField && sign === ':' ? 'field' : 'other'
  }

  #openFrame(opener: string): void {
    const frame = this.#frame
    const closer = CLOSERS[opener] ?? ''
    let inner: Frame = { closer, usual: 'other', next: 'other' }
    if (opener === '{' && (this.#frames.length === 0 || frame.usual === 'field')) {
      const type = frame.next === 'definition' ? this.#schema.roots.query : frame.opens
      inner = { closer, usual: 'field', type, next: 'field' }
      frame.opens = undefined
      frame.next = this.#frames.length === 0 ? 'definition' : 'field'
    } else {
      if (opener === '(' && frame.usual === 'field')
        inner = { closer, usual: 'argument', own: frame.args, next: 'argument' }
      frame.next = frame.usual
    }
    frame.args = undefined
    this.#frames.push(frame)
    this.#open.set(closer, (this.#open.get(closer) ?? 0) + 1)
    this.#frame = inner
  }

  /** Ends the innermost frame that the bracket ends, and those in it, which lack theirs. */
  #closeFrame(closer: string): void {
    if ((this.#open.get(closer) ?? 0) === 0) return
    for (let closed = ''; closed !== closer; ) {
      const outer = this.#frames.pop()
      if (outer === undefined) return
      closed = this.#frame.closer
      this.#open.set(closed, (this.#open.get(closed) ?? 0) - 1)
      this.#frame = outer
    }
  }

  #fieldsOf(type: string | undefined): ReadonlyMap<string, GraphqlField> | undefined {
    const fields = ownValue(this.#schema.types, type)
    if (type === undefined || fields === undefined) return undefined
    const known = this.#fields.get(type) ?? new Map(fields.map((field) => [field.name, field]))
    this.#fields.set(type, known)
    return known
  }
}

/**
 * What may follow at `cursor` in a document: the fields of the selection set, the arguments of the field, or the
 * keywords of a definition. At most 100, all beginning with what is typed, in any case. None elsewhere.
 */
export function completeQuery(text: string, cursor: number, schema: GraphqlSchema): QueryCompletions {
  const at = Math.max(0, Math.min(cursor, text.length))
  const nothing: QueryCompletions = { start: at, end: at, offers: [] }
  const tokens = at > MAX_LENGTH ? undefined : tokensOf(text.slice(0, at))
  if (tokens === undefined) return nothing
  const last = tokens.at(-1)
  const touched = last?.end === at ? last : undefined
  if (touched?.kind === 'number') return nothing

  const typed = touched?.kind === 'name' ? touched : undefined
  const reader = new Reader(schema)
  for (const token of tokens) if (token !== typed) reader.read(token)

  const prefix = typed?.text.toLowerCase() ?? ''
  const offers = reader
    .offers()
    .filter(({ name }) => name.toLowerCase().startsWith(prefix))
    .slice(0, MAX_OFFERS)
    .map(({ name, type }) => ({ insert: name, detail: type }))
  if (offers.length === 0) return nothing
  NAME_REST.lastIndex = at
  return { start: typed?.start ?? at, end: at + (NAME_REST.exec(text)?.[0].length ?? 0), offers }
}
