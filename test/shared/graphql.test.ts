import assert from 'node:assert/strict'
import { buildSchema, graphqlSync } from 'graphql'
import { Failure } from '../../src/shared/failure.ts'
import { completeQuery } from '../../src/shared/graphql/complete.ts'
import { INTROSPECTION, schemaOf } from '../../src/shared/graphql/schema.ts'
import { assertLinear } from '../support/linear.ts'
import { seededRandom } from '../support/splits.ts'

const SERVER = buildSchema(`
  schema { query: Root, mutation: Change, subscription: Feed }
  type Root {
    user(id: ID!, includeOld: Boolean = false): User
    users(first: Int, filter: Filter): [User!]!
    search(text: String!): [Hit!]
    cube: [[[Int!]!]!]!
    old: Int @deprecated
  }
  type Change { rename(id: ID!, name: String!): User }
  type Feed { renamed: User! }
  interface Node { id: ID! }
  type User implements Node { id: ID!, Name: String, friends(first: Int): [User!]!, posts: [Post] }
  type Post implements Node { id: ID!, title: String, author: User! }
  union Hit = User | Post
  input Filter { name: String }
  enum Color { RED }
`)

const DATA: unknown = JSON.parse(JSON.stringify(graphqlSync({ schema: SERVER, source: INTROSPECTION }).data))
const SCHEMA = schemaOf(DATA)

/** Completes where the text has a `|`. */
function at(marked: string, schema = SCHEMA) {
  const cursor = marked.indexOf('|')
  assert.ok(cursor >= 0)
  const text = marked.slice(0, cursor) + marked.slice(cursor + 1)
  const { start, end, offers } = completeQuery(text, cursor, schema)
  return { replaced: text.slice(start, end), offers: offers.map(({ insert }) => insert) }
}

const ROOT = ['user', 'users', 'search', 'cube', 'old', '__typename']
const USER = ['id', 'Name', 'friends', 'posts', '__typename']
const POST = ['id', 'title', 'author', '__typename']
const KEYWORDS = ['query', 'mutation', 'subscription', 'fragment']

const introspected = (type: object) => ({ __schema: { types: [type] } })
const INT = { kind: 'SCALAR', name: 'Int' }

describe('schemaOf', () => {
  it('reads the roots, and the types as they are written', () => {
    assert.deepEqual(SCHEMA.roots, { query: 'Root', mutation: 'Change', subscription: 'Feed' })
    assert.deepEqual(SCHEMA.types.Root, [
      {
        name: 'user',
        type: 'User',
        of: 'User',
        args: [
          { name: 'id', type: 'ID!' },
          { name: 'includeOld', type: 'Boolean' },
        ],
      },
      {
        name: 'users',
        type: '[User!]!',
        of: 'User',
        args: [
          { name: 'first', type: 'Int' },
          { name: 'filter', type: 'Filter' },
        ],
      },
      { name: 'search', type: '[Hit!]', of: 'Hit', args: [{ name: 'text', type: 'String!' }] },
      { name: 'cube', type: '[[[Int!]!]!]!', of: 'Int', args: [] },
      { name: 'old', type: 'Int', of: 'Int', args: [] },
    ])
    assert.deepEqual(SCHEMA.types.Hit, [])
    assert.deepEqual(
      Object.keys(SCHEMA.types)
        .filter((name) => !name.startsWith('__'))
        .sort(),
      ['Change', 'Feed', 'Hit', 'Node', 'Post', 'Root', 'User'],
    )
  })

  it('reads a server without mutations and subscriptions', () => {
    const schema = buildSchema('type Query { a: Int }')
    assert.deepEqual(schemaOf(graphqlSync({ schema, source: INTROSPECTION }).data).roots, { query: 'Query' })
  })

  it('says why an answer has no schema', () => {
    const field = (more: object) =>
      introspected({ kind: 'OBJECT', name: 'A', fields: [{ name: 'a', type: INT, args: [], ...more }] })
    let deep: object = INT
    for (let level = 0; level < 8; level++) deep = { kind: 'LIST', ofType: deep }
    for (const [data, problem] of [
      [null, /data is not an object/],
      [{}, /__schema is not an object/],
      [{ __schema: {} }, /types is not a list/],
      [introspected({ kind: 'OBJECT', name: 'A', fields: null }), /fields of a type is not a list/],
      [introspected({ kind: 'UNION', name: 'A B' }), /no valid name/],
      [field({ name: 7 }), /a field has no valid name/],
      [field({ type: deep }), /too many lists/],
      [field({ args: [{ name: 'b' }] }), /a type is not an object/],
      [{ __schema: { types: Array(5_001).fill(INT) } }, /more than 5,000 types/],
      [
        introspected({ kind: 'OBJECT', name: 'A', fields: Array(50_001).fill({}) }),
        /more than 50,000 fields/,
      ],
      [field({ args: Array(100_001).fill({}) }), /more than 100,000 arguments/],
    ] as const)
      assert.throws(
        () => schemaOf(data),
        (thrown) => {
          assert.ok(thrown instanceof Failure)
          assert.equal(thrown.code, 'BAD_SCHEMA')
          assert.match(thrown.message, problem)
          assert.match(thrown.message, /^[A-Z][^.]*\.$/)
          return true
        },
      )
  })

  it('keeps names of the prototype apart, in a clone and in JSON, too', () => {
    const proto = {
      kind: 'OBJECT',
      name: '__proto__',
      fields: [{ name: 'constructor', type: INT, args: [] }],
    }
    const read = schemaOf({ __schema: { queryType: { name: '__proto__' }, types: [proto] } })
    for (const schema of [read, structuredClone(read), JSON.parse(JSON.stringify(read))]) {
      assert.deepEqual(at('{|', schema).offers, ['constructor', '__typename'])
      assert.deepEqual(at('fragment F on toString {|', schema).offers, [])
      assert.deepEqual(at('constructor {|', schema).offers, [])
    }
  })
})

