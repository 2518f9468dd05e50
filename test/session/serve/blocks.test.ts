import assert from 'node:assert/strict'
import { once } from 'node:events'
import { readFileSync, statSync, writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import { join } from 'node:path'
import { openIndexed } from '../../../src/session/open-recording.ts'
import { SharedBlocks } from '../../../src/session/serve/blocks/shared-blocks.ts'
import { readConnections } from '../../../src/session/serve/connection-reader.ts'
import { isPoll } from '../../../src/session/serve/recorded-connection.ts'
import { webSocketFraming } from '../../../src/session/serve/websocket/frames.ts'
import type { RealtimeEvent } from '../../../src/shared/event.ts'
import { message, opened, recordingOf } from '../../support/recording.ts'
import { sessionLines, writeSession } from '../../support/recording-file.ts'
import { serve, serveFile, stopServing } from '../../support/served.ts'
import { removeTempDirs, tempDir } from '../../support/temp-dir.ts'
import { EVENT_STREAM, ended, event, stream } from './recorded-stream.ts'
import { Client, closed, out } from './websocket-client.ts'

const UPGRADE =
  'Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n'
const CLOSE = Buffer.from([0x88, 2, 0x03, 0xe8])
const MASKED_CLOSE = Buffer.from([0x88, 0x80, 0, 0, 0, 0])
/** A speed at which nothing waits, but each event is sent by itself. */
const FAST = 1e9

/** Everything that a server sends for some requests, without the heads. */
async function wire(url: string, fields: string, version = '1.1', requests = 1): Promise<string> {
  const { port, pathname } = new URL(url)
  const socket = connect(Number(port), '127.0.0.1')
  const more = `GET ${pathname} HTTP/${version}\r\nHost: localhost\r\n\r\n`.repeat(requests - 1)
  socket.write(`${more}GET ${pathname} HTTP/${version}\r\nHost: localhost\r\n${fields}\r\n`)
  const chunks: Buffer[] = []
  for await (const chunk of socket) {
    chunks.push(chunk)
    // The answer to the close frame of a WebSocket, which has code 1000.
    if (chunk.subarray(-CLOSE.length).equals(CLOSE)) socket.end(MASKED_CLOSE)
  }
  const bytes = Buffer.concat(chunks)
  return bytes.toString('latin1').replace(/HTTP\/1\.1 .*?\r\n\r\n/gs, '')
}

function many(count: number, make: (n: number) => RealtimeEvent): RealtimeEvent[] {
  return Array.from({ length: count }, (_, n) => make(n))
}

/** Texts that JSON escapes in all its ways, and some that it does not. */
const TEXTS = [
  '"\\/\b\f\t',
  'a\nb\rc\r\nd\n\n',
  '\u0000\u000b\u001f\u007f\u2028',
  'é€😀"é€😀',
  '',
  '\n',
  '"\u0001'.repeat(3000),
  '"'.repeat(20_000),
  'plain '.repeat(3000),
]

const BIG = Buffer.alloc(200_000, 'é')
const INCOMING: readonly RealtimeEvent[] = [
  message(1, ''),
  message(2, 'a'.repeat(125)),
  message(3, 'b'.repeat(126)),
  message(4, 'c'.repeat(65_535)),
  message(5, 'd'.repeat(65_536)),
  message(6, BIG, { opcode: 'binary' }),
  message(7, 'in pieces', { frames: 4 }),
  message(8, 'x', { frames: 9 }),
  { type: 'ping', connection: 1, time: 9, direction: 'in', payload: Buffer.from('ping') },
  { type: 'pong', connection: 1, time: 10, direction: 'in', payload: Buffer.from('pong') },
  ...TEXTS.map((text) => message(11, text)),
  ...many(3000, (n) => message(11, `{"n":${n}}`)),
]

const RECORDINGS: readonly (readonly [name: string, fields: string, events: readonly RealtimeEvent[]])[] = [
  ['WebSocket messages', UPGRADE, [...opened(), ...INCOMING, closed(12)]],
  [
    'events',
    'Connection: close\r\n',
    [
      ...stream('sse', EVENT_STREAM),
      { type: 'comment', connection: 1, time: 2, payload: Buffer.from('hello\nthere') },
      event(3, 'one\r\ntwo\rthree\n', '1', 'tick'),
      event(3, '', '1'),
      event(3, 'bad', 'a\nb', 'c\nd'),
      event(3, 'é'.repeat(100_000), '2'),
      ...many(3000, (n) => event(4, `{"n":${n}}`, `id ${n >> 1}`, n % 3 === 0 ? 'message' : 'tick')),
      ...TEXTS.map((text, n) => event(4, text, `text ${n}`, 'tick')),
      event(5, 'cut', 'last'),
      ended(6),
    ],
  ],
  ...['lines', 'ndjson', 'json-seq', 'length-prefixed', 'multipart', 'sse', 'raw'].map(
    (framing) =>
      [
        `records of ${framing}`,
        'Connection: close\r\n',
        [
          ...stream('http-stream', { 'content-type': 'text/plain' }, { framing }),
          ...many(1500, (n) =>
            message(2, `{"n":${n}}`, n > 700 && n < 1300 ? { framing: 'json-array' } : {}),
          ),
          ...TEXTS.map((text) => message(2, text)),
          message(3, 'the end', { truncated: true }),
          ended(4),
        ],
      ] as const,
  ),
]

describe('a session served without waiting', function () {
  this.timeout(60_000)
  const clients: Client[] = []
  afterEach(async () => {
    for (const { ws } of clients.splice(0)) ws.terminate()
    await stopServing()
    removeTempDirs()
  })

  for (const [name, fields, events] of RECORDINGS)
    it(`sends the same bytes for ${name} as one that is played event by event`, async () => {
      const sent = async (speed: number) => await wire((await serve(events, { speed })).url, fields)
      const expected = await sent(FAST)
      assert.ok(expected.length > 10_000)
      const { url } = await serve(events)
      for (const bytes of await Promise.all([1, 2, 3].map(() => wire(url, fields))))
        assert.ok(bytes === expected, `${bytes.length} bytes instead of ${expected.length}`)
      const file = await serveFile(writeSession(tempDir(), 'a.rtsession', events))
      const fromFile = await wire(file.url, fields)
      assert.ok(fromFile === expected, `${fromFile.length} bytes instead of ${expected.length}`)
    })

  it('reads lines that are not as this program writes them', async () => {
    const [name, content] = ['type":"message","connection":1,"time":2', '"direction":"in","size"']
    const lines = [
      `{"${name},${content}:1,"text":"\\u0041"}`,
      `{"${name},${content}:9,"text":"wrong size"}\r`,
      '',
      'no event',
      `{"${name},"text":"another order",${content}:1}`,
      `{"${name},${content}:3,"text":"\\ud83d"}`,
      `{"${name},${content}:1,"text":"a","text":"b"}`,
      `{"${name},${content}:1,"text":"\u00ff"}`,
      `{"${name},${content}:1,"base64":"gA=="}`,
      `{"${name},${content}:8,"dropped":true}`,
      `{"${name},${content}:4,"text":"last"}`,
    ]
    const path = join(tempDir(), 'a.rtsession')
    const start = sessionLines(stream('http-stream', { 'content-type': 'text/plain' }, { framing: 'lines' }))
    const whole = [...start, ...lines, ...sessionLines([ended(6)]).slice(1)].join('\n')
    // One of the lines is not UTF-8: three bytes that become a character of three bytes.
    writeFileSync(
      path,
      Buffer.from(Buffer.from(whole).toString('latin1').replace('\xc3\xbf', '\xf0\x9f\x98'), 'latin1'),
    )
    const log: RealtimeEvent[] = []
    const file = await openIndexed(path)
    for (let index = 0; index < file.log.count; index++) log.push(file.log.event(index))
    file.close()
    const expected = await wire((await serve(log)).url, 'Connection: close\r\n')
    assert.match(expected, /A\n.*wrong size\n.*another order\n.*b\n.*last\n/s)
    assert.equal(await wire((await serveFile(path)).url, 'Connection: close\r\n'), expected)
  })

  it('says that the file was changed while it was served, and ends the connection', async () => {
    const path = writeSession(tempDir(), 'a.rtsession', [
      ...opened(),
      ...many(5000, (n) => message(1, `{"n":${n}}`)),
      closed(2),
    ])
    const { url, told } = await serveFile(path)
    const changed = readFileSync(path, 'latin1').replaceAll('\\"n\\"', '"n"..')
    assert.equal(changed.length, statSync(path).size)
    writeFileSync(path, changed)
    const client = new Client(url)
    clients.push(client)
    await client.closed
    assert.deepEqual(client.received, [])
    assert.match(
      String(told.map((each) => each.type === 'failed' && each.reason)),
      /was changed while it was being read/,
    )
  })

  it('sends the rest of the events to a client that resumes', async () => {
    const events = [
      ...stream('sse', EVENT_STREAM),
      ...many(3000, (n) => event(2, `${n}`, `${n >> 1}`)),
      ended(3, 'network'),
    ]
    const { url } = await serve(events)
    const all = await wire(url, '')
    const rest = await wire(url, 'Last-Event-ID: 700\r\n')
    assert.match(rest, /^[0-9a-f]+\r\ndata: 1401\n\n\r\n[0-9a-f]+\r\nid: 701\ndata: 1402\n\n/)
    assert.ok(all.endsWith(rest))
    assert.equal(await wire(url, ''), all)
  })

  it('serves clients of HTTP/1.0, and those that send requests ahead', async () => {
    const events = [
      ...stream('http-stream', { 'content-type': 'text/plain' }, { framing: 'lines' }),
      ...many(3000, (n) => message(2, `${n}`)),
      ended(3),
    ]
    const { url } = await serve(events)
    const text = many(3000, (n) => message(2, `${n}`)).map((_, n) => `${n}\n`)
    assert.equal(await wire(url, '', '1.0'), text.join(''))
    const chunks = `${text.map((line) => `${line.length.toString(16)}\r\n${line}\r\n`).join('')}0\r\n\r\n`
    assert.equal(await wire(url, 'Connection: close\r\n', '1.1', 3), chunks.repeat(3))
  })

  it('does not let a client wait for one that does not read, which gets everything later', async () => {
    const count = 60
    const payload = Buffer.alloc(1_000_000, 'x')
    const { url } = await serve([...opened(), ...many(count, () => message(1, payload)), closed(2)])
    const [slow, fast] = [new Client(url), new Client(url)]
    clients.push(slow, fast)
    slow.ws.on('open', () => slow.ws.pause())
    await fast.closed
    assert.equal(fast.received.length, count)
    assert.ok(slow.received.length < count)
    slow.ws.resume()
    await slow.closed
    assert.equal(slow.received.length, count)
  })

  it('keeps the bytes for a client that does not read, while the memory of others is used again', async () => {
    const count = 4000
    const { url } = await serve([
      ...opened(),
      ...many(count, (n) => message(1, `${n} `.repeat(2000))),
      closed(2),
    ])
    const [slow, fast] = [new Client(url), new Client(url)]
    clients.push(slow, fast)
    slow.ws.on('open', () => slow.ws.pause())
    await fast.closed
    assert.ok(slow.received.length < count)
    slow.ws.resume()
    await slow.closed
    for (const { received } of [slow, fast])
      assert.deepEqual(
        received.map((text) => String(text).split(' ', 1)[0]),
        Array.from({ length: count }, (_, n) => `${n}`),
      )
  })

  it('sends nothing after a close frame', async () => {
    const { url, close } = await serve([...opened(), ...many(100_000, (n) => message(1, `${n}`))], {
      loop: true,
    })
    const { port, pathname } = new URL(url)
    const socket = connect(Number(port), '127.0.0.1')
    socket.write(`GET ${pathname} HTTP/1.1\r\nHost: localhost\r\n${UPGRADE}\r\n`)
    await once(socket, 'readable')
    const stopped = close()
    let last = Buffer.alloc(0)
    for await (const chunk of socket) {
      last = Buffer.concat([last, chunk]).subarray(-1000)
      if (last.includes('no longer served')) socket.write(MASKED_CLOSE)
    }
    assert.equal(last.subarray(-5).toString(), 'erved')
    await stopped
  })

  it('leaves out pongs to the recorded client, whose pings a new client does not send', async () => {
    const control = (type: 'ping' | 'pong', direction: 'in' | 'out', text: string): RealtimeEvent => ({
      ...{ type, connection: 1, time: 2, direction, payload: Buffer.from(text) },
    })
    const { url } = await serve([
      ...opened(),
      control('ping', 'out', 'asked'),
      control('pong', 'in', 'asked'),
      control('pong', 'in', 'unasked'),
      message(3, 'over'),
    ])
    const client = new Client(url)
    clients.push(client)
    const [pong] = await once(client.ws, 'pong')
    assert.equal(String(pong), 'unasked')
  })

  describe('shares blocks', () => {
    const eventsOf = (padding: number) => [
      ...opened(),
      ...many(5000, (n) => message(1, `${n}`.padStart(padding))),
      message(2, 'out', out),
      message(3, 'x'),
    ]

    function blocksOf(maxBytes?: number, padding = 0) {
      let read = 0
      const source = recordingOf(eventsOf(padding))
      const counting = {
        ...source,
        event(index: number) {
          read++
          return source.event(index)
        },
      }
      const [recorded] = readConnections(counting, { outages: true }).connections
      assert.ok(recorded && !isPoll(recorded) && recorded.attempts[0])
      const blocks = new SharedBlocks(counting, maxBytes).of(recorded.attempts[0], '', () =>
        webSocketFraming({ deflates: false, waits: true }),
      )
      let pieces = 0
      const all = (releases = false) => {
        read = 0
        const parts: Uint8Array[] = []
        const memory = new Set<ArrayBufferLike>()
        let alone = 0
        let place = { skip: 0, state: '' }
        for (let block = blocks.at(place); block !== undefined; block = blocks.at(place)) {
          for (const part of block.parts) {
            parts.push(Buffer.from(part))
            memory.add(part.buffer)
          }
          if (releases) blocks.release(block)
          if (block.event !== undefined) alone++
          place = block.next
        }
        pieces = memory.size
        return { bytes: Buffer.concat(parts), alone, read }
      }
      return Object.assign(all, { pieces: () => pieces })
    }

    it('that are made once for all clients', () => {
      const all = blocksOf()
      const first = all()
      assert.ok(first.read >= 5002)
      assert.equal(first.alone, 1)
      assert.deepEqual(all(), { ...first, read: 0 })
    })

    it('and makes those again that are not kept', () => {
      const all = blocksOf(20_000)
      const first = all()
      assert.deepEqual(all(), first)
    })

    it('and uses the memory of those again that are neither kept nor used', () => {
      const all = blocksOf(20_000, 40)
      const first = all()
      assert.ok(all.pieces() >= 5)
      assert.deepEqual(all(true), first)
      // One for the last block, which is small.
      assert.equal(all.pieces(), 2)
    })
  })
})
