import assert from 'node:assert/strict'
import { ByteBuffer } from '../../src/session/formats/bytes/byte-buffer.ts'
import {
  addLine,
  formatBatch,
  formatHeader,
  formatLine,
  formatPieces,
  PIECE_SIZE,
} from '../../src/session/line.ts'
import { parseHeader, parseLine } from '../../src/session/parse-line.ts'
import type { RealtimeEvent } from '../../src/shared/event.ts'
import { Failure } from '../../src/shared/failure.ts'
import { batchedEvent } from '../../src/shared/message-batch.ts'
import { randomBatch } from '../support/batches.ts'
import { seededRandom } from '../support/splits.ts'

const bytes = (text: string) => Buffer.from(text)
const base = { connection: 1, time: 12.345 }

describe('a session line', () => {
  it('has its fields in a readable order, the payload last', () => {
    const line = formatLine({
      payload: bytes('hello'),
      event: 'tick',
      id: '7',
      wireSize: 9,
      compressed: false,
      frames: 1,
      opcode: 'text',
      direction: 'in',
      time: 12.34549,
      connection: 3,
      type: 'message',
    })
    assert.equal(
      line,
      '{"type":"message","connection":3,"time":12.345,"direction":"in","size":5,"wireSize":9,"opcode":"text","frames":1,"compressed":false,"event":"tick","id":"7","text":"hello"}',
    )
  })

  it('has the same bytes if it is added to bytes', () => {
    const all = Buffer.from(Array.from({ length: 128 }, (_, byte) => byte))
    const payloads = ['', 'hello', '{"a":"\\"\\u0000"}', 'grüße 𝄞\u2028', '\u0000\u001f\u007f'].map(bytes)
    const into = new ByteBuffer(8)
    for (const payload of [
      ...payloads,
      all,
      bytes('a').subarray(0),
      Buffer.of(0xff, 0x22),
      Buffer.of(0xc3),
    ]) {
      const events: RealtimeEvent[] = [
        { type: 'message', ...base, direction: 'in', payload, event: 'tück\ud800', id: '"' },
        { type: 'message', ...base, direction: 'in', payload: bytes(''), dropped: payload.length },
        { type: 'ping', ...base, direction: 'out', payload },
        { type: 'close', ...base, by: 'server', reason: payload.toString() },
      ]
      for (const event of events) {
        into.clear()
        addLine(into, event)
        assert.equal(into.view.toString(), `${formatLine(event)}\n`)
      }
    }
  })

  it('rounds times to microseconds', () => {
    const time = (value: number) =>
      JSON.parse(
        formatLine({ type: 'ping', connection: 1, time: value, direction: 'in', payload: bytes('') }),
      ).time
    assert.deepEqual([0, 1, 0.0004, 0.0005, 1.9999, 1e9 + 0.1, 7.05, 100.5].map(time), [
      0,
      1,
      0,
      0.001,
      2,
      1e9 + 0.1,
      7.05,
      100.5,
    ])
  })

  it('is valid JSON with numbers too large for microseconds', () => {
    const event = {
      type: 'reconnect',
      connection: 1,
      time: 8e15,
      attempt: 1,
      delay: 8e15,
      reason: '',
    } as const
    assert.deepEqual(parseLine(formatLine(event)), { ...event })
    const ping = { type: 'ping', connection: 1, time: 1e306, direction: 'in', payload: bytes('') } as const
    assert.equal(JSON.parse(formatLine(ping)).time, 1e306)
  })

  for (const [name, payload, field] of [
    ['empty', bytes(''), 'text'],
    ['plain', bytes('plain'), 'text'],
    ['with a byte order mark', bytes('\ufeffx'), 'text'],
    ['with NULs and control characters', bytes('\0\u0001\n\r\u2028"\\'), 'text'],
    ['with a lone surrogate written as JSON writes it', bytes('{"x":"\\ud800"}'), 'text'],
    ['astral', bytes('😀'), 'text'],
    ['invalid UTF-8', Buffer.from([0x61, 0xff, 0xfe]), 'base64'],
    ['a cut character', bytes('😀').subarray(0, 3), 'base64'],
    ['a surrogate in UTF-8', Buffer.from([0xed, 0xa0, 0x80]), 'base64'],
  ] as const)
    it(`preserves a payload: ${name}`, () => {
      const event = { ...base, type: 'message', direction: 'out', opcode: 'binary', payload } as const
      const line = formatLine(event)
      assert.ok(!line.includes('\n'))
      assert.ok(field in JSON.parse(line))
      assert.deepEqual(parseLine(line), event)
      assert.equal(JSON.parse(line).size, payload.length)
    })

  it('is the same in pieces, wherever characters are split', () => {
    for (const filler of ['a', 'é', '€', '😀', '"'])
      for (const shift of [0, 1, 2, 3]) {
        const payload = bytes('x'.repeat(shift) + filler.repeat(PIECE_SIZE))
        const event = { ...base, type: 'comment', payload } as const
        assert.equal([...formatPieces(event)].join(''), formatLine(event))
      }
    const event = { ...base, type: 'comment', payload: Buffer.alloc(3 * PIECE_SIZE + 1, 0xff) } as const
    const pieces = [...formatPieces(event)]
    assert.equal(pieces.join(''), formatLine(event))
    assert.ok(pieces.every((piece) => piece.length <= 2 * PIECE_SIZE))
  })

  it('has the size of a payload that was dropped', () => {
    const event: RealtimeEvent = {
      ...base,
      type: 'message',
      direction: 'in',
      payload: new Uint8Array(0),
      dropped: 700,
    }
    const line = formatLine(event)
    assert.deepEqual(JSON.parse(line), {
      ...base,
      type: 'message',
      direction: 'in',
      size: 700,
      dropped: true,
    })
    assert.deepEqual(parseLine(line), event)
  })

  it('keeps unknown fields and types, and invalid known types, to write them back', () => {
    for (const fields of [
      { type: 'message', connection: 1, time: 1, direction: 'in', size: 1, future: { a: [1] }, text: 'x' },
      {
        type: 'open',
        connection: 1,
        time: 1,
        transport: 'sse',
        status: 200,
        headers: {},
        httpVersion: '1.1',
        x: 1,
      },
      { type: 'mark', time: 1, colour: 'red', text: 'x' },
      { type: 'migrate', connection: 4, time: 9, path: 'x' },
      { type: 'message', connection: -1, time: 'soon', text: 5 },
      { type: 'close', connection: 70000, time: 1, by: 'server' },
      { type: 'constructor' },
    ]) {
      const event = parseLine(JSON.stringify(fields), 5)
      assert.ok(event !== undefined)
      assert.deepEqual(JSON.parse(formatLine(event)), fields)
    }
    assert.equal(parseLine('{"type":"migrate"}', 5)?.time, 5)
  })

  it('keeps a field called __proto__ as data', () => {
    const line =
      '{"type":"open","connection":1,"time":1,"transport":"sse","status":200,"headers":{"__proto__":"x"},"httpVersion":"1.1","__proto__":{"y":1}}'
    const event = parseLine(line)
    assert.ok(event !== undefined)
    assert.equal(formatLine(event), line)
  })

  for (const line of ['', 'x', '[]', 'null', '{}', '{"type":1}', '{"type":"mark"', '"type"'])
    it(`is not ${JSON.stringify(line)}`, () => assert.equal(parseLine(line), undefined))
})

