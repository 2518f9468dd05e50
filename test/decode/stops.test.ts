/** What happens to the other sessions of a scope if the bytes of one contradict the protocol. */
import assert from 'node:assert/strict'
import { EventEmitter, once } from 'node:events'
import { OnDemandDecoder } from '../../src/decode/decode-on-demand.ts'
import { SessionDecoder } from '../../src/decode/session-decoder.ts'
import type { RealtimeEvent } from '../../src/shared/event.ts'
import type { TransportName } from '../../src/shared/transports.ts'
import { EventsSource } from './events-source.ts'

type Said = readonly [connection: number, direction: 'in' | 'out', payload: string | Uint8Array]

/** The events of connections, by their URLs, and of what they say. */
function eventsOf(urls: readonly string[], transport: TransportName, says: readonly Said[]): RealtimeEvent[] {
  const opened = urls.flatMap((url, index): RealtimeEvent[] => [
    { type: 'connect', connection: index + 1, time: 0, transport, url, attempt: 0 },
    { type: 'open', connection: index + 1, time: 0, transport, headers: {} },
  ])
  const messages = says.map(([connection, direction, payload], index): RealtimeEvent => {
    const opcode = typeof payload === 'string' ? 'text' : 'binary'
    const bytes = typeof payload === 'string' ? Buffer.from(payload) : payload
    return { type: 'message', connection, time: index + 1, direction, opcode, payload: bytes }
  })
  return [...opened, ...messages]
}

/** Decodes in order and on demand: the kind, name and ID of the packets of each message, and the problems. */
async function decode(urls: readonly string[], transport: TransportName, says: readonly Said[]) {
  const events = eventsOf(urls, transport, says)
  const session = new SessionDecoder()
  await session.loadAll()
  const inOrder = events.map((event, number) => session.decode(number, event) ?? [])
  const source = new EventsSource(events)
  const progress = new EventEmitter()
  const onProgress = () => progress.emit('slice')
  const onDemand = new OnDemandDecoder(source, (each) => source.startOf(each), { interval: 2, onProgress })
  onDemand.start()
  while (onDemand.reached < events.length) await once(progress, 'slice')
  const anyOrder = events.map((_, index) => onDemand.decode(events.length - 1 - index)).reverse()
  assert.deepEqual(anyOrder, inOrder)
  const connections = urls.map((_, index) => index + 1)
  const problems = connections.map((connection) => session.problemOf(connection))
  assert.deepEqual(
    connections.map((connection) => onDemand.problemOf(connection)),
    problems,
  )
  const decoded = inOrder
    .slice(2 * urls.length)
    .map((packets) => packets.map(({ kind, name, id }) => [kind, name, id].filter(Boolean).join(' ')).join())
  return { decoded, problems }
}

const POLLS = 'http://host.example/socket.io/?EIO=4&transport=polling&sid='

