import assert from 'node:assert/strict'
import { createParser } from '../../src/parse/framing.ts'
import type { RecordSink } from '../../src/parse/record.ts'
import { recordsInEverySplit, recordsWithLulls, type SeenRecord, textsOf } from '../support/splits.ts'

const guess =
  (type: string, framing: Parameters<typeof createParser>[0], maxRecordSize = 1000) =>
  (sink: RecordSink) =>
    createParser(framing, type, { maxRecordSize, isGuess: true }, sink)

const framed = (seen: readonly SeenRecord[]) => seen.map(({ text, framing }) => [text, framing])

const spans = (seen: readonly SeenRecord[]) => seen.map(({ start, end }) => [start, end])

describe('text in pieces', () => {
  const text = guess('text/plain', 'lines')

  it('is lines unless there is a lull inside a line, whatever the chunks', () => {
    const seen = recordsInEverySplit(text, 'one\r\ntwo\n\nthree')
    assert.deepEqual(textsOf(seen), ['one', 'two', '', 'three'])
    assert.deepEqual(framed(seen as SeenRecord[])[3], ['three', 'raw'])
  })

  it('is delivered at a lull, and from then on with each chunk', () => {
    const seen = recordsWithLulls(text, 'Hel', 'lo wor', 'ld\r', '\n\nNext', ' line', '\nend')
    assert.deepEqual(framed(seen), [
      ['Hel', 'raw'],
      ['lo wor', 'raw'],
      ['ld\r', 'raw'],
      ['', undefined],
      ['', undefined],
      ['Next', 'raw'],
      [' line', 'raw'],
      ['', undefined],
      ['end', 'raw'],
    ])
    assert.deepEqual(spans(seen).slice(0, 4), [
      [0, 3],
      [3, 9],
      [9, 12],
      [12, 13],
    ])
  })

  it('does not split a character', () => {
    const bytes = Buffer.from('a😀é')
    const seen = recordsWithLulls(text, ...Array.from(bytes, (byte) => Buffer.of(byte)))
    assert.deepEqual(
      seen.map((record) => Buffer.from(record.text, 'latin1').toString()),
      ['a', '😀', 'é'],
    )
    const latin1 = recordsWithLulls(text, Buffer.of(0x61, 0xe9), Buffer.of(0x62), Buffer.of(0xe9))
    assert.deepEqual(textsOf(latin1), ['a', '\xe9b', '\xe9'])
  })

  it('is lines again as soon as several arrive at once', () => {
    const seen: string[] = []
    const parser = text(({ payload }) => seen.push(Buffer.from(payload).toString()))
    parser.push(Buffer.from('pro'))
    parser.lull?.()
    parser.push(Buffer.from('gress\none\ntw'))
    assert.deepEqual(seen, ['pro', 'gress', 'one'])
    assert.equal(parser.pending, 13)
  })

  it('waits for complete lines if the user chose that framing', () => {
    const named = (sink: RecordSink) => createParser('lines', 'text/plain', { maxRecordSize: 100 }, sink)
    const [line, rest] = recordsWithLulls(named, 'one\ntw', 'o')
    assert.deepEqual([line?.text, rest?.text, rest?.truncated], ['one', 'two', true])
  })
})

