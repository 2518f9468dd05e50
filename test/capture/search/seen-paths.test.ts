import assert from 'node:assert/strict'
import type { SearchSource } from '../../../src/capture/search/search.ts'
import { seenPaths } from '../../../src/capture/search/seen-paths.ts'
import type { EventType } from '../../../src/shared/event.ts'
import { allocateColumns, packKind } from '../../../src/shared/event-columns.ts'
import { parseFilter } from '../../../src/shared/filter/parse.ts'
import { found } from '../../support/prefiltering.ts'

/** A log of these payloads, and the number of payloads that were read. */
function logOf(texts: readonly string[], type: EventType = 'message') {
  const read: number[] = []
  const source: SearchSource = {
    eventNames: [''],
    firstKept: 0,
    count: texts.length,
    text: (index) => {
      read.push(index)
      return texts[index]
    },
    columns: (from, max) => {
      const columns = allocateColumns(from, Math.min(max, texts.length - from))
      for (let at = 0; at < columns.count; at++) {
        columns.kind[at] = packKind({
          type,
          direction: 'in',
        })
        columns.size[at] = Buffer.byteLength(texts[from + at] ?? '')
      }
      return columns
    },
  }
  return { source, read }
}

const pathsOf = (...texts: string[]) => seenPaths(logOf(texts).source)

describe('paths seen in JSON payloads', () => {
  it('are paths of members and elements, with some of their values', () => {
    assert.deepEqual(pathsOf('{"type":"quote"}', '{"type":"trade","px":{"bid":1.5},"ok":null}', 'no JSON'), [
      { path: '$.type', values: ['"trade"', '"quote"'] },
      { path: '$.px', values: [] },
      { path: '$.px.bid', values: ['1.5'] },
      { path: '$.ok', values: ['null'] },
    ])
  })

  it('have one path for all elements of a list, and one for each element of a tuple', () => {
    assert.deepEqual(
      pathsOf('["join",7,{"to":"a"}]').map(({ path }) => path),
      ['$[0]', '$[1]', '$[2]', '$[2].to'],
    )
    assert.deepEqual(
      pathsOf('[{"id":1},{"id":2}]', '{"legs":[{"id":3}],"n":[1,2]}').map(({ path, values }) => [
        path,
        ...values,
      ]),
      [
        ['$.legs'],
        ['$.legs[*]'],
        ['$.legs[*].id', '3'],
        ['$.n'],
        ['$.n[*]', '1', '2'],
        ['$[*]'],
        ['$[*].id', '1', '2'],
      ],
    )
  })

  it('are valid filters, whatever the names', async () => {
    const texts = [
      '{"user-id":1}',
      '{"a b":{"\\"\\\\":2}}',
      '{"价格":3,"":4,"__proto__":5}',
      '{"x":[{"$":6}]}',
    ]
    const { source } = logOf(texts)
    const seen = seenPaths(source)
    assert.equal(seen.length, 9)
    for (const { path, values } of seen) {
      const text = values.length === 0 ? path : `${path} == ${values[0]}`
      assert.ok((await found(source, parseFilter(text))).length > 0, text)
    }
  })

  it('come only from the newest few and small payloads', () => {
    const many = logOf(Array.from({ length: 5000 }, (_, i) => `{"n${i}":${i}}`))
    assert.equal(seenPaths(many.source)[0]?.path, '$.n4999')
    assert.equal(many.read.length, 200)
    const large = logOf([`{"a":"${'x'.repeat(100_000)}"}`, '{"b":1}'])
    assert.deepEqual(seenPaths(large.source), [{ path: '$.b', values: ['1'] }])
    assert.deepEqual(large.read, [1])
    const wide = `{${Array.from({ length: 1000 }, (_, i) => `"k${i}":{"v":${i}}`).join()}}`
    assert.ok(seenPaths(logOf([wide, wide.replaceAll('k', 'q')]).source).length <= 300)
    const deep = `${'{"a":'.repeat(500)}1${'}'.repeat(500)}`
    assert.equal(pathsOf(deep).length, 6)
    assert.deepEqual(seenPaths(logOf(['{"a":1}'], 'comment').source), [])
  })
})
