import assert from 'node:assert/strict'
import { socketIo } from '../../../src/decode/protocols/socket-io/socket-io.ts'
import { decodeFile } from '../expected.ts'
import {
  decodeAll,
  decodedOf,
  type ExpectedPacket,
  expectedOf,
  FACTS,
  message,
  pathOf,
  placeOf,
} from './recordings.ts'
import { itIsRobust } from './robust.ts'

/** Bytes as the expected files have them. */
const bytesAsText = (value: unknown): unknown =>
  JSON.parse(JSON.stringify(value ?? null), (_, field) =>
    typeof field?.base64 === 'string' ? `base64:${field.base64}` : field,
  )

const KINDS: Readonly<Record<string, string>> = {
  CONNECT: 'handshake',
  CONNECT_ERROR: 'error',
  DISCONNECT: 'close',
  ACK: 'ack',
  'engine.open': 'handshake',
  'engine.ping': 'heartbeat',
  'engine.pong': 'heartbeat',
}

/** The expected packet in our words. */
function translated(expected: ExpectedPacket) {
  const { kind, nsp, id, data = null } = expected
  const place = placeOf(expected)
  if (kind.startsWith('engine.')) {
    const value = kind === 'engine.open' ? JSON.parse(String(data)) : data === '' ? null : data
    return [...place, 'engine.io', KINDS[kind], kind.slice('engine.'.length), undefined, undefined, value]
  }
  const idText = id === undefined ? undefined : String(id)
  if (kind === 'EVENT') {
    const [name, ...values] = data as unknown[]
    return [...place, 'socket.io', id === undefined ? 'event' : 'request', name, nsp, idText, values]
  }
  return [...place, 'socket.io', KINDS[kind], undefined, nsp, idText, data]
}

