import assert from 'node:assert/strict'
import { type JSONValue, query } from 'json-p3'
import type { Candidate } from '../../../src/capture/filter/candidate.ts'
import { compileJson } from '../../../src/capture/filter/json.ts'
import type { JsonComparison } from '../../../src/shared/filter/syntax.ts'

const DOCUMENTS: readonly unknown[] = [
  ...[null, true, 0, '', 'text', [], {}, [1, [2, 3], { a: null }], { a: { b: [{ c: 1 }, 'x'] } }],
  ...[{ a: null }, { a: [] }, { a: 'text' }, JSON.parse('{"__proto__":{"a":1},"length":5,"0":6}')],
]

const PATHS = [
  ...[
    '$',
    '$.a',
    '$.a.b',
    '$.a.b[0].c',
    '$.a.b[-1]',
    '$.a.b[-2].c',
    '$.a.b[2]',
    '$.a.b[-3]',
    '$[0]',
    '$["0"]',
  ],
  ...[
    '$.length',
    '$.a.length',
    '$.__proto__',
    '$.__proto__.a',
    '$.constructor',
    '$.toString',
    '$[1][1]',
    '$[2].a',
  ],
  ...['$[-1]', '$[2]["a"]', '$.*', '$..a', '$[0,1]', '$[1:]', '$[?@.a]', '$.a[?@.c]'],
]

function rowOf(document: unknown): Candidate {
  return {
    ...{
      number: undefined,
      time: 0,
      kind: 0,
      connection: 1,
      size: 0,
      wireSize: 0,
      eventName: '',
      gap: undefined,
    },
    text: () => undefined,
    json: () => document,
    decoded: () => [],
    values: () => [],
    isUnanswered: () => false,
    verdict: () => undefined,
  }
}

describe('a JSON path of a filter', () => {
  for (const path of PATHS)
    it(`${path} finds what json-p3 finds`, () => {
      const exists = compileJson({
        ...{ kind: 'json', path, comparison: undefined, value: undefined, start: 0, end: 0 },
      })
      for (const document of DOCUMENTS) {
        const found = [...query(path, document as JSONValue).values()]
        assert.equal(exists(rowOf(document)), found.length > 0, JSON.stringify(document))
        for (const value of [null, true, 0, 1, 5, 6, '', 'x', 'text']) {
          const equals = compileJson({ kind: 'json', path, comparison: '==', value, start: 0, end: 0 })
          assert.equal(equals(rowOf(document)), found.includes(value), JSON.stringify([document, value]))
        }
      }
    })
})

describe('a comparison of a filter', () => {
  const holds = (found: unknown, comparison: JsonComparison, value: string | number | boolean | null) =>
    compileJson({ kind: 'json', path: '$.v', comparison, value, start: 0, end: 0 })(rowOf({ v: found }))

  for (const [small, large] of [
    [1, 1.5],
    [-2, 0],
    ['a', 'b'],
    ['', 'a'],
    ['10', '9'],
  ] as const)
    it(`orders ${JSON.stringify(small)} before ${JSON.stringify(large)}`, () => {
      const orders = (left: unknown, right: string | number) =>
        (['<', '<=', '==', '!=', '>=', '>'] as const).filter((comparison) => holds(left, comparison, right))
      assert.deepEqual(orders(small, large), ['<', '<=', '!='])
      assert.deepEqual(orders(large, large), ['<=', '==', '>='])
      assert.deepEqual(orders(large, small), ['!=', '>=', '>'])
    })

  it('is between values of one type: others are neither less nor greater nor equal', () => {
    for (const [found, value] of [
      ['1', 1],
      [1, '1'],
      [null, 0],
      [true, true],
      [null, null],
      [[1], 1],
      [{}, 'a'],
    ] as const) {
      for (const comparison of ['<', '<=', '>', '>='] as const)
        assert.equal(
          holds(found, comparison, value),
          false,
          `${JSON.stringify(found)} ${comparison} ${value}`,
        )
      assert.equal(holds(found, '==', value), found === value)
      assert.equal(holds(found, '!=', value), found !== value)
    }
  })

  it('rejects a path that is nested too deeply with a sentence', () => {
    const path = `$[?${'('.repeat(100_000)}@.a${')'.repeat(100_000)}]`
    const filter = { kind: 'json', path, comparison: undefined, value: undefined, start: 0, end: 1 } as const
    assert.throws(() => compileJson(filter), /nested too deeply/)
  })
})