describe('completeQuery', () => {
  for (const [situation, marked, offers, replaced = ''] of [
    ['an empty document', '|', KEYWORDS],
    ['a keyword', 'qu|', ['query'], 'qu'],
    ['a second definition', '{ old } # first\n|', KEYWORDS],
    ['a keyword after a description', '"""what { it""" m|', ['mutation'], 'm'],
    ['the name of an operation', 'query us|', []],
    ['an anonymous query', '{|', ROOT],
    [
      'a query with variables',
      'query Q($f: Filter = { name: "}" }, $n: [Int!]) @d(a: 1) { us|',
      ['user', 'users'],
      'us',
    ],
    ['a mutation', 'mutation { |', ['rename', '__typename']],
    ['a subscription', 'subscription S { re| }', ['renamed'], 're'],
    ['a name of any case', '{ user { n| } }', ['Name'], 'n'],
    ['the middle of a name', '{ user { po|st } }', ['posts'], 'post'],
    ['a nested field', '{ users(first: 2) { posts { author { | } } } }', USER],
    ['after a nested field', '{ user { posts { id } | } }', USER],
    ['after a selection set', '{ user { id } | }', ROOT],
    ['an alias', '{ me: user(id: "1") @skip(if: true) { f|', ['friends'], 'f'],
    ['after an alias', '{ user: |', ROOT],
    ['an interface', 'fragment N on Node { |', ['id', '__typename']],
    ['a union', '{ search(text: "") { |', ['__typename']],
    ['an inline fragment', '{ search(text: "a") { ... on Post { | } } }', POST],
    ['an inline fragment with a directive', '{ search { ...on Post @skip(if: $a) { |', POST],
    ['an inline fragment without a type', '{ user { ... @include(if: true) { |', USER],
    ['after a spread', '{ user { ...All | } }', USER],
    ['a fragment definition', '{ old } fragment F on Post @d(b: {}) { t|', ['title'], 't'],
    ['the type of a condition', '{ user { ... on U|', []],
    ['after the type of a condition', '{ user { ... on User |', []],
    ['the name of a spread', '{ user { ...i|', []],
    ['an unknown field', '{ nothing { |', []],
    ['an unknown type', 'fragment F on Nothing { |', []],
    ['a scalar', '{ old { |', []],
    ['arguments', '{ user(|) }', ['id', 'includeOld']],
    ['the name of an argument', '{ user(id: 1, INC|', ['includeOld'], 'INC'],
    ['arguments after a variable', '{ users(first: $n |', ['first', 'filter']],
    ['arguments after a string', '{ user(id: "1" |', ['id', 'includeOld']],
    ['arguments after an object', '{ users(filter: { name: "a", b: [1] } |', ['first', 'filter']],
    ['arguments of a nested alias', '{ user { f: friends(|', ['first']],
    ['the value of an argument', '{ user(id: |', []],
    ['the name of a value', '{ user(id: i|', []],
    ['a number', '{ user(id: 12|', []],
    ['a variable', '{ user(id: $i|', []],
    ['an object in arguments', '{ users(filter: { |', []],
    ['a list in arguments', '{ users(first: [ |', []],
    ['arguments of a directive', '{ user @skip(|', []],
    ['a directive', '{ user @s|', []],
    ['variables', 'query Q(|', []],
    ['a string', '{ user(id: "{|', []],
    ['a string with an escaped quote', '{ user(id: "\\"|", ', []],
    ['a block string', '{ user(id: """ " \\""" { |', []],
    ['after a block string', '{ user(id: """ " \\""" { """) { |', USER],
    ['a comment', '{ user # {|', []],
    ['after a comment', '{ user # ( "\n { |', USER],
    ['a text that closes too much', '}}) ] { user { ) |', USER],
    ['arguments that do not close', '{ user(id: [1 } mutation { |', ['rename', '__typename']],
    ['a string that does not close', '{ user(id: "a\n) { |', USER],
  ] as const)
    it(`completes ${situation}`, () => assert.deepEqual(at(marked), { replaced, offers }))

  it('says the type of a field, and of an argument', () => {
    assert.deepEqual(completeQuery('{ users', 7, SCHEMA), {
      start: 2,
      end: 7,
      offers: [{ insert: 'users', detail: '[User!]!' }],
    })
    assert.deepEqual(completeQuery('{user(i', 7, SCHEMA).offers[0], { insert: 'id', detail: 'ID!' })
  })

  it('offers at most 100', () => {
    const fields = Array.from({ length: 500 }, (_, i) => ({ name: `f${i}`, type: INT, args: [] }))
    const schema = schemaOf({
      __schema: { queryType: { name: 'Q' }, types: [{ kind: 'OBJECT', name: 'Q', fields }] },
    })
    assert.equal(at('{|', schema).offers.length, 100)
    assert.deepEqual(at('{f499|', schema), { replaced: 'f499', offers: ['f499'] })
  })

  it('accepts every cut and mutation of a document', () => {
    const document = `query Q($f: Filter = {name: "\\"x"}) { me: user(id: """a\\"""b""", includeOld: true) @skip(if: $a) {
      id ... on User { friends(first: -1.5e+3) { Name } } ...F ... { posts { title } } # end
    } } fragment F on Node { id } mutation { rename(id: [1, {a: B}]) { id } }`
    const pieces = [
      '{',
      '}',
      '(',
      ')',
      '[',
      ']',
      '"',
      '"""',
      '\\',
      '#',
      '\n',
      '...',
      'on ',
      ':',
      '@',
      '$',
      '😀',
      '\0',
      '1',
    ]
    const random = seededRandom(7)
    const below = (limit: number) => Math.floor(random() * limit)
    for (let round = 0; round < 3_000; round++) {
      let text = document
      for (let change = below(6); change > 0; change--) {
        const from = below(text.length + 1)
        text = text.slice(0, from) + (pieces[below(pieces.length)] ?? '') + text.slice(from + below(4))
      }
      const cursor = below(text.length + 3) - 1
      const { start, end, offers } = completeQuery(text, cursor, SCHEMA)
      const clamped = Math.max(0, Math.min(cursor, text.length))
      assert.ok(start <= clamped && clamped <= end && end <= text.length)
      assert.match(text.slice(start, end), /^\w*$/)
      const typed = text.slice(start, clamped).toLowerCase()
      for (const { insert } of offers) assert.ok(insert.toLowerCase().startsWith(typed))
    }
  })

  it('takes time in proportion to the length', () => {
    for (const part of [
      '{',
      '(',
      '{(',
      '[',
      ']',
      '{user(',
      '"',
      '"\\',
      '"\\"\n',
      '\\"""',
      '"""',
      '#\n',
      '...',
      'a ',
      '-',
      '1.',
      '{user{id}}',
    ])
      for (const [before, after] of [
        ['', ''],
        ['{user(id: [', '})'],
        ['"', '\\\n'],
      ] as const)
        assertLinear(
          JSON.stringify(part),
          (size) => before + part.repeat(size / part.length) + after,
          (text) => completeQuery(text, text.length, SCHEMA),
        )
  })

  it('offers nothing beyond 1 MiB', () => {
    const text = `{${' '.repeat(1024 * 1024)}`
    assert.deepEqual(completeQuery(text, text.length, SCHEMA).offers, [])
    assert.equal(completeQuery(text, text.length - 1, SCHEMA).offers.length, ROOT.length)
  })
})
