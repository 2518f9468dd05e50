import assert from 'node:assert/strict'
import { JsonSeqParser } from '../../src/parse/json-seq.ts'
import { LengthPrefixedParser } from '../../src/parse/length-prefixed.ts'
import { LineParser, NdjsonParser } from '../../src/parse/lines.ts'
import { RawParser } from '../../src/parse/raw.ts'
import type { RecordSink } from '../../src/parse/record.ts'
import { recordsInEverySplit, recordsOf, type SeenRecord, seededRandom, textsOf } from '../support/splits.ts'

const lines = (sink: RecordSink) => new LineParser({ maxRecordSize: 1000 }, sink)
const ndjson = (sink: RecordSink) => new NdjsonParser({ maxRecordSize: 1000 }, sink)
const jsonSeq = (sink: RecordSink) => new JsonSeqParser({ maxRecordSize: 1000 }, sink)
const prefixed = (sink: RecordSink) => new LengthPrefixedParser({ maxRecordSize: 1000 }, sink)

/** Text, span, and `!` if it is truncated. */
function brief(seen: readonly (SeenRecord | string)[]): string[] {
  return seen.map((record) =>
    typeof record === 'string'
      ? record
      : `${record.text} ${record.start}-${record.end}${record.truncated ? '!' : ''}`,
  )
}

describe('LineParser', () => {
  it('ends lines at LF and CRLF, and keeps a lone CR', () => {
    assert.deepEqual(brief(recordsInEverySplit(lines, 'a\nbc\r\n\nd\re\n')), [
      'a 0-2',
      'bc 2-6',
      ' 6-7',
      'd\re 7-11',
    ])
  })

  it('marks a last line without its ending as truncated', () => {
    assert.deepEqual(brief(recordsInEverySplit(lines, 'a\nbc')), ['a 0-2', 'bc 2-4!'])
  })

  it('agrees with split on random text', () => {
    const random = seededRandom(1)
    const text = Array.from({ length: 4000 }, () => 'ab\n'[Math.floor(random() * 3)]).join('')
    assert.deepEqual(textsOf(recordsInEverySplit(lines, `${text}\n`)), text.split('\n'))
  })

  it('limits an endless line, and keeps the lines before it', () => {
    const limited = (sink: RecordSink) => new LineParser({ maxRecordSize: 5 }, sink)
    assert.deepEqual(textsOf(recordsInEverySplit(limited, '12345\r\n12345\n123456\n1\n')), [
      '12345',
      '12345',
      'TOO_LARGE',
    ])
    assert.deepEqual(textsOf(recordsInEverySplit(limited, 'x'.repeat(50))), ['TOO_LARGE'])
  })

  it('reads a long line in many small chunks in linear time', () => {
    const parser = new LineParser({ maxRecordSize: 1 << 24 }, ({ payload }) => {
      size = payload.length
    })
    let size = 0
    const chunk = new Uint8Array(16).fill(0x61)
    for (let i = 0; i < 200_000; i++) parser.push(chunk)
    parser.push(Uint8Array.of(0x0a))
    assert.equal(size, 3_200_000)
  })
})

describe('NdjsonParser', () => {
  it('skips blank lines, whose bytes belong to the next record', () => {
    assert.deepEqual(brief(recordsInEverySplit(ndjson, '{"a":1}\n\n \r\n[2]\r\n3\n')), [
      '{"a":1} 0-8',
      '[2] 8-17',
      '3 17-19',
    ])
  })

  it('accepts a last line without a line feed as complete only if it is complete JSON', () => {
    assert.deepEqual(brief(recordsInEverySplit(ndjson, '1\n{"a":"}"}')), ['1 0-2', '{"a":"}"} 2-11'])
    assert.deepEqual(brief(recordsInEverySplit(ndjson, '1\n{"a":[1]')), ['1 0-2', '{"a":[1] 2-10!'])
    assert.deepEqual(brief(recordsInEverySplit(ndjson, '1\n12')), ['1 0-2', '12 2-4!'])
  })

  it('returns each random value unchanged', () => {
    const random = seededRandom(2)
    const values = Array.from({ length: 300 }, (_, i) => ({
      i,
      s: 'é\n"'.repeat(random() * 9),
      n: [random()],
    }))
    const stream = values.map((value) => `${JSON.stringify(value)}\n`).join('')
    const seen = recordsInEverySplit(ndjson, stream)
    const parsed = textsOf(seen).map((text) => JSON.parse(Buffer.from(text, 'latin1').toString()))
    assert.deepEqual(parsed, values)
  })
})

