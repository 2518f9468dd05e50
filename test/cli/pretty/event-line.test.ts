import assert from 'node:assert/strict'
import picocolors from 'picocolors'
import { formatEvent } from '../../../src/cli/pretty/event-line.ts'
import { width } from '../../../src/cli/pretty/terminal-text.ts'
import type { RealtimeEvent } from '../../../src/shared/event.ts'

const plain = picocolors.createColors(false)
const colored = picocolors.createColors(true)
const payload = (text: string) => new TextEncoder().encode(text)
const on = { connection: 1, time: 1234.5678 }

const EVENTS: readonly RealtimeEvent[] = [
  { ...on, type: 'connect', transport: 'auto', url: `ws://host/${'long/'.repeat(40)}`, attempt: 0 },
  {
    ...on,
    type: 'open',
    transport: 'websocket',
    status: 101,
    headers: {},
    httpVersion: '1.1',
    extensions: 'permessage-deflate; server_no_context_takeover; client_max_window_bits=15',
    subprotocol: 'chat',
  },
  { ...on, type: 'message', direction: 'in', opcode: 'text', payload: payload('字'.repeat(500)) },
  { ...on, type: 'message', direction: 'out', opcode: 'binary', payload: new Uint8Array(500).fill(255) },
  { ...on, type: 'message', direction: 'in', event: `price-${'x'.repeat(50)}`, payload: payload('p') },
  { ...on, type: 'ping', direction: 'in', payload: payload('') },
  { ...on, type: 'pong', direction: 'out', payload: payload('x'.repeat(125)) },
  { ...on, type: 'comment', payload: payload('keep-alive') },
  { ...on, type: 'request', url: 'http://host/poll', headers: {}, cursor: '42' },
  { ...on, type: 'response', status: 204, headers: {}, held: 25_012, empty: true, cursor: '42' },
  { ...on, type: 'close', code: 1000, reason: 'x'.repeat(123), by: 'server' },
  { ...on, type: 'gap', missed: 3 },
]

