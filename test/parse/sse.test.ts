import assert from 'node:assert/strict'
import { isDeepStrictEqual } from 'node:util'
import { createParser as createOracle } from 'eventsource-parser'
import type { RecordSink } from '../../src/parse/record.ts'
import { SseParser } from '../../src/parse/sse.ts'
import { recordsInEverySplit, recordsOf, type SeenRecord, seededRandom, textsOf } from '../support/splits.ts'

const make =
  (maxRecordSize = 1000, lastEventId = '') =>
  (sink: RecordSink) =>
    new SseParser({ maxRecordSize, lastEventId }, sink)

/** The same with plain events in batches. */
const makeBatched =
  (maxRecordSize = 1000, lastEventId = '') =>
  (sink: RecordSink) =>
    new SseParser(
      {
        maxRecordSize,
        lastEventId,
        onBatch: ({ count, bytes, starts, sizes, from, to }) => {
          for (let i = 0; i < count; i++)
            sink({
              kind: 'record',
              payload: bytes.subarray(starts[i], (starts[i] ?? 0) + (sizes[i] ?? 0)),
              ...{ start: from[i] ?? 0, end: to[i] ?? 0 },
              ...{ event: 'message', id: '', ownId: false, isText: true },
            })
        },
      },
      sink,
    )

/** If the end of a chunk splits a CRLF, the record does not include the LF, and says so. */
function withLf(seen: (SeenRecord | string)[]): (SeenRecord | string)[] {
  return seen.map((record) => {
    if (typeof record === 'string' || record.awaitsLf !== true) return record
    const { awaitsLf, ...rest } = record
    return { ...rest, end: record.end + 1 }
  })
}

/** With mixed line endings, a CR at the end of a chunk may be a complete one. */
function withoutEnd(seen: (SeenRecord | string)[]): (SeenRecord | string)[] {
  return seen.map((record) =>
    typeof record === 'string' ? record : { ...record, end: 0, awaitsLf: undefined },
  )
}

/** The records, the same in any split, as [event, id, data]; comments as [':', text]; discarded ones as ['!', text]. */
function parse(input: string | Uint8Array, lastEventId = '', normalize = withLf): string[][] {
  const seen = recordsInEverySplit(make(1000, lastEventId), input, normalize)
  assert.deepEqual(recordsInEverySplit(makeBatched(1000, lastEventId), input, normalize), seen)
  return seen.map((record) => {
    if (typeof record === 'string') return [record]
    if (record.kind === 'comment') return [':', record.text]
    if (record.kind === 'discarded') return ['!', record.text]
    return [record.event ?? '', record.id ?? '', record.text]
  })
}

const latin1 = (text: string) => new Uint8Array(Buffer.from(text, 'latin1'))