describe('Socket.IO', () => {
  for (const name of ['socketio', 'socketiomp', 'socketio-haproxy-cut'])
    it(`decodes ${name} as the protocol's own parser`, async () => {
      const decoded = await decodedOf(socketIo, name)
      assert.deepEqual(
        decoded.map(({ line, parts, direction, protocol, kind, name, channel, id, value }) => {
          const ownName =
            protocol === 'engine.io' || kind === 'event' || kind === 'request' ? name : undefined
          return [line, parts, direction, protocol, kind, ownName, channel, id, bytesAsText(value)]
        }),
        expectedOf(name).map(translated),
      )
    })

  it('decodes Engine.IO without Socket.IO whatever its path, as its first message shows', async () => {
    await socketIo.load?.()
    const facts = { ...FACTS, url: 'ws://127.0.0.1/primus/?EIO=4&transport=websocket' }
    const said = (...texts: string[]) =>
      decodeAll(
        socketIo,
        texts.map((text) => message(text, { facts, url: facts.url })),
      ).map(({ protocol, kind, value }) => [protocol, kind, value])
    assert.deepEqual(said('4{"a":1}', '40', '2'), [
      ['engine.io', 'event', { a: 1 }],
      ['engine.io', 'event', '0'],
      ['engine.io', 'heartbeat', undefined],
    ])
    assert.throws(() => said('40', '4{"a":1}'), { message: 'The message is not a packet of Socket.IO.' })
  })

  it('decodes polls and the WebSocket of one session together', async () => {
    const decoded = await decodeFile(socketIo, pathOf('engineio-upgrade.rtsession'))
    const brief = decoded.map(({ line, kind, name, answers }) => [line, kind, name, answers])
    assert.deepEqual(brief.slice(0, 12), [
      [6, 'handshake', 'open', undefined],
      [11, 'handshake', 'connect', undefined],
      [11, 'event', 'welcome', undefined],
      [12, 'handshake', 'ping probe', undefined],
      [13, 'handshake', 'pong probe', 11],
      [16, 'ack', undefined, undefined],
      [19, 'heartbeat', 'noop', undefined],
      [20, 'handshake', 'upgrade', undefined],
      [21, 'data', undefined, undefined],
      [23, 'ack', undefined, undefined],
      [24, 'event', 'echo', undefined],
      [25, 'event', 'echo', undefined],
    ])
    assert.deepEqual(decoded[9]?.value, [{ got: 2, back: { base64: 'AQID+g==' } }])
  })

  it('decodes the polls of a HAR with the bodies that were sent', async () => {
    const upgraded = await decodeFile(socketIo, pathOf('engineio-upgrade.har'))
    const [upload, answer] = upgraded.filter(({ id }) => id === '1')
    // The header of the event is in the body of a poll, its attachment in a WebSocket message.
    assert.deepEqual([upload?.name, upload?.value, upload?.parts], ['upload', [{ base64: 'Af8=' }], 2])
    assert.deepEqual([answer?.name, answer?.answers], ['upload', Number(upload?.line) - 1])
    const polled = await decodeFile(socketIo, pathOf('engineio-polling.har'))
    const answered = polled
      .filter(({ answers }) => answers !== undefined)
      .map(({ kind, name }) => [kind, name])
    assert.deepEqual(answered, [
      ['handshake', 'connect'],
      ['ack', 'sum'],
      ['ack', 'upload'],
      ['heartbeat', 'pong'],
      ['heartbeat', 'pong'],
    ])
  })

  const poll = (url: string, connection = 1) => ({
    facts: { connection, url: 'http://host/socket.io/?EIO=3&transport=polling', transport: 'poll' },
    url,
    binary: false,
  })

  it('attaches bytes that come on another connection of the session', async () => {
    const polling = poll('http://host/socket.io/?EIO=4&transport=polling&sid=x')
    const facts = {
      connection: 2,
      url: 'ws://host/socket.io/?EIO=4&transport=websocket&sid=x',
      transport: 'websocket',
    }
    const header = '451-/a,7["upload",{"_placeholder":true,"num":0}]'
    const packets = decodeAll(socketIo, [
      message(header, { ...polling, direction: 'out', number: 1 }),
      message(Uint8Array.of(1, 255), { facts, direction: 'out', number: 2 }),
    ])
    assert.equal(socketIo.scope?.(facts), socketIo.scope?.(polling.facts))
    assert.deepEqual(packets, [
      {
        protocol: 'socket.io',
        kind: 'request',
        name: 'upload',
        channel: '/a',
        id: '7',
        value: [{ base64: 'Af8=' }],
        asks: 'x /a 7',
        parts: 2,
      },
    ])
  })

  it('decodes the bodies of Engine.IO 3', () => {
    const polling = poll('http://host/socket.io/?EIO=3&transport=polling&sid=x')
    const binary = [0, 3, 255, ...Buffer.from('2ab'), 1, 3, 255, 4, 1, 2].map(Number)
    const packets = decodeAll(socketIo, [
      message('2:4014:42["ü","ab😀"]1:2', polling),
      message('6:40/adm8:40/a?b=c', polling),
      message('39:451-["b",{"_placeholder":true,"num":0}]6:b4AQID', polling),
      message(Uint8Array.from(binary), polling),
    ])
    assert.deepEqual(
      packets.map(({ name, channel, value }) => [name, channel, value]),
      [
        ['connect', '/', undefined],
        ['ü', '/', ['ab😀']],
        ['ping', undefined, undefined],
        ['connect', '/adm', undefined],
        ['connect', '/a', { query: 'b=c' }],
        ['b', '/', [{ base64: 'AQID' }]],
        ['ping', undefined, 'ab'],
        [undefined, undefined, { base64: 'AQI=' }],
      ],
    )
  })

  it('reads what the server says of a request instead of packets', () => {
    const polling = poll('http://host/socket.io/?EIO=4&transport=polling&sid=x')
    assert.deepEqual(decodeAll(socketIo, [message('ok', polling)]), [])
    const [error] = decodeAll(socketIo, [message('{"code":1,"message":"Session ID unknown"}', polling)])
    assert.equal(error?.kind, 'error')
    assert.deepEqual(error?.value, { code: 1, message: 'Session ID unknown' })
  })

  itIsRobust(
    socketIo,
    ['socketio', 'socketiomp', 'socketio-haproxy-cut', 'engineio-polling', 'engineio-upgrade'],
    {
      connection: 1,
      url: 'ws://127.0.0.1/socket.io/?EIO=4&transport=websocket',
      transport: 'websocket',
    },
  )
})