describe('JSON in pieces', () => {
  const json = guess('application/json', 'ndjson')

  it('is a whole array unless there is a lull inside it', () => {
    assert.deepEqual(textsOf(recordsInEverySplit(json, '[{"a":1},\n2]\n[3]')), ['[{"a":1},\n2]', '[3]'])
  })

  it('is delivered element by element after a lull, each as soon as it is complete', () => {
    const seen: string[] = []
    const parser = json(({ payload }) => seen.push(Buffer.from(payload).toString()))
    parser.push(Buffer.from(' [{"a":[1,"]"]}\n, 2'))
    assert.deepEqual(seen, [])
    parser.lull?.()
    assert.deepEqual(seen, ['{"a":[1,"]"]}'])
    assert.equal(parser.pending, undefined)
    parser.push(Buffer.from('5,"a\\",'))
    assert.deepEqual(seen.splice(0), ['{"a":[1,"]"]}', '25'])
    parser.push(Buffer.from('b"[],{'))
    assert.deepEqual(seen.splice(0), ['"a\\",b"', '[]'])
    parser.push(Buffer.from('}, true ,null]\n[4]\n{"b":5}\n'))
    parser.end()
    assert.deepEqual(seen, ['{}', 'true', 'null', '[4]', '{"b":5}'])
  })

  it('says which records are elements, and covers the stream without gaps', () => {
    const seen = recordsWithLulls(json, '[1,', '2 ,', ' {"a":1}', ']\n', '{"b":2}\n')
    assert.deepEqual(framed(seen), [
      ['1', 'json-array'],
      ['2', 'json-array'],
      ['{"a":1}', 'json-array'],
      ['{"b":2}', undefined],
    ])
    assert.deepEqual(spans(seen), [
      [0, 3],
      [3, 5],
      [5, 14],
      [14, 24],
    ])
  })

  it('delivers a complete text without waiting for its line ending, and no other', () => {
    const seen = recordsWithLulls(json, '{"a":1}', ' ', '{"b"', ':2}', '\n12', '3\n')
    assert.deepEqual(framed(seen), [
      ['{"a":1}', undefined],
      ['{"b":2}', undefined],
      ['123', undefined],
    ])
  })

  it('marks an element as truncated if the stream ends inside it, and reports an array that is not closed', () => {
    const [one, cut] = recordsWithLulls(json, '[{"a":1},', '{"b"')
    assert.deepEqual([one?.truncated, cut?.text, cut?.truncated], [undefined, '{"b"', true])
    const [, open] = recordsWithLulls(json, '[1,', ' ')
    assert.deepEqual([open?.kind, open?.truncated, open?.framing], ['discarded', true, 'json-array'])
  })

  it('limits an element, not the array', () => {
    const small = guess('application/json', 'ndjson', 20)
    assert.equal(
      recordsWithLulls(small, '["first",', ...Array.from({ length: 9 }, () => '"element",')).length,
      11,
    )
    assert.throws(() => recordsWithLulls(small, '["first",', `"${'x'.repeat(30)}`), { code: 'TOO_LARGE' })
  })
})

describe('a line of JSON', () => {
  const ndjson = guess('application/x-ndjson', 'ndjson')

  it('is delivered at a lull without its ending if it is complete', () => {
    const seen: string[] = []
    const parser = ndjson(({ payload }) => seen.push(Buffer.from(payload).toString()))
    const brings = (chunk: string) => {
      parser.push(Buffer.from(chunk))
      if (parser.pending !== undefined) parser.lull?.()
      return seen.splice(0)
    }
    assert.deepEqual(brings('{"a":1}'), ['{"a":1}'])
    assert.deepEqual(brings('\r\n{"b":{}'), [])
    assert.deepEqual(brings(',"c":1}'), ['{"b":{},"c":1}'])
    assert.deepEqual(brings('\n12'), [])
    assert.deepEqual(brings('3\n"d"'), ['123', '"d"'])
    parser.end()
    assert.deepEqual(seen, [])
  })
})

describe('a Docker stream without a type', () => {
  const docker = guess('application/vnd.docker.raw-stream', 'raw')
  const frame = (type: number, text: string) =>
    `${String.fromCharCode(type)}\0\0\0\0\0\0${String.fromCharCode(text.length)}${text}`

  it('is read as frames if it begins with a frame header', () => {
    const seen = recordsInEverySplit(docker, frame(1, 'out\n') + frame(2, 'err') + frame(0, ''))
    assert.deepEqual(framed(seen as SeenRecord[]), [
      ['out\n', 'length-prefixed'],
      ['err', 'length-prefixed'],
      ['', 'length-prefixed'],
    ])
    for (const type of ['', 'application/octet-stream'])
      assert.deepEqual(textsOf(recordsInEverySplit(guess(type, 'raw'), frame(2, 'err'))), ['err'])
  })

  it('is read chunk by chunk otherwise', () => {
    assert.deepEqual(framed(recordsWithLulls(docker, '$ ls', '\r\n')), [
      ['$ ls', undefined],
      ['\r\n', undefined],
    ])
    // A terminal may send what looks like the beginning of a header.
    assert.deepEqual(textsOf(recordsWithLulls(docker, '\x01', '\0\0')), ['\x01', '\0\0'])
    assert.deepEqual(textsOf(recordsWithLulls(docker, '\x01\0\0\0\0\0\0\0')), ['\x01\0\0\0\0\0\0\0'])
    assert.deepEqual(textsOf(recordsWithLulls(guess('', 'raw'), frame(0, 'grpc'))), [frame(0, 'grpc')])
  })

  it('is read chunk by chunk if the user chose that framing', () => {
    const named = (sink: RecordSink) =>
      createParser('raw', 'application/vnd.docker.raw-stream', { maxRecordSize: 100 }, sink)
    assert.deepEqual(textsOf(recordsWithLulls(named, frame(1, 'out'))), [frame(1, 'out')])
  })
})