describe('a pretty line', () => {
  it('fits in 80 columns and in fewer, for every event', () => {
    for (const columns of [60, 80, 120]) {
      for (const event of EVENTS) {
        const line = formatEvent(event, columns, plain)
        assert.ok(width(line) <= columns, `${width(line)} cells of ${columns}: ${line}`)
      }
    }
  })

  it('has time, arrow, type, size and payload', () => {
    const event = {
      ...on,
      type: 'message',
      direction: 'in',
      opcode: 'text',
      payload: payload('hello'),
    } as const
    assert.equal(formatEvent(event, 80, plain), '    1.235 ↓ text          5 B  hello')
    assert.equal(
      formatEvent({ ...event, direction: 'out' }, 80, plain),
      '    1.235 ↑ text          5 B  hello',
    )
    assert.equal(
      formatEvent({ ...event, direction: 'out', automatic: 'keep-alive' }, 80, plain),
      '    1.235 ↑ text          5 B  (by keep-alive) hello',
    )
  })

  it('names the transport if it was chosen, and the attempt from the second one', () => {
    const connect = { ...on, type: 'connect', url: 'http://h/', attempt: 0 } as const
    assert.match(formatEvent({ ...connect, transport: 'auto' }, 80, plain), /○ connect +http:\/\/h\/$/)
    assert.match(
      formatEvent({ ...connect, transport: 'sse', attempt: 2 }, 80, plain),
      /○ connect +sse http:\/\/h\/ \(attempt 2\)$/,
    )
  })

  it('names an SSE message by its event type', () => {
    const event = { ...on, type: 'message', direction: 'in', event: 'price', payload: payload('1') } as const
    assert.match(formatEvent(event, 80, plain), /↓ price /)
  })

  it('says how long the phases took that happened', () => {
    const timing = { dns: 2.71234, tcp: 12, firstByte: 1500 }
    const open = { ...on, type: 'open', transport: 'sse', status: 200, headers: {}, timing } as const
    assert.match(formatEvent(open, 80, plain), /● open +sse 200, DNS 2\.71 ms, TCP 12 ms, first byte 1\.5 s$/)
    const response = { ...on, type: 'response', status: 200, headers: {}, empty: true } as const
    assert.match(
      formatEvent({ ...response, timing: { tcp: 1, firstByte: 2 } }, 90, plain),
      /200, nothing new, new connection: TCP 1 ms, first byte 2 ms$/,
    )
    assert.match(formatEvent({ ...response, timing: { firstByte: 2 } }, 80, plain), /200, nothing new$/)
  })

  it('says in full why it failed or reconnects', () => {
    const reason = `the server closed the connection ${'because '.repeat(20)}`.trim()
    const reconnect = { ...on, type: 'reconnect', attempt: 2, delay: 1512.3, reason } as const
    assert.match(
      formatEvent(reconnect, 80, plain),
      /↻ reconnect attempt 2 in 1\.5 s: the server closed .*because$/,
    )
    const error = { ...on, type: 'error', code: 'X', message: reason } as const
    assert.ok(formatEvent(error, 80, plain).endsWith(reason))
  })

  it('has no control character from the peer in any field', () => {
    const evil = '\x1b[2J\x9b31m\r\nfake line\u202e'
    const events: RealtimeEvent[] = [
      { ...on, type: 'message', direction: 'in', event: evil, payload: payload(evil) },
      { ...on, type: 'comment', payload: payload(evil) },
      { ...on, type: 'close', code: 1000, reason: evil, by: 'server' },
      { ...on, type: 'error', code: 'X', message: evil },
      { ...on, type: 'reconnect', attempt: 1, delay: 1, reason: evil, lastEventId: evil, cursor: evil },
      { ...on, type: 'connect', transport: 'sse', url: evil, attempt: 1 },
      { ...on, type: 'request', url: evil, headers: {}, cursor: evil },
      { ...on, type: 'response', status: 200, headers: {}, held: 1, empty: false, cursor: evil },
      { time: 1, type: 'mark', text: evil },
      {
        ...on,
        type: 'open',
        transport: 'websocket',
        status: 101,
        headers: {},
        httpVersion: '1.1',
        subprotocol: evil,
        extensions: evil,
      },
    ]
    for (const event of events)
      assert.doesNotMatch(formatEvent(event, 200, plain), /[\p{Cc}\u202e]/u, event.type)
  })

  it('says what a message says in its protocol: kind, name and latency', () => {
    const message = {
      ...on,
      type: 'message',
      direction: 'in',
      opcode: 'text',
      payload: payload('430[3]'),
    } as const
    const ack = { protocol: 'socket.io', kind: 'ack', name: 'sum', answers: 3, latency: 40.4 } as const
    assert.equal(
      formatEvent(message, 80, plain, [ack]),
      '    1.235 ↓ text          6 B  ack sum 40 ms  430[3]',
    )
    const packets = ['a', 'b', 'c', 'd', 'e'].map(
      (name) => ({ protocol: 'mqtt', kind: 'data', name }) as const,
    )
    assert.match(formatEvent(message, 80, plain, packets), /data a, data b, data c, 2 more {2}430/)
    const named = { protocol: 'json', kind: 'event', name: 'trade' } as const
    assert.match(formatEvent(message, 80, plain, [named]), / 6 B {2}trade {2}430/)
    assert.match(formatEvent(message, 80, plain, [{ protocol: 'json', kind: 'event' }]), / 6 B {2}430/)
    const beat = { protocol: 'engine.io', kind: 'heartbeat', name: 'ping' } as const
    assert.ok(formatEvent(message, 80, colored, [beat]).includes('\x1b[2m↓'))
    const long = { protocol: 'x', kind: 'event', name: '字\x1b'.repeat(200) } as const
    for (const columns of [60, 80, 200]) {
      const line = formatEvent(message, columns, plain, [long])
      assert.ok(width(line) <= columns, line)
      assert.match(line, /… {2}430\[3\]$/)
      assert.doesNotMatch(line, /\p{Cc}/u)
    }
  })

  it('says quietly that a message has only a part of a packet', () => {
    const message = {
      ...on,
      type: 'message',
      direction: 'out',
      opcode: 'binary',
      payload: Buffer.from([0x10]),
    } as const
    assert.equal(formatEvent(message, 80, plain, [], true), '    1.235 ↑ binary        1 B  part  10 |.|')
    assert.ok(formatEvent(message, 80, colored, [], true).includes('\x1b[2mpart'))
  })

  it('shows the method and the body of a request', () => {
    const connect = { ...on, type: 'connect', transport: 'sse', url: 'http://h/', attempt: 0 } as const
    assert.equal(
      formatEvent({ ...connect, body: '{"id":1}' }, 80, plain),
      '    1.235 ○ connect       8 B  sse POST http://h/  {"id":1}',
    )
    assert.match(formatEvent({ ...connect, method: 'DELETE' }, 80, plain), /sse DELETE http:\/\/h\/$/)
    const request = { ...on, type: 'request', url: `http://h/${'x'.repeat(90)}`, headers: {} } as const
    const line = formatEvent({ ...request, method: 'PUT', body: { base64: '/wA=' } }, 80, plain)
    assert.match(line, / 2 B {2}PUT http:\/\/h\/x+… {2}ff 00 \|\.\.\|$/)
    assert.ok(width(line) <= 80)
  })

  it('has colors only if asked, and the same text', () => {
    for (const event of EVENTS) {
      const line = formatEvent(event, 80, colored)
      assert.notEqual(line, formatEvent(event, 80, plain))
      // biome-ignore lint/suspicious/noControlCharactersInRegex: the color codes are what it takes away
      const bare = line.replaceAll(/\x1b\[\d+m/g, '')
      assert.equal(bare.trimEnd(), formatEvent(event, 80, plain))
    }
  })
})
