/** The part of a GraphQL server's schema that completions need, from its introspection (https://spec.graphql.org/draft/#sec-Introspection). */
import { Failure } from '../failure.ts'
import { formatCount } from '../text/numbers.ts'

export interface GraphqlArgument {
  readonly name: string
  /** As written: `[ID!]`. */
  readonly type: string
}

export interface GraphqlField {
  readonly name: string
  /** As written: `[User!]!`. */
  readonly type: string
  /** The named type: `User`. */
  readonly of: string
  readonly args: readonly GraphqlArgument[]
}

/** Can be cloned and written as JSON. Its keys come from a server: read them with `Object.hasOwn`. */
export interface GraphqlSchema {
  /** Names of the root types. */
  readonly roots: Readonly<Partial<Record<'query' | 'mutation' | 'subscription', string>>>
  /** Fields of object and interface types, by the name of the type. A union has none. */
  readonly types: Readonly<Record<string, readonly GraphqlField[]>>
}

const MAX_TYPES = 5_000
const MAX_FIELDS = 50_000
const MAX_ARGUMENTS = 100_000
/** Levels of `ofType`: enough for a list of lists of lists, each of them and its items non-null. */
const LEVELS = 7

const NAME = /^[_A-Za-z]\w{0,255}$/

const OF_TYPE = ' ofType { kind name'.repeat(LEVELS) + ' }'.repeat(LEVELS)

/** The operation that asks a server for its schema. */
export const INTROSPECTION = `query IntrospectionQuery {
  __schema {
    queryType { name }
    mutationType { name }
    subscriptionType { name }
    types {
      kind
      name
      fields(includeDeprecated: true) { name type { ...Type } args { name type { ...Type } } }
    }
  }
}
fragment Type on __Type { kind name${OF_TYPE} }`

type Json = Readonly<Record<string, unknown>>

function bad(problem: string): Failure {
  return new Failure(
    'BAD_SCHEMA',
    `The answer has no schema that can be read: ${problem}; check that the server allows introspection.`,
  )
}

function objectOf(value: unknown, what: string): Json {
  if (typeof value !== 'object' || value === null) throw bad(`${what} is not an object`)
  return value as Json
}

function nameOf(value: unknown, what: string): string {
  if (typeof value !== 'string' || !NAME.test(value)) throw bad(`${what} has no valid name`)
  return value
}

/** Reads lists that together have at most `limit` items. */
function limitedLists(limit: number, noun: string): (value: unknown, what: string) => readonly unknown[] {
  let total = 0
  return (value, what) => {
    if (!Array.isArray(value)) throw bad(`${what} is not a list`)
    total += value.length
    if (total > limit) throw bad(`it has more than ${formatCount(limit)} ${noun}`)
    return value
  }
}

/** A type as written, and its named type. */
function typeOf(value: unknown, level = 0): { readonly type: string; readonly of: string } {
  const { kind, name, ofType } = objectOf(value, 'a type')
  if (kind !== 'NON_NULL' && kind !== 'LIST') {
    const of = nameOf(name, 'a type')
    return { type: of, of }
  }
  if (level === LEVELS) throw bad('a type has too many lists in lists')
  const { type, of } = typeOf(ofType, level + 1)
  return { type: kind === 'LIST' ? `[${type}]` : `${type}!`, of }
}

function rootOf(value: unknown, what: string): string | undefined {
  return value === null || value === undefined ? undefined : nameOf(objectOf(value, what).name, what)
}

/** The schema in the `data` of an introspection's result. Throws a `Failure` `BAD_SCHEMA` if there is none. */
export function schemaOf(data: unknown): GraphqlSchema {
  const { __schema } = objectOf(data, 'data')
  const schema = objectOf(__schema, '__schema')
  const listTypes = limitedLists(MAX_TYPES, 'types')
  const listFields = limitedLists(MAX_FIELDS, 'fields')
  const listArguments = limitedLists(MAX_ARGUMENTS, 'arguments')

  const argumentOf = (value: unknown): GraphqlArgument => {
    const { name, type } = objectOf(value, 'an argument')
    return { name: nameOf(name, 'an argument'), type: typeOf(type).type }
  }
  const fieldOf = (value: unknown): GraphqlField => {
    const { name, type, args } = objectOf(value, 'a field')
    return {
      name: nameOf(name, 'a field'),
      ...typeOf(type),
      args: listArguments(args, 'the arguments of a field').map(argumentOf),
    }
  }

  const types: Record<string, readonly GraphqlField[]> = Object.create(null)
  for (const each of listTypes(schema.types, 'types')) {
    const { kind, name, fields } = objectOf(each, 'a type')
    if (kind === 'UNION') types[nameOf(name, 'a type')] = []
    else if (kind === 'OBJECT' || kind === 'INTERFACE')
      types[nameOf(name, 'a type')] = listFields(fields, 'the fields of a type').map(fieldOf)
  }

  const query = rootOf(schema.queryType, 'queryType')
  const mutation = rootOf(schema.mutationType, 'mutationType')
  const subscription = rootOf(schema.subscriptionType, 'subscriptionType')
  return {
    roots: {
      ...(query !== undefined && { query }),
      ...(mutation !== undefined && { mutation }),
      ...(subscription !== undefined && { subscription }),
    },
    types,
  }
}