describe('JsonSeqParser', () => {
  it('delivers a text with the LF that ends it, pretty-printed or not', () => {
    assert.deepEqual(
      brief(recordsInEverySplit(jsonSeq, '\x1e{"a":1}\n\x1e{\n "b": [\n"\\"}\\n"]\n}\n\x1e7\n')),
      ['{"a":1} 0-9', '{\n "b": [\n"\\"}\\n"]\n} 9-31', '7 31-34'],
    )
    const early = recordsOf(jsonSeq, [Buffer.from('\x1e{"a":\n1}\n')])
    assert.equal(early.length, 1)
  })

  it('ends a text without LF at the next RS, and marks an incomplete one as truncated', () => {
    assert.deepEqual(brief(recordsInEverySplit(jsonSeq, '\x1e[1]\x1e\x1e12\x1e{"a":\x1e"x\n"\x1e"y"')), [
      '[1] 0-4',
      '12 4-8!',
      '{"a": 8-14!',
      '"x\n" 14-19',
      '"y" 19-23',
    ])
    assert.deepEqual(brief(recordsInEverySplit(jsonSeq, '\x1etrue\n\x1etru')), ['true 0-6', 'tru 6-10!'])
  })

  it('limits a text that does not end', () => {
    const limited = (sink: RecordSink) => new JsonSeqParser({ maxRecordSize: 5 }, sink)
    assert.deepEqual(textsOf(recordsInEverySplit(limited, '\x1e[123]\n\x1e[1234]\n')), ['[123]', 'TOO_LARGE'])
  })
})

describe('LengthPrefixedParser', () => {
  const frame = (text: string) => {
    const bytes = Buffer.alloc(4 + text.length, text)
    bytes.writeUInt32BE(text.length)
    bytes.write(text, 4, 'latin1')
    return bytes
  }

  it('reads records of any length after their 32-bit length', () => {
    const stream = Buffer.concat([frame('a'), frame(''), frame('x'.repeat(300))])
    assert.deepEqual(brief(recordsInEverySplit(prefixed, stream)), [
      'a 0-5',
      ' 5-9',
      `${'x'.repeat(300)} 9-313`,
    ])
  })

  it('marks a record as truncated if the stream ends inside it, or inside its length', () => {
    assert.deepEqual(brief(recordsInEverySplit(prefixed, frame('abcdef').subarray(0, 7))), ['abc 0-7!'])
    assert.deepEqual(brief(recordsInEverySplit(prefixed, frame('abcdef').subarray(0, 3))), [' 0-3!'])
  })

  it('rejects a length beyond the limit before the record arrives', () => {
    assert.deepEqual(brief(recordsInEverySplit(prefixed, Buffer.of(0, 0, 0, 1, 0x61, 0xff, 0, 0, 0))), [
      'a 0-5',
      'TOO_LARGE',
    ])
  })

  it("skips the stream type of Docker's frames", () => {
    const docker = (sink: RecordSink) => new LengthPrefixedParser({ maxRecordSize: 1000, docker: true }, sink)
    const stream = Buffer.concat([Buffer.of(0, 0, 0, 0), frame('in'), Buffer.of(2, 0, 0, 0), frame('err')])
    assert.deepEqual(brief(recordsInEverySplit(docker, stream)), ['in 0-10', 'err 10-21'])
  })

  it("recognizes Docker's frames by the first one, even if it is split", () => {
    for (const [first, second] of [
      [1, 2],
      [2, 1],
    ] as const) {
      const stream = Buffer.concat([
        ...[Buffer.of(first, 0, 0, 0), frame('one')],
        ...[Buffer.of(second, 0, 0, 0), frame('two')],
      ])
      assert.deepEqual(brief(recordsInEverySplit(prefixed, stream)), ['one 0-11', 'two 11-22'])
      assert.deepEqual(brief(recordsInEverySplit(prefixed, stream.subarray(0, 9))), ['o 0-9!'])
      assert.deepEqual(brief(recordsInEverySplit(prefixed, stream.subarray(0, 2))), [' 0-2!'])
    }
    assert.deepEqual(brief(recordsInEverySplit(prefixed, Buffer.of(1, 0, 0, 1, 0))), ['TOO_LARGE'])
  })
})

describe('RawParser', () => {
  it('makes each chunk a record', () => {
    const seen = recordsOf((sink) => new RawParser(sink), [Buffer.from('ab'), Buffer.of(), Buffer.from('c')])
    assert.deepEqual(brief(seen), ['ab 0-2', 'c 2-3'])
  })
})