describe('a session header', () => {
  const startedAt = new Date('2026-11-23T05:00:00.000Z')

  it('matches the specification of the format', () => {
    assert.equal(
      formatHeader(startedAt, 'realtime-inspector 0.1.0'),
      '{"type":"session","version":1,"startedAt":"2026-11-23T05:00:00.000Z","generator":"realtime-inspector 0.1.0"}',
    )
    assert.deepEqual(parseHeader(formatHeader(startedAt, 'g', { events: 2, payloads: 3 })), {
      version: 1,
      startedAt,
      generator: 'g',
      droppedEvents: 2,
      droppedPayloads: 3,
    })
  })

  it('is refused with a clear sentence if its version is newer', () => {
    assert.throws(
      () => parseHeader('{"type":"session","version":2,"startedAt":7}'),
      (thrown) =>
        thrown instanceof Failure && thrown.code === 'NEWER_VERSION' && /Update/.test(thrown.message),
    )
  })

  for (const line of ['', '\u007fELF', '{"log":{}}', '{"type":"session"}', '{"type":"session","version":1}'])
    it(`is not ${JSON.stringify(line)}`, () => {
      assert.throws(
        () => parseHeader(line),
        (thrown) => thrown instanceof Failure && thrown.code === 'NOT_A_SESSION',
      )
    })
})

describe('the lines of a batch', () => {
  it('equal the lines of its events', () => {
    for (let seed = 1; seed <= 60; seed++) {
      const batch = randomBatch(seededRandom(seed), 1 + (seed % 20))
      const lines = Array.from(
        { length: batch.count },
        (_, index) => `${formatLine({ ...batchedEvent(batch, index), connection: 7 })}\n`,
      )
      assert.equal(formatBatch(7, batch), lines.join(''), `seed ${seed}`)
    }
  })
})
