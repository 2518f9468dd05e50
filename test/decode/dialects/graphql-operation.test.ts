import assert from 'node:assert/strict'
import { operationName } from '../../../src/decode/dialects/graphql-operation.ts'
import { assertLinear } from '../../support/linear.ts'

describe('the name of a GraphQL operation', () => {
  for (const [document, name] of [
    ['query Q { a }', 'Q'],
    ['subscription OnPrice($s: [String!] = ["}"]) @live { p }', 'OnPrice'],
    ['{ boom }', 'boom'],
    ['mutation { add(a:2) }', 'add'],
    ['mutation($a: Int = 1) { add(a: $a) }', 'add'],
    ['{ alias: real }', 'real'],
    ['# query No {\n"""query No {"""\nquery Yes { a }', 'Yes'],
    ['fragment F on T { x }\nquery { y }', 'y'],
    ['fragment query on T { x { z } }\nsubscription S { y }', 'S'],
    ['query', undefined],
    ['', undefined],
    ['"query { a', undefined],
  ] as const)
    it(`is ${name} in ${document}`, () => {
      assert.equal(operationName(document), name)
    })

  for (const part of ['"\\"', '\\"', '{', '"""', '# ', ',', '{a:', '("'])
    it(`is searched in bounded time in many ${part}`, () => {
      assertLinear(
        part,
        (size) => part.repeat(size / part.length),
        (document) => operationName(document),
      )
    })
})
