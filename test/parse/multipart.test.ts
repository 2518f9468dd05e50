import assert from 'node:assert/strict'
import { MultipartParser } from '../../src/parse/multipart.ts'
import type { RecordSink } from '../../src/parse/record.ts'
import {
  recordsInEverySplit,
  recordsOf,
  recordsWithLulls,
  type SeenRecord,
  seededRandom,
  textsOf,
} from '../support/splits.ts'

const make =
  (boundary: string | undefined = 'b', maxRecordSize = 1000) =>
  (sink: RecordSink) =>
    new MultipartParser({ maxRecordSize, boundary }, sink)

const parts = (seen: readonly (SeenRecord | string)[]) =>
  seen.map((record) =>
    typeof record === 'string' ? record : [record.text, record.headers, record.truncated ?? false],
  )

describe('MultipartParser', () => {
  it('reads parts with headers, and skips preamble and epilogue', () => {
    const stream =
      'preamble\r\n--bad\r\n--b\r\nContent-Type: text/plain\r\nX-A:  1\r\n\r\none\r\ntwo\r\n--b \t\r\n\r\n\r\n\r\n--b\r\n\r\n--b--\r\nepilogue\r\n--b\r\n\r\nno\r\n--b--'
    assert.deepEqual(parts(recordsInEverySplit(make(), stream)), [
      ['one\r\ntwo', { 'content-type': 'text/plain', 'x-a': '1' }, false],
      ['\r\n', {}, false],
      ['', {}, false],
    ])
  })

  it('accepts LF in place of CRLF', () => {
    assert.deepEqual(textsOf(recordsInEverySplit(make(), '--b\nA: 1\n\none\n\n--b\n\ntwo\n--b--\n')), [
      'one\n',
      'two',
    ])
  })

  it('is not misled by the delimiter of a nested part, or by lines that look like one', () => {
    const inner = '--b-inner\r\n\r\nx\r\n--b-inner--'
    const stream = `--bb\r\n\r\n${inner}\r\n--bb\r\n\r\na --bb\r\n--b!\r\n --bb\r\n-\r\n--\r\n--bb--\r\n`
    assert.deepEqual(textsOf(recordsInEverySplit(make('bb'), stream)), [
      inner,
      'a --bb\r\n--b!\r\n --bb\r\n-\r\n--',
    ])
  })

  const withLulls = (...chunks: string[]) =>
    recordsWithLulls(make(), ...chunks).map(({ text, oddities }) => [text, oddities])

  it('delivers a part of known length at a lull, before the delimiter arrives', () => {
    const seen: string[] = []
    const parser = make()(({ payload }) => seen.push(Buffer.from(payload).toString()))
    parser.push(Buffer.from('--b\r\nContent-Length: 3\r\n\r\nab'))
    assert.equal(parser.pending, undefined)
    parser.push(Buffer.from('c'))
    assert.deepEqual(seen, [])
    assert.equal(parser.pending, 26)
    parser.lull()
    assert.deepEqual(seen, ['abc'])
    assert.equal(parser.pending, undefined)
    parser.push(Buffer.from('\r\n--b\r\nContent-Length: 0\r\n\r\n'))
    parser.lull()
    parser.push(Buffer.from('\r\n--b--'))
    parser.end()
    assert.deepEqual(seen, ['abc', ''])
  })

  it('ends a part at its boundary even if its Content-Length differs, and reports that', () => {
    const part = (text: string, length: number) => `--b\r\nContent-Length: ${length}\r\n\r\n${text}\r\n`
    const says = (length: number, came: number) => [
      `its Content-Length is ${length}, but its boundary follows after ${came} bytes`,
    ]
    const oddities = (stream: string) =>
      recordsInEverySplit(make(), stream).map((record) =>
        typeof record === 'string' ? record : [record.text, record.oddities],
      )
    assert.deepEqual(oddities(`${part('short', 3)}${part('right', 5)}--b--`), [
      ['short', says(3, 5)],
      ['right', undefined],
    ])
    assert.deepEqual(oddities(`${part('long', 9)}${part('longer', 99)}${part('', 0)}--b--`), [
      ['long', says(9, 4)],
      ['longer', says(99, 6)],
      ['', undefined],
    ])
    assert.deepEqual(oddities(`${part('some', 0)}${part('more', 40)}${part('right', 5)}--b--`), [
      ['some', says(0, 4)],
      ['more', says(40, 4)],
      ['right', undefined],
    ])
  })

  it('is not misled by lines like a boundary within the length of a part', () => {
    const part = (text: string, length = text.length) => `--b\r\nContent-Length: ${length}\r\n\r\n${text}\r\n`
    const stream = `${part('--b inside')}${part('one\n--bb--\ntwo')}${part('long', 99)}--b--`
    assert.deepEqual(textsOf(recordsInEverySplit(make(), stream)), ['--b inside', 'one\n--bb--\ntwo', 'long'])
  })

  it('reports a body without a boundary, and bytes after the closing one', () => {
    const outcome = (body: string) => {
      const parser = make()(() => {})
      const seen: unknown[] = []
      const [record] = recordsInEverySplit(make(), body).slice(-1)
      parser.push(Buffer.from(body))
      parser.end()
      seen.push(typeof record === 'string' ? record : [record?.kind, record?.end], parser.remark)
      return seen
    }
    assert.deepEqual(outcome('no part\r\nat all'), [['discarded', 15], undefined])
    assert.deepEqual(outcome('--b\r\n\r\none\r\n--b--\r\n \r\n'), [['record', 10], undefined])
    const remark = '9 bytes after the closing boundary do not belong to any part'
    assert.deepEqual(outcome('--b\r\n\r\none\r\n--b--\r\n\nepilogue\n'), [['record', 10], remark])
  })

  it('keeps the line ending before a boundary if the part’s length includes it', () => {
    const stream =
      '--b\r\nContent-Length: 5\r\n\r\nabc\r\n--b\r\nContent-Length: 3\r\n\r\nabc--b\r\n\r\nx\r\n--b--'
    assert.deepEqual(textsOf(recordsInEverySplit(make(), stream)), ['abc\r\n', 'abc', 'x'])
  })

  it('delivers the rest of a part whose length was too small, and says what it is', () => {
    const odd = 'it continues the part before, which is longer than the 3 bytes of its Content-Length'
    assert.deepEqual(withLulls('--b\r\nContent-Length: 3\r\n\r\nsho', 'rt', '\r\n--b\r\n\r\nnext\r\n--b--'), [
      ['sho', undefined],
      ['rt', [odd]],
      ['next', undefined],
    ])
    assert.deepEqual(withLulls('--b\r\nContent-Length: 3\r\n\r\nabc', '\r\n', '--b\r'), [['abc', undefined]])
    assert.deepEqual(withLulls('--b\r\nContent-Length: 3\r\n\r\nshort'), [['short', undefined]])
    const says = ['its Content-Length is 8, but its boundary follows after 3 bytes']
    assert.deepEqual(withLulls('--b\r\nContent-Length: 8\r\n\r\ntwo\r\n--b', '-', '-'), [['two', says]])
  })

  it('reads a first part without a boundary, and reports bytes that belong to no part', () => {
    const rest = '\r\n--b\r\n\r\ntwo\r\n--b--'
    const first = (stream: string) => {
      const [record] = recordsInEverySplit(make(), stream + rest)
      return typeof record === 'string' ? record : [record?.text, record?.oddities]
    }
    const odd = ['it is not preceded by a boundary']
    assert.deepEqual(first('\r\nContent-Type: text/plain\r\nContent-Length: 3\r\n\r\none'), ['one', odd])
    assert.deepEqual(first('X-Timestamp: 1\n\none'), ['one', odd])
    assert.deepEqual(first('This is a multipart message: ignore it.'), [
      'two',
      ['41 bytes before the first boundary do not belong to any part'],
    ])
    assert.deepEqual(first('\r\n \r\n'), ['two', undefined])
  })

  it('delivers a part at the boundary after it, before the end of that line', () => {
    const seen: string[] = []
    const parser = new MultipartParser({ maxRecordSize: 100, boundary: 'b' }, ({ payload }) =>
      seen.push(Buffer.from(payload).toString()),
    )
    parser.push(Buffer.from('--b\r\n\r\none\r\n--b'))
    assert.deepEqual(seen, ['one'])
    parser.push(Buffer.from('\r\n\r\ntwo\r\n--b'))
    parser.push(Buffer.from('--'))
    parser.end()
    assert.deepEqual(seen, ['one', 'two'])
  })

  it('covers the stream with spans, without gaps, up to the last part', () => {
    const seen = recordsInEverySplit(make(), 'pre\r\n--b\r\n\r\none\r\n--b\r\n\r\ntwo\r\n--b--')
    assert.deepEqual(
      seen.map((record) => typeof record !== 'string' && [record.start, record.end]),
      [
        [0, 15],
        [15, 27],
      ],
    )
  })

  it('marks a part as truncated if the stream ends inside it', () => {
    assert.deepEqual(parts(recordsInEverySplit(make(), '--b\r\n\r\none\r\n--b\r\nA: 1\r\n\r\ntw')), [
      ['one', {}, false],
      ['tw', { a: '1' }, true],
    ])
    assert.deepEqual(parts(recordsInEverySplit(make(), '--b\r\nContent-Length: 5\r\n\r\none')), [
      ['one', { 'content-length': '5' }, true],
    ])
    assert.deepEqual(parts(recordsInEverySplit(make(), '--b\r\nA: 1')), [['', {}, true]])
    assert.deepEqual(parts(recordsInEverySplit(make(), '--b\r\n\r\none\r\n--b\r\n')), [['one', {}, false]])
    assert.deepEqual(parts(recordsInEverySplit(make(), '--b\r\n\r\none\r\n--b--')), [['one', {}, false]])
  })

  it('finds the boundary if the type includes its dashes, or names none', () => {
    for (const boundary of ['--b', undefined])
      assert.deepEqual(
        textsOf(
          recordsInEverySplit(
            (sink) => new MultipartParser({ maxRecordSize: 100, boundary }, sink),
            '--b\r\n\r\n1\r\n--b\r\n\r\n2\r\n--b--\r\n',
          ),
        ),
        ['1', '2'],
      )
  })

  it('does not learn a boundary that is longer than allowed', () => {
    const unnamed = (sink: RecordSink) =>
      new MultipartParser({ maxRecordSize: 100, boundary: undefined }, sink)
    const body = (line: string) => `${line}\r\n--b\r\n\r\n1\r\n--b--\r\n`
    assert.deepEqual(textsOf(recordsInEverySplit(unnamed, body(`--${'x'.repeat(71)}`))), ['1'])
    assert.deepEqual(textsOf(recordsInEverySplit(unnamed, body(`--${'x'.repeat(70)}`))), ['1\r\n--b--\r\n'])
  })

  it('returns random binary parts unchanged', () => {
    const random = seededRandom(2046)
    const alphabet = [0x0a, 0x0d, 0x2d, 0x62, 0xff, 0x00]
    const bodies = Array.from({ length: 60 }, () =>
      Uint8Array.from({ length: Math.floor(random() * 60) }, () => alphabet[Math.floor(random() * 6)] ?? 0),
    )
    const boundary = 'bbb--b'
    const stream = bodies.flatMap((body, i) => [
      Buffer.from(`--${boundary}\r\n${i % 2 ? `Content-Length: ${body.length}\r\n` : ''}\r\n`),
      body,
      Buffer.from('\r\n'),
    ])
    const whole = Buffer.concat([...stream, Buffer.from(`--${boundary}--`)])
    assert.deepEqual(
      textsOf(recordsInEverySplit(make(boundary), whole)),
      bodies.map((body) => Buffer.from(body).toString('latin1')),
    )
  })

  it('limits parts, part headers and lines between parts', () => {
    const limited = make('b', 10)
    assert.deepEqual(
      textsOf(recordsInEverySplit(limited, `--b\r\n\r\n${'x'.repeat(10)}\r\n--b\r\n\r\n${'y'.repeat(30)}`)),
      ['x'.repeat(10), 'TOO_LARGE'],
    )
    assert.deepEqual(recordsOf(limited, [Buffer.from('--b\r\n'), Buffer.alloc(70_000, 'x')]), ['TOO_LARGE'])
    assert.deepEqual(recordsOf(limited, [Buffer.from(`--b\r\n${'a: b\r\n'.repeat(20_000)}`)]), ['TOO_LARGE'])
    assert.deepEqual(recordsOf(limited, [Buffer.alloc(70_000, 'x')]), ['TOO_LARGE'])
  })

  it('advises to raise a limit only if that helps', () => {
    const sentence = (body: string) => {
      try {
        make('b', 10)(() => {}).push(Buffer.from(body))
      } catch (thrown) {
        return thrown instanceof Error ? thrown.message : ''
      }
      return ''
    }
    assert.match(sentence(`--b\r\n\r\n${'x'.repeat(13)}`), /raise the maximum message size/)
    assert.match(
      sentence(`--b\r\n${'a: b\r\n'.repeat(20_000)}`),
      /part header of more than 65536 bytes; check that/,
    )
    assert.match(sentence('x'.repeat(70_000)), /line between parts of more than 65536 bytes; check that/)
  })
})
