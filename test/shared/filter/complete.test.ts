import assert from 'node:assert/strict'
import { complete } from '../../../src/shared/filter/complete.ts'

const CONTEXT = {
  eventNames: ['', 'price', 'print job'],
  connections: [
    { id: 1, url: 'ws://a/' },
    { id: 2, url: 'http://b/' },
    { id: 20, url: 'http://price/' },
  ],
  decoded: {
    protocols: ['socket.io', 'engine.io'],
    names: [
      { name: 'sum', kinds: ['request' as const, 'ack' as const] },
      { name: 'chat message', kinds: ['event' as const] },
    ],
    channels: ['/', '/admin'],
  },
  paths: [
    { path: '$.type', values: ['"trade"', '"quote"', '"a b"'] },
    { path: '$.typeName', values: [] },
    { path: '$.price', values: ['102.25', 'null'] },
    { path: '$["user-id"]', values: ['7'] },
    { path: '$.legs[*].id', values: ['1'] },
  ],
}

/** The texts that result from accepting each completion at `|`. */
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
    assert.deepEqual(taken('conn:|'), ['conn:1', 'conn:2', 'conn:20'])
    assert.deepEqual(taken('conn:pri|'), ['conn:20'])
    const types = taken('type:|')
    for (const type of ['connect', 'mark', 'text', 'binary']) assert.ok(types.includes(`type:${type}`), type)
  })

  it('offers names of events, quoted if necessary', () => {
    assert.deepEqual(taken('event:p|'), ['event:price', 'event:"print job"'])
    assert.deepEqual(taken('event:"print j|'), ['event:"print job"'])
    assert.deepEqual(taken('event:"pri|nt job" a'), ['event:"print job" a', 'event:"price" a'])
    assert.deepEqual(taken('event:|'), ['event:price', 'event:"print job"'])
  })

  it('offers what the decoders found', () => {
    assert.deepEqual(taken('protocol:s|'), ['protocol:socket.io'])
    assert.deepEqual(taken('name:|'), ['name:sum', 'name:"chat message"'])
    assert.equal(complete('name:s', 6, CONTEXT)[0]?.detail, 'request, ack')
    assert.deepEqual(taken('channel:/|'), ['channel:/', 'channel:/admin'])
    assert.deepEqual(taken('kind:sub|'), ['kind:subscribe'])
    assert.deepEqual(taken('is:|'), ['is:unanswered', 'is:heartbeat', 'is:automatic'])
    assert.deepEqual(taken('lat|'), ['latency:'])
  })

  it('offers the paths of JSON payloads, then operators, then the values found there', () => {
    assert.deepEqual(
      taken('a $|'),
      CONTEXT.paths.map(({ path }) => `a ${path}`),
    )
    assert.deepEqual(taken('$.PR|'), ['$.price'])
    assert.deepEqual(taken('$[|'), ['$["user-id"]'])
    assert.deepEqual(taken('$.legs|'), ['$.legs[*].id'])
    const after = taken('$.type |')
    assert.deepEqual(after.slice(0, 2), ['$.type ==', '$.type !='])
    assert.ok(after.includes('$.type and'))
    assert.deepEqual(
      taken('$.price >|'),
      ['$.price 102.25', '$.price null'].map((text) => text.replace('e ', 'e >')),
    )
    assert.deepEqual(
      taken('($.type == |)'),
      ['"trade"', '"quote"', '"a b"'].map((text) => `($.type == ${text})`),
    )
    assert.deepEqual(taken('$.type="a|'), ['$.type="a b"'])
    assert.deepEqual(taken('$["user-id"] == |'), ['$["user-id"] == 7'])
    assert.deepEqual(taken('$.type == "trade"|'), [])
    assert.deepEqual(taken('$.price > 1|'), [])
  })

  it('replaces the word at the cursor, and keeps a complete word before a longer one', () => {
    assert.deepEqual(taken('ty|:ping'), ['type:ping'])
    assert.deepEqual(taken('t|ype:ping'), ['type:ping', 'time:ping'])
    assert.deepEqual(taken('type:p|ing and a'), ['type:ping and a', 'type:pong and a', 'type:pause and a'])
    assert.deepEqual(taken('conn:2|'), ['conn:2', 'conn:20'])
    assert.deepEqual(taken('$.type|'), ['$.type', '$.typeName'])
  })

  it('offers everything at the start, and nothing inside quotes and regular expressions', () => {
    assert.ok(taken('|').includes('dir:'))
    assert.deepEqual(taken('"di|'), [])
    assert.deepEqual(taken('/di|'), [])
    assert.deepEqual(taken('$.di|'), [])
    assert.deepEqual(taken('"$.ty|'), [])
    assert.deepEqual(taken('"conn:|'), [])
    assert.deepEqual(taken('"two di|'), [])
  })

  it('does not offer the word that is already there', () => {
    assert.deepEqual(taken('dir:in|'), [])
  })
})
