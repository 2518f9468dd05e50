import assert from 'node:assert/strict'
import { complete } from '../../../src/shared/filter/complete.ts'

const CONTEXT = {
  labels: ['', 'price', 'print job'],
  connections: [
    { id: 1, url: 'ws://a/' },
    { id: 2, url: 'http://b/' },
  ],
}

/** The texts that result from taking each completion at `|`. */
function taken(marked: string): string[] {
  const cursor = marked.indexOf('|')
  const text = marked.replace('|', '')
  return complete(text, cursor, CONTEXT).map(
    ({ start, end, insert }) => text.slice(0, start) + insert + text.slice(end),
  )
}

describe('completion of a filter', () => {
  it('offers fields and their values', () => {
    assert.deepEqual(taken('si|'), ['size:'])
    assert.deepEqual(taken('a (dir:|)'), ['a (dir:in)', 'a (dir:out)'])
    assert.deepEqual(taken('type:pi|'), ['type:ping'])
    assert.deepEqual(taken('conn:|'), ['conn:1', 'conn:2'])
  })

  it('offers names of events, quoted where they need it', () => {
    assert.deepEqual(taken('event:p|'), ['event:price'])
    assert.deepEqual(taken('event:|'), ['event:price', 'event:"print job"'])
  })

  it('offers everything at the start and nothing inside quotes, expressions and paths', () => {
    assert.ok(taken('|').includes('dir:'))
    assert.deepEqual(taken('"di|'), [])
    assert.deepEqual(taken('/di|'), [])
    assert.deepEqual(taken('$.di|'), [])
    assert.deepEqual(taken('"two di|'), [])
  })

  it('does not offer what already stands there', () => {
    assert.deepEqual(taken('dir:in|'), [])
  })
})
