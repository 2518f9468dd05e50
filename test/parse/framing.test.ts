import assert from 'node:assert/strict'
import { createParser, framingOf } from '../../src/parse/framing.ts'
import { parseMediaType } from '../../src/parse/media-type.ts'
import type { RecordSink } from '../../src/parse/record.ts'
import { recordsInEverySplit, recordsOf, textsOf } from '../support/splits.ts'

describe('framingOf', () => {
  it('finds the framing of a content type', () => {
    const table: Record<string, [string, boolean]> = {
      'text/event-stream': ['sse', true],
      'Text/Event-Stream; charset=utf-8': ['sse', true],
      'application/x-ndjson': ['ndjson', true],
      'application/jsonl': ['ndjson', true],
      'application/stream+json;charset=UTF-8': ['ndjson', true],
      'application/json-seq': ['json-seq', true],
      'multipart/x-mixed-replace; boundary=x': ['multipart', true],
      'multipart/mixed': ['multipart', true],
      'video/mp2t': ['raw', true],
      'audio/mpeg': ['raw', true],
      'image/svg+xml': ['raw', true],
      'application/vnd.amazon.eventstream': ['raw', true],
      'application/grpc-web+proto': ['grpc', true],
      'application/grpc-web': ['grpc', true],
      'application/connect+json': ['grpc', true],
      'application/grpc-web-text+proto': ['raw', true],
      'audio/mpegurl': ['lines', false],
      'application/vnd.docker.multiplexed-stream': ['length-prefixed', true],
      'text/plain': ['lines', false],
      'application/javascript': ['lines', false],
      'text/markdown; charset=utf-8': ['lines', false],
      'text/csv': ['lines', false],
      'text/html': ['raw', false],
      'text/xml': ['raw', false],
      'application/json': ['ndjson', false],
      'text/json': ['ndjson', false],
      'application/vnd.api+json': ['ndjson', false],
      '': ['raw', false],
    }
    for (const [type, [framing, stream]] of Object.entries(table))
      assert.deepEqual(framingOf(type), { framing, stream }, type)
    assert.deepEqual(framingOf(undefined), { framing: 'raw', stream: false })
  })
})

describe('createParser', () => {
  it('passes the boundary of the type to the multipart parser', () => {
    const seen = recordsOf(
      (sink) => createParser('multipart', 'multipart/mixed; boundary="a b"', { maxRecordSize: 10 }, sink),
      [Buffer.from('--a b\r\n\r\n1\r\n--a b--')],
    )
    assert.deepEqual(textsOf(seen), ['1'])
  })

  it('reads a JSON body as one text or many, each with any number of lines', () => {
    const json = (sink: RecordSink) =>
      createParser('ndjson', 'application/json; charset=utf-8', { maxRecordSize: 100 }, sink)
    const stream = '{"type":"ADDED"}\n\n{\n  "type": "GONE"\n}\r\n[1,\n2]'
    assert.deepEqual(textsOf(recordsInEverySplit(json, stream)), [
      '{"type":"ADDED"}',
      '{\n  "type": "GONE"\n}',
      '[1,\n2]',
    ])
  })

  it("recognizes Docker's frames by their type", () => {
    const seen = recordsOf(
      (sink) =>
        createParser(
          'length-prefixed',
          'application/vnd.docker.multiplexed-stream',
          { maxRecordSize: 10 },
          sink,
        ),
      [Buffer.from([1, 0, 0, 0, 0, 0, 0, 2, 0x68, 0x69])],
    )
    assert.deepEqual(textsOf(seen), ['hi'])
  })
})

describe('parseMediaType', () => {
  it('reads tokens, quoted strings and spaces; the first parameter of a name counts', () => {
    const { essence, parameters } = parseMediaType(
      ' Multipart/Mixed ; Boundary="a;\\"b" ; q=1;charset=utf-8;q=2',
    )
    assert.equal(essence, 'multipart/mixed')
    assert.deepEqual(Object.fromEntries(parameters), { boundary: 'a;"b', q: '1', charset: 'utf-8' })
  })
})
