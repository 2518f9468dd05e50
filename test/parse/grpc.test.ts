import assert from 'node:assert/strict'
import { GrpcParser, grpcFrame } from '../../src/parse/grpc.ts'
import type { RecordSink } from '../../src/parse/record.ts'
import { recordsInEverySplit } from '../support/splits.ts'

const parser = (sink: RecordSink) => new GrpcParser({ maxRecordSize: 100 }, sink)

describe('GrpcParser', () => {
  it('makes a record of each frame, with its head, from any split', () => {
    const frames = [grpcFrame(Buffer.from('{"a":1}')), grpcFrame(Buffer.of()), grpcFrame(Buffer.from('x'), 1)]
    const spans = [
      [0, 12],
      [12, 17],
      [17, 23],
    ] as const
    assert.deepEqual(
      recordsInEverySplit(parser, Buffer.concat(frames)),
      frames.map((each, n) => {
        const [start, end] = spans[n] ?? []
        return { kind: 'record', start, end, text: each.toString('latin1') }
      }),
    )
  })

  it('delivers the part of a frame that the stream ended in', () => {
    const part = grpcFrame(Buffer.from('abc')).subarray(0, 6)
    assert.deepEqual(recordsInEverySplit(parser, part), [
      { kind: 'record', start: 0, end: 6, truncated: true, text: part.toString('latin1') },
    ])
  })

  it('refuses unknown flags and messages beyond the limit', () => {
    assert.deepEqual(recordsInEverySplit(parser, 'HTTP/1.1'), ['BAD_FRAMING'])
    assert.deepEqual(recordsInEverySplit(parser, grpcFrame(Buffer.alloc(101)).subarray(0, 5)), ['TOO_LARGE'])
  })

  it('reads hostile ends without an error', () => {
    for (const end of [
      '',
      'null',
      '[1]',
      '{"error":1,"metadata":{"a":"b","c":[1,null,"d"]}}',
      '{"error":{"code":{}}}',
    ]) {
      const read = new GrpcParser({ maxRecordSize: 100 }, () => {})
      read.push(grpcFrame(Buffer.from(end), 2))
      assert.ok(read.error === undefined || read.error === 'unknown', end)
    }
    const read = new GrpcParser({ maxRecordSize: 100 }, () => {})
    read.push(grpcFrame(Buffer.from('Grpc-Status:5\r\n__proto__: x\r\n: y\r\nnothing'), 0x80))
    assert.equal(read.trailers?.['grpc-status'], '5')
  })
})