describe('a session that is given up', () => {
  it('leaves the other sessions of an Engine.IO server alone, whichever connections carry them', async () => {
    const urls = [
      `${POLLS}one`,
      `${POLLS}two`,
      'ws://host.example/socket.io/?EIO=4&transport=websocket&sid=one',
    ]
    const { decoded, problems } = await decode(urls, 'long-poll', [
      [1, 'out', '420["sum",1]'],
      [2, 'out', '420["sum",2]'],
      [1, 'in', '9 is no packet'],
      [2, 'in', '430[2]'],
      [1, 'in', '430[1]'],
      [3, 'in', '42["news"]'],
      [2, 'in', '42["news"]'],
    ])
    assert.deepEqual(decoded, ['request sum 0', 'request sum 0', '', 'ack sum 0', '', '', 'event news'])
    const why = 'Event 9 could not be decoded as socket.io (The message is not a packet of Engine.IO.); from '
    assert.equal(problems[0], `${why}there on, its session is shown as it is.`)
    assert.equal(problems[1], undefined)
    assert.ok(problems[2]?.startsWith(why))
  })

  it('frees what it holds, so that the others can go on', async () => {
    const attachment = Buffer.from(`b${Buffer.alloc(12 << 20, 7).toString('base64')}`).toString()
    const { decoded, problems } = await decode([`${POLLS}one`, `${POLLS}two`], 'long-poll', [
      [1, 'in', '0{"sid":"one"}'],
      [2, 'in', '0{"sid":"two"}'],
      // Later, the decoder is not in question.
      ...Array.from({ length: 8 }, (): Said => [1, 'in', '42["news"]']),
      [1, 'in', '459-["big",{"_placeholder":true,"num":0}]'],
      ...Array.from({ length: 5 }, (): Said => [1, 'in', attachment]),
      [2, 'in', '42["news"]'],
    ])
    assert.equal(decoded.at(-1), 'event news')
    assert.match(problems[0] ?? '', /a packet does not end/)
    assert.equal(problems[1], undefined)
  })

  it('is a single request of SockJS', async () => {
    const base = 'http://host.example/echo/123/abc'
    const urls = [`${base}/xhr_streaming`, `${base}/xhr_send`, `${base}/xhr_send`]
    const { decoded, problems } = await decode(urls, 'http-stream', [
      [1, 'in', 'o\n'],
      [2, 'out', '["{\\"jsonrpc\\":\\"2.0\\",\\"method\\":\\"a\\",\\"id\\":1}"'],
      [3, 'out', '["{\\"jsonrpc\\":\\"2.0\\",\\"method\\":\\"b\\",\\"id\\":2}"]'],
      [1, 'in', 'a["{\\"jsonrpc\\":\\"2.0\\",\\"result\\":0,\\"id\\":2}"]\n'],
    ])
    assert.deepEqual(decoded, ['handshake open', '', 'request b 2', 'response b 2'])
    assert.match(problems[1] ?? '', /^Event 8 could not be decoded as sockjs/)
    assert.deepEqual([problems[0], problems[2]], [undefined, undefined])
  })

  it('is one of several connections of a URL or of an origin', async () => {
    const tooMany = `[${Array(200_001).fill('{"channel":"/meta/connect","jsonrpc":"2.0","id":1}').join(',')}]`
    const bayeux = await decode(['http://h.example/faye', 'http://h.example/faye'], 'http-stream', [
      [1, 'out', '[{"channel":"/meta/handshake","id":"1"}]'],
      [2, 'out', '[{"channel":"/meta/handshake","id":"2"}]'],
      [1, 'in', tooMany],
      [2, 'in', '[{"channel":"/meta/handshake","id":"2","successful":true}]'],
      [1, 'in', '[{"channel":"/meta/handshake","id":"1","successful":true}]'],
    ])
    assert.deepEqual(bayeux.decoded.slice(2), ['', 'handshake /meta/handshake 2', ''])
    const initialize = (id: number) =>
      `{"jsonrpc":"2.0","id":${id},"method":"initialize","params":{"clientInfo":{"name":"test"}}}`
    const mcp = await decode(['http://h.example/mcp', 'http://h.example/mcp'], 'http-stream', [
      [1, 'out', initialize(1)],
      [2, 'out', initialize(2)],
      // Later, the decoder is not in question.
      ...Array.from(
        { length: 8 },
        (): Said => [1, 'in', '{"jsonrpc":"2.0","method":"notifications/message"}'],
      ),
      [1, 'in', tooMany],
      [2, 'in', '{"jsonrpc":"2.0","id":2,"result":{}}'],
      [1, 'in', '{"jsonrpc":"2.0","id":1,"result":{}}'],
    ])
    assert.deepEqual(mcp.decoded.slice(10), ['', 'response initialize 2', ''])
    for (const { problems } of [bayeux, mcp]) {
      assert.match(problems[0] ?? '', /more than 200000 packets/)
      assert.equal(problems[1], undefined)
    }
  })

  it('is one of several documents of Hocuspocus on a connection', async () => {
    const token = (name: string) => Buffer.of(1, name.charCodeAt(0), 2, 0, 1, 0x74)
    const { decoded, problems } = await decode(['ws://h.example/'], 'websocket', [
      [1, 'out', token('a')],
      [1, 'out', token('b')],
      [1, 'in', Buffer.of(1, 0x61, 99)],
      [1, 'in', Buffer.of(1, 0x62, 2, 2, 1, 0x72)],
      [1, 'in', Buffer.of(1, 0x61, 2, 2, 1, 0x72)],
      [1, 'in', Buffer.of(9)],
    ])
    assert.deepEqual(decoded, [
      'handshake authentication',
      'handshake authentication',
      '',
      'handshake authenticated',
      '',
      'heartbeat ping',
    ])
    assert.match(
      problems[0] ?? '',
      /^Event 5 could not be decoded as hocuspocus .*its session is shown as it is\.$/,
    )
  })
})