describe('SseParser', () => {
  it('reads the examples of the HTML standard', () => {
    assert.deepEqual(parse('data: This is the first message.\n\ndata: second,\ndata: two lines.\n\n'), [
      ['message', '', 'This is the first message.'],
      ['message', '', 'second,\ntwo lines.'],
    ])
    assert.deepEqual(parse('event: add\ndata: 73857293\n\nevent: remove\ndata: 2153\n\n'), [
      ['add', '', '73857293'],
      ['remove', '', '2153'],
    ])
    assert.deepEqual(
      parse(': test stream\n\ndata: first event\nid: 1\n\ndata:second event\nid\n\ndata:  third event\n\n'),
      [
        [':', ' test stream'],
        ['message', '1', 'first event'],
        ['message', '', 'second event'],
        ['message', '', ' third event'],
      ],
    )
    assert.deepEqual(parse('data\n\ndata\ndata\n\ndata:'), [
      ['message', '', ''],
      ['message', '', '\n'],
      ['!', ''],
    ])
    assert.deepEqual(parse('data:test\n\ndata: test\n\n'), [
      ['message', '', 'test'],
      ['message', '', 'test'],
    ])
  })

  it('accepts LF, CR and CRLF, mixed and split anywhere', () => {
    for (const eol of ['\n', '\r', '\r\n']) {
      const stream = [`id: 7`, 'data: a', 'data: b', '', ': c', 'data: d', '', ''].join(eol)
      assert.deepEqual(parse(stream), [
        ['message', '7', 'a\nb'],
        [':', ' c'],
        ['message', '7', 'd'],
      ])
    }
    assert.deepEqual(parse('data: a\r\ndata: b\rdata: c\n\r\ndata: d\n\rdata: e\r\r\n', '', withoutEnd), [
      ['message', '', 'a\nb\nc'],
      ['message', '', 'd'],
      ['message', '', 'e'],
    ])
  })

  it('dispatches at a CR that ends a chunk, without waiting for a LF', () => {
    const seen: string[] = []
    const parser = new SseParser({ maxRecordSize: 100 }, ({ payload, start, end, awaitsLf }) =>
      seen.push(`${Buffer.from(payload)} ${start}-${end} ${awaitsLf ?? false}`),
    )
    parser.push(latin1('data: a\r\n\r'))
    assert.deepEqual(seen, ['a 0-10 true'])
    parser.push(latin1('\ndata: b\r\n\r\n'))
    assert.deepEqual(seen.slice(1), ['b 11-22 false'])
    const bare: unknown[] = []
    new SseParser({ maxRecordSize: 100 }, (record) => bare.push(record.awaitsLf)).push(latin1('data: a\r\r'))
    assert.deepEqual(bare, [undefined])
  })

  it('removes one leading byte order mark and keeps the others', () => {
    const bom = '\xef\xbb\xbf'
    assert.deepEqual(parse(latin1(`${bom}data: a\n\n${bom}data: b\n\ndata: ${bom}c\n\n`)), [
      ['message', '', 'a'],
      ['message', '', `${bom}c`],
    ])
    assert.deepEqual(parse(latin1(`${bom}${bom}data: a\n\ndata: b\n\n`)), [['message', '', 'b']])
    assert.deepEqual(parse(latin1(`${bom}\ndata: b\n\n`)), [['message', '', 'b']])
  })

  it('keeps the last event ID, resets it by an empty one, and ignores one with NULL', () => {
    assert.deepEqual(
      parse('id: 1\ndata: a\n\ndata: b\n\nid: 2\0\ndata: c\n\nid\ndata: d\n\nid: 3\n\ndata: e\n\n'),
      [
        ['message', '1', 'a'],
        ['message', '1', 'b'],
        ['message', '1', 'c'],
        ['message', '', 'd'],
        ['message', '3', 'e'],
      ],
    )
  })

  it('continues with the previous last event ID, and says which events have their own', () => {
    assert.deepEqual(parse('data: a\n\nid: 9\ndata: b\n\n', '8'), [
      ['message', '8', 'a'],
      ['message', '9', 'b'],
    ])
    const own = recordsOf(make(1000, '8'), [latin1('data: a\n\nid: 8\ndata: b\n\ndata: c\n\n')])
    assert.deepEqual(
      own.map((record) => typeof record !== 'string' && record.ownId),
      [false, true, false],
    )
  })

  it('applies an ID without data at its blank line, without dispatching an event', () => {
    const parser = new SseParser({ maxRecordSize: 100 }, () => assert.fail('nothing is dispatched'))
    parser.push(latin1('id: 5\n'))
    assert.equal(parser.lastEventId, '')
    parser.push(latin1('event: x\n\n'))
    assert.equal(parser.lastEventId, '5')
    parser.end()
  })

  it('resets the event type with each event, and treats an empty one as message', () => {
    assert.deepEqual(parse('event: x\n\ndata: a\n\nevent:\ndata: b\n\nevent: y\nevent: z\ndata: c\n\n'), [
      ['message', '', 'a'],
      ['message', '', 'b'],
      ['z', '', 'c'],
    ])
  })

  it('ignores unknown fields, other cases, and spaces before a colon', () => {
    assert.deepEqual(parse('dat: 1\ndatax: 2\nData: 3\ndata : 4\n data: 5\nfoo\ndata:\t6\n\n'), [
      ['message', '', '\t6'],
    ])
  })

  it('accepts a retry of ASCII digits only', () => {
    const retryOf = (line: string) => {
      const parser = new SseParser({ maxRecordSize: 2000 }, () => {})
      parser.push(new TextEncoder().encode(`retry: 77\n${line}\n`))
      return parser.retry
    }
    assert.equal(retryOf('retry: 1500'), 1500)
    assert.equal(retryOf('retry:0'), 0)
    assert.equal(retryOf(`retry: ${'9'.repeat(500)}`), Number.MAX_SAFE_INTEGER)
    for (const bogus of [
      'retry',
      'retry:',
      'retry: 1e3',
      'retry: -1',
      'retry: 1 ',
      'retry:  1',
      'retry: ١',
      'retry: 0x1',
    ])
      assert.equal(retryOf(bogus), 77, bogus)
  })

  it('replaces invalid UTF-8 in data as in the Encoding standard, and keeps all other bytes', () => {
    const euro = 'data: \xe2\x82\xac \xf0\x9f\x98\x80\n\n'
    assert.deepEqual(parse(latin1(euro)), [['message', '', '\xe2\x82\xac \xf0\x9f\x98\x80']])
    const replacement = '\xef\xbf\xbd'
    assert.deepEqual(parse(latin1('data: a\xff\xe2\x82\ndata: \xacz\n\n')), [
      ['message', '', `a${replacement}${replacement}\n${replacement}z`],
    ])
    assert.deepEqual(parse(latin1(`:\xff\n`)), [[':', replacement]])
  })

  it('reports an event that the stream ended inside, and nothing if it ended between events', () => {
    for (const ending of ['data: x', 'data: x\n', 'event: y\n', 'id: 1\n', 'dat', ': half'])
      assert.equal(parse(`data: a\n\n${ending}`)[1]?.[0], '!', ending)
    for (const ending of ['', '\n\n', 'retry: 10\n', 'unknown: 1\n', ': c\n'])
      assert.ok(!parse(`data: a\n\n${ending}`).some(([kind]) => kind === '!'), ending)
    const parser = new SseParser({ maxRecordSize: 100, lastEventId: '1' }, () => {})
    parser.push(latin1('id: 2\ndata: x'))
    parser.end()
    assert.equal(parser.lastEventId, '1')
  })

  it('gives each event the span from its first line to its blank line', () => {
    const blocks = ['id: 1\ndata: a\n\n', ': c\n', 'retry: 5\n\n', 'data: b\n: inside\ndata: c\n\n']
    const seen = recordsInEverySplit(make(), blocks.join(''))
    const spans = seen.map((record) => (typeof record === 'string' ? [] : [record.start, record.end]))
    assert.deepEqual(spans, [
      [0, 15],
      [15, 19],
      [37, 46],
      [29, 55],
    ])
  })

  it('limits events and lines, and keeps what came before', () => {
    const ok = `data: ${'x'.repeat(20)}\n\n`
    for (const bad of [
      `data: ${'x'.repeat(21)}\n\n`,
      'y'.repeat(40),
      'data: 0123456789\n'.repeat(3),
      `:${'z'.repeat(80)}\n`,
    ]) {
      const seen = recordsInEverySplit(make(20), ok + bad)
      assert.deepEqual(textsOf(seen), ['x'.repeat(20), 'TOO_LARGE'], bad)
    }
    const long = latin1('data: 0123456789\n'.repeat(3))
    assert.throws(() => make(20)(() => {}).push(long), /sent an event of more than 20 bytes;/)
  })

  it('delivers the same events in batches as one by one, on random streams', () => {
    const random = seededRandom(37)
    const parts = ['data: one\n\n', 'data:\n\n', 'data: €\n\n', 'data: \xff\n\n', 'data: a\ndata: b\n\n']
    const others = [
      'event: x\n',
      'id: 1\n',
      'id\n',
      ': c\n',
      'data: \r\n\r\n',
      '\n',
      '\xef\xbb\xbf',
      `data: ${'x'.repeat(55)}\n\n`,
    ]
    for (let round = 0; round < 20; round++) {
      const pick = () => (random() < 0.9 ? parts : others)[Math.floor(random() * 8)] ?? ''
      const bytes = latin1(Array.from({ length: 20 }, pick).join('').replaceAll('€', '\xe2\x82\xac'))
      const seen = recordsInEverySplit(make(50), bytes, withLf)
      assert.deepEqual(recordsInEverySplit(makeBatched(50), bytes, withLf), seen)
    }
  })

  it('delivers more events of a chunk than one batch has room for', () => {
    const stream = Array.from({ length: 10_000 }, (_, at) => `data: ${at}\n\n`).join('')
    const seen = recordsOf(make(), [latin1(stream)])
    assert.equal(seen.length, 10_000)
    // Describing how that many differ would take minutes.
    assert.ok(isDeepStrictEqual(recordsOf(makeBatched(), [latin1(stream)]), seen))
  })

  it('agrees with eventsource-parser on random streams', () => {
    const random = seededRandom(926)
    const pick = <T>(items: readonly T[]): T => items[Math.floor(random() * items.length)] as T
    const lines = [
      'data: é',
      'data',
      'data:x',
      'data:  y',
      'event: e',
      'event',
      'id: 1',
      'id',
      'retry: 9',
      ': c',
      'foo: b',
      '',
    ]
    for (let round = 0; round < 150; round++) {
      const eol = pick(['\n', '\r\n', '\r'])
      const stream = Array.from({ length: 30 }, () => pick(lines) + eol).join('')
      const expected: unknown[] = []
      let id = ''
      const oracle = createOracle({
        onEvent: (event) => {
          // It returns only the ID of the event's own block, not the last event ID.
          expected.push([event.event ?? 'message', event.data])
        },
        onComment: () => expected.push('comment'),
        onRetry: (ms) => {
          id = String(ms)
        },
      })
      oracle.feed(stream)
      // It waits for a LF after a CR at the end of the stream; by the standard, the line has ended.
      if (eol === '\r') oracle.feed('\n')
      const seen: unknown[] = []
      const parser = new SseParser({ maxRecordSize: 1000 }, ({ kind, event, payload }) => {
        if (kind === 'comment') seen.push('comment')
        else if (kind === 'record') seen.push([event, Buffer.from(payload).toString()])
      })
      parser.push(new TextEncoder().encode(stream))
      assert.deepEqual(seen, expected, JSON.stringify(stream))
      assert.equal(parser.retry, id === '' ? undefined : Number(id))
    }
  })

  it('reports ignored lines that are not fields, with the next event or at the end', () => {
    const stream = 'foo: 1\nbar\ndata: a\n\nerror: {"code":400}\n\ndata: c\n\nend\n\n'
    const ignored = 'a line that is not a field of event streams was ignored: '
    let remark: string | undefined
    const seen = recordsInEverySplit((sink) => {
      const parser = new SseParser(
        { maxRecordSize: 100, onBatch: () => assert.fail('it has no oddities') },
        sink,
      )
      const end = parser.end.bind(parser)
      parser.end = () => {
        end()
        remark = parser.remark
      }
      return parser
    }, stream)
    assert.deepEqual(
      seen.map((record) => typeof record !== 'string' && [record.text, record.oddities]),
      [
        ['a', [`${ignored}foo: 1, and 1 more`]],
        ['c', [`${ignored}error: {"code":400}`]],
      ],
    )
    assert.equal(remark, `${ignored}end`)
  })
})
