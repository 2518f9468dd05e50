import assert from 'node:assert/strict'
import { encode } from '@msgpack/msgpack'
import { generate, type Packet, parser } from 'mqtt-packet'
import * as Y from 'yjs'
import { dialectIds } from '../../../src/decode/ids/dialect-ids.ts'
import {
  type CarriedMessage,
  idsOf,
  type ProtocolIds,
  type ReplaceId,
  replaceIds,
  type WholePacket,
} from '../../../src/decode/ids/ids.ts'
import { idTableWith } from '../../../src/decode/ids/table.ts'
import type { Dialect } from '../../../src/shared/dialect.ts'
import { assertLinear } from '../../support/linear.ts'
import { IdNumbering } from './id-numbering.ts'
import { decodedPackets, RECORDINGS, recordedPackets } from './recorded-packets.ts'

const TABLE = idTableWith()
const RECORD = '\u001e'
const WEBSOCKET = { connection: 1, transport: 'websocket', url: 'ws://127.0.0.1/' }

function protocolOf(name: string): ProtocolIds {
  const protocol = TABLE.get(name)
  assert.ok(protocol, name)
  return protocol
}

function packetsOf(
  protocol: ProtocolIds,
  payload: string | Uint8Array,
  more: Partial<CarriedMessage> & { readonly url?: string; readonly transport?: string } = {},
): readonly WholePacket[] {
  const { url = 'ws://127.0.0.1/', transport = 'websocket', direction = 'out', ...rest } = more
  const splitter = protocol.splitter({ connection: 1, url, transport })
  const binary = typeof payload !== 'string'
  return splitter.push({ direction, payload: Buffer.from(payload), binary, ...rest })
}

/** The ids of a message as texts, such as `request 1 out`. */
function idTexts(protocol: ProtocolIds, payload: string | Uint8Array, more: Partial<CarriedMessage> = {}) {
  return packetsOf(protocol, payload, more).flatMap((packet) =>
    idsOf(packet).map(({ kind, id, side }) => `${kind} ${id} ${side}`),
  )
}

/** The text of a message with its ids replaced. */
function replaced(protocol: ProtocolIds, payload: string, replace: ReplaceId): string {
  return packetsOf(protocol, payload)
    .map((packet) => Buffer.from(replaceIds(packet, replace).bytes).toString())
    .join('')
}

/** How many ids of each kind, and for requests of each side, are in each recording. The others have none. */
const COUNTS: Readonly<Record<string, Readonly<Record<string, number>>>> = {
  'engineio-polling': { session: 1, socket: 1, recovery: 1, offset: 3, 'request out': 2 },
  'engineio-upgrade': { session: 1, socket: 1, recovery: 1, offset: 1, 'request out': 2 },
  faye: { 'request out': 15, client: 14, 'request in': 15 },
  graphqlws: { 'request out': 43 },
  'mcp-init': { 'request out': 2 },
  'mcp-toolcall': { 'request out': 2, progress: 4 },
  mcp: { 'request out': 16, progress: 4 },
  'mqtt-big-aedes': { client: 1, 'request out': 2 },
  'mqtt-big-mosquitto': { client: 1, 'request out': 2 },
  'mqtt-browser': { client: 1, 'request out': 6, 'request in': 4 },
  mqtt: { client: 1, 'request out': 12, 'request in': 10 },
  nats: { server: 2, client: 1, subscription: 12, inbox: 7, reply: 6 },
  nes: { 'request out': 22, socket: 1 },
  primus: { session: 1, 'request in': 6 },
  rpcws: { 'request out': 16 },
  'socketio-haproxy-cut': { session: 1, socket: 1, recovery: 1, offset: 1 },
  socketio: {
    session: 2,
    socket: 3,
    recovery: 4,
    offset: 6,
    'request out': 6,
    'request in': 2,
    'request /admin out': 2,
  },
  socketiomp: {
    session: 2,
    socket: 3,
    recovery: 4,
    offset: 6,
    'request out': 6,
    'request in': 2,
    'request /admin out': 2,
  },
  'sockjs-ws': { nonce: 1 },
  'sockjs-xhr-streaming': { nonce: 1 },
  'stomp-rabbitmq-invalid-utf8': { session: 1, subscription: 4, 'request out': 3, message: 2 },
  stomp: { session: 1, subscription: 15, 'request out': 4, message: 7, ack: 8, transaction: 4 },
  trpc: { 'request out': 28 },
  wamp: { session: 4, 'request out': 18, subscription: 6, registration: 3, 'request in': 2, publication: 4 },
  xmpp: { session: 2, nonce: 4, 'request out': 6, resumption: 1 },
  ywebsocket: { client: 15 },
}

describe('the ids of recordings', () => {
  for (const file of RECORDINGS)
    it(`are found in ${file}`, async () => {
      const counts: Record<string, number> = {}
      for (const { packets } of await recordedPackets(file))
        for (const { kind, side } of packets.flatMap(idsOf)) {
          const name = kind.startsWith('request') ? `${kind} ${side}` : kind
          counts[name] = (counts[name] ?? 0) + 1
        }
      assert.deepEqual(counts, COUNTS[file.replace('.rtsession', '')] ?? {})
    })

  it('are the same in requests and their answers', async () => {
    let answers = 0
    for (const file of RECORDINGS) {
      const packets = await decodedPackets(file)
      for (const { packet, decoded } of packets) {
        const asked = packets.filter(({ event }) => event === decoded.answers)
        const own = idsOf(packet)
          .filter(({ kind }) => kind.startsWith('request'))
          .map(({ kind, id, side }) => `${kind} ${id} ${side}`)
        const [request] = asked
        if (asked.length !== 1 || request === undefined || own.length !== 1) continue
        const theirs = idsOf(request.packet).map(({ kind, id, side }) => `${kind} ${id} ${side}`)
        if (theirs.length === 0) continue
        assert.ok(theirs.includes(own[0] ?? ''), `${file}: ${own} answers ${theirs}`)
        answers++
      }
    }
    assert.ok(answers > 130, `${answers} answers`)
  })

  it('are numbered in order, for each kind and side', () => {
    const numbering = new IdNumbering()
    const number = (kind: string, id: string | number, side: 'in' | 'out') =>
      numbering.replace(kind, id, side)
    assert.equal(number('request', 17, 'out'), 1)
    assert.equal(number('request', 18, 'out'), 2)
    assert.equal(number('request', 18, 'in'), 1)
    assert.equal(number('request', 17, 'out'), 1)
    assert.equal(number('session', 'x', 'in'), 'session-1')
    assert.equal(number('session', 'y', 'in'), 'session-2')
  })
})

describe('ids in JSON', () => {
  const dialect: Dialect = {
    name: 'acme',
    recognize: [{ host: 'acme.example' }],
    ids: { session: ['$.s', '$.data.json().s', '@.query.s', '@.header.x-session'] },
    messages: [
      {
        when: { '$.op': 'sub' },
        kind: 'subscribe',
        id: '$.id',
        asks: true,
        ids: { topic: '$.topic.split(/)[-1]' },
      },
      { when: { '$.op': 'ok' }, kind: 'ack', id: '$.id', answersTo: true },
      { when: { '$.op': 'done' }, kind: 'event', ids: { answers: '$.of', request: [] }, id: '$.id' },
      { kind: 'event' },
    ],
  }
  const acme = dialectIds(dialect)

  it('are those that a row names, of the side that a request comes from', () => {
    assert.deepEqual(idTexts(acme, '{"op":"sub","id":1,"topic":"a/b"}'), ['request 1 out', 'topic b in'])
    assert.deepEqual(idTexts(acme, '{"op":"ok","id":1,"s":"x"}', { direction: 'in' }), [
      'request 1 out',
      'session x in',
    ])
    assert.deepEqual(idTexts(acme, '{"op":"done","id":1,"of":2}', { direction: 'in' }), ['request 2 out'])
    assert.deepEqual(idTexts(acme, '{"id":1,"s":{}}'), [])
  })

  it('are replaced where they are, and nothing else is', () => {
    const next: ReplaceId = (_, id) => (typeof id === 'number' ? id + 1 : `"${id}\\`)
    assert.equal(
      replaced(acme, ' { "op" : "sub", "id" : 9 ,\t"id": 10, "x":[1e3, "\\u00e9"] }\n', next),
      ' { "op" : "sub", "id" : 9 ,\t"id": 11, "x":[1e3, "\\u00e9"] }\n',
    )
    assert.equal(
      replaced(acme, '{"op":"x","data":"{\\"a\\": \\"\\u00e9\\/\\", \\"s\\":\\"k\\"}"}', next),
      '{"op":"x","data":"{\\"a\\": \\"\\u00e9\\/\\", \\"s\\":\\"\\\\\\"k\\\\\\\\\\"}"}',
    )
    assert.equal(
      replaced(acme, '{"op":"sub","topic":"a\\/b"}', () => 'c"'),
      '{"op":"sub","topic":"a\\/c\\""}',
    )
    // Its digits are kept, although JavaScript would round it.
    const big = '{"op":"sub","id":12345678901234567890}'
    assert.deepEqual(idTexts(acme, big), ['request 12345678901234567890 out'])
    assert.equal(
      replaced(acme, big, () => '12345678901234567891'),
      big.replace('90}', '91}'),
    )
    for (const foreign of ['{"op":"sub","id":1', 'sub', '', '[1]', '"op"'])
      assert.equal(replaced(acme, foreign, next), foreign)
  })

  it('are replaced in URLs and header fields', () => {
    const replace: ReplaceId = (kind, id) => `${kind} ${id}`
    assert.deepEqual(
      acme.replaceInRequest?.(
        { url: 'http://h/a?x=1&s=%C3%A9#f', headers: { 'X-Session': 'k', other: 'k' } },
        replace,
      ),
      {
        url: 'http://h/a?x=1&s=session%20%C3%A9#f',
        headers: { 'X-Session': 'session k', other: 'k' },
      },
    )
    const head = { url: 'http://h/a?x=1', headers: {} }
    assert.equal(acme.replaceInRequest?.(head, replace), head)
    assert.equal(
      protocolOf('sockjs').replaceInRequest?.(
        { url: 'http://h/echo/973/ae10jwr0/xhr_send?t=1', headers: {} },
        replace,
      ).url,
      'http://h/echo/server%20973/session%20ae10jwr0/xhr_send?t=nonce%201',
    )
    assert.equal(
      protocolOf('engine.io').replaceInRequest?.(
        { url: 'http://h/engine.io/?EIO=4&transport=polling&t=abc&sid=k', headers: {} },
        replace,
      ).url,
      'http://h/engine.io/?EIO=4&transport=polling&t=nonce%20abc&sid=session%20k',
    )
    assert.deepEqual(
      protocolOf('mcp').replaceInRequest?.(
        { url: 'http://h/mcp', headers: { 'mcp-session-id': 'k' } },
        replace,
      ).headers,
      { 'mcp-session-id': 'session k' },
    )
  })

  it('are found in the protocol inside SockJS', () => {
    const sockjs = protocolOf('sockjs')
    const splitter = sockjs.splitter({ connection: 1, transport: 'websocket', url: 'ws://h/s/1/x/websocket' })
    const push = (direction: 'in' | 'out', text: string) =>
      splitter.push({ direction, payload: Buffer.from(text) })
    assert.deepEqual(
      push('in', 'o').map(({ protocol }) => protocol.name),
      ['sockjs'],
    )
    push('out', JSON.stringify(['CONNECT\naccept-version:1.2\n\n\0']))
    const packets = push('out', JSON.stringify(['SEND\ndestination:/a\nreceipt:7\n\nhi\0', '\n']))
    assert.deepEqual(
      packets.map(({ protocol, bytes }) => [protocol.name, Buffer.from(bytes).toString()]),
      [
        ['stomp', 'SEND\ndestination:/a\nreceipt:7\n\nhi\0'],
        ['stomp', '\n'],
      ],
    )
    assert.deepEqual(packets.flatMap(idsOf), [{ kind: 'request', id: '7', side: 'out' }])
    const written = sockjs.write(packets, { connection: 1, transport: 'websocket' })
    assert.deepEqual(
      written.map(({ payload }) => JSON.parse(Buffer.from(payload).toString())),
      [['SEND\ndestination:/a\nreceipt:7\n\nhi\0'], ['\n']],
    )
  })
})

describe('packets of STOMP', () => {
  const stream = '\0\r\nSEND\r\nreceipt:1\r\n\r\nhi\0\nSEND\ncontent-length:3\nreceipt:2\n\na\0b\0'
  const expected = ['\0', '\r\n', 'SEND\r\nreceipt:1\r\n\r\nhi\0', '\n']

  it('end where they end, wherever messages do', () => {
    for (let cut = 0; cut <= stream.length; cut++) {
      const splitter = protocolOf('stomp').splitter(WEBSOCKET)
      const packets = [stream.slice(0, cut), stream.slice(cut)].flatMap((text) =>
        splitter.push({ direction: 'out', payload: Buffer.from(text) }),
      )
      assert.deepEqual(
        packets.map(({ bytes }) => Buffer.from(bytes).toString()),
        [...expected, 'SEND\ncontent-length:3\nreceipt:2\n\na\0b\0'],
      )
      assert.deepEqual(
        packets.flatMap(idsOf).map(({ id }) => id),
        ['1', '2'],
      )
    }
  })

  it('are found in linear time, however small messages are', () => {
    assertLinear(
      'headers byte by byte',
      (size) => `SEND\n${'a:b\n'.repeat(size / 4)}`,
      (text) => {
        const splitter = protocolOf('stomp').splitter(WEBSOCKET)
        for (const byte of Buffer.from(text))
          splitter.push({ direction: 'out', payload: Buffer.from([byte]) })
      },
      12_000,
    )
  })
})

describe('ids in binary packets', () => {
  it('are found in the bodies of polls, whose packets can be written again', () => {
    const polling = { url: 'http://h/socket.io/?EIO=4&transport=polling', transport: 'poll' }
    const [event, header] = ['420["a"]', '451-7["b",{"_placeholder":true,"num":0}]']
    const prefixed = [event, header, 'b4AQID', '2'].map((packet) => `${packet.length}:${packet}`).join('')
    for (const [version, body] of [
      [4, [event, header, 'bAQID', '2'].join(RECORD)],
      [3, prefixed],
    ] as const) {
      const url = polling.url.replace('EIO=4', `EIO=${version}`)
      const packets = packetsOf(protocolOf('socket.io'), body, { ...polling, url, binary: false })
      assert.deepEqual(
        packets.map((packet) => idsOf(packet).map(({ id }) => id)),
        [[0], [7], []],
      )
      assert.deepEqual(Buffer.from(packets[1]?.attachments[0] ?? []), Buffer.from([1, 2, 3]))
      const [written] = protocolOf('socket.io').write(packets, { connection: 1, ...polling, url })
      assert.equal(Buffer.from(written?.payload ?? []).toString(), body)
    }
  })

  it('are found in the properties of MQTT 5', () => {
    const mqtt = protocolOf('mqtt')
    const connect = generate({
      cmd: 'connect',
      ...{ protocolId: 'MQTT', protocolVersion: 5, clean: true, clientId: 'me', keepalive: 0 },
    })
    const splitter = mqtt.splitter(WEBSOCKET)
    const push = (direction: 'in' | 'out', packet: Packet | Buffer) => {
      const payload = Buffer.isBuffer(packet) ? packet : generate(packet, { protocolVersion: 5 })
      const [found] = splitter.push({ direction, payload, binary: true })
      assert.ok(found)
      return found
    }
    const texts = (packet: WholePacket) => idsOf(packet).map(({ kind, id, side }) => `${kind} ${id} ${side}`)
    assert.deepEqual(texts(push('out', connect)), ['client me in'])
    const assigned = { assignedClientIdentifier: 'you', topicAliasMaximum: 3 }
    const connack: Packet = { cmd: 'connack', reasonCode: 0, sessionPresent: false, properties: assigned }
    assert.deepEqual(texts(push('in', connack)), ['client you in'])
    const publish: Packet = {
      ...{ cmd: 'publish', topic: 't', payload: 'data', qos: 1, dup: false, retain: false, messageId: 9 },
      properties: {
        ...{ correlationData: Buffer.from([0xff, 0x41]), subscriptionIdentifier: 300 },
        ...{ contentType: 'x', userProperties: { a: 'b' }, messageExpiryInterval: 7 },
      },
    }
    const packet = push('in', publish)
    assert.deepEqual(texts(packet).sort(), ['correlation ÿA in', 'request 9 in', 'subscription 300 in'])
    const other = replaceIds(packet, (_, id) => (typeof id === 'number' ? 2 : 'longer than it was'))
    assert.deepEqual(texts(other).sort(), [
      'correlation longer than it was in',
      'request 2 in',
      'subscription 2 in',
    ])
    assert.deepEqual(Buffer.from(mqtt.parts?.(other)?.data ?? []).toString(), 'data')
    const read: Packet[] = []
    parser({ protocolVersion: 5 })
      .on('packet', (each) => read.push(each))
      .parse(Buffer.from(other.bytes))
    assert.equal(read[0]?.cmd === 'publish' && read[0].messageId, 2)
    const back = replaceIds(other, (kind) => ({ request: 9, subscription: 300, correlation: 'ÿA' })[kind])
    assert.deepEqual(Buffer.from(back.bytes), Buffer.from(packet.bytes))
  })

  it('are found in SignalR with MessagePack', () => {
    const frames = [[1, {}, '12', 'Send', ['x']], [1, {}, null, 'Log', []], [3, {}, '12', 3, 'y'], [6]].map(
      (frame) => {
        const bytes = encode(frame)
        return Buffer.concat([Buffer.from([bytes.length]), bytes])
      },
    )
    const packets = packetsOf(protocolOf('signalr'), Buffer.concat(frames), { direction: 'in' })
    assert.equal(packets.length, 4)
    assert.deepEqual(packets.flatMap(idsOf), [
      { kind: 'request', id: '12', side: 'in' },
      { kind: 'request', id: '12', side: 'out' },
    ])
    const [first] = packets
    assert.ok(first)
    const long = 'x'.repeat(200)
    const other = replaceIds(first, () => long)
    assert.deepEqual(idsOf(other), [{ kind: 'request', id: long, side: 'in' }])
    assert.deepEqual(Buffer.from(replaceIds(other, () => '12').bytes), Buffer.from(first.bytes))
    assert.deepEqual(
      idTexts(
        protocolOf('signalr'),
        `{"type":1,"invocationId":"1","target":"a","arguments":[]}${RECORD}{"type":6}${RECORD}`,
      ),
      ['request 1 out'],
    )
  })

  it('are found in updates of Yjs with any content', () => {
    const [first, second] = [new Y.Doc(), new Y.Doc()]
    first.clientID = 7
    second.clientID = 4_000_000_000
    const text = first.getText('t')
    text.insert(0, 'hello ✓', { bold: true })
    text.insertEmbed(3, { image: 'x' })
    Y.applyUpdate(second, Y.encodeStateAsUpdate(first))
    second.getText('t').insert(2, 'between')
    second.getText('t').delete(0, 1)
    const map = second.getMap('m')
    map.set('any', { a: [1, -2, 1.5, 2n ** 40n, null, undefined, true, false, 'x', new Uint8Array([1])] })
    map.set('bytes', new Uint8Array([1, 2]))
    map.set('type', new Y.XmlElement('p'))
    map.set('document', new Y.Doc({ guid: 'g' }))
    second.getArray('array').insert(0, ['a', 1])
    const update = Y.encodeStateAsUpdate(second)
    const message = Buffer.concat([Buffer.from([0, 2]), lengthOf(update), update])
    const [packet] = packetsOf(protocolOf('yjs'), message)
    assert.ok(packet)
    assert.deepEqual(new Set(idsOf(packet).map(({ id }) => id)), new Set([7, 4_000_000_000]))
    const ids = new Map<unknown, number>([
      [7, 1234567],
      [4_000_000_000, 8],
    ])
    const other = replaceIds(packet, (_, id) => ids.get(id))
    const third = new Y.Doc()
    Y.applyUpdate(third, other.bytes.subarray(other.bytes.length - updateSize(other.bytes)))
    assert.deepEqual(third.getText('t').toDelta(), second.getText('t').toDelta())
    assert.deepEqual(third.getMap('m').get('any'), map.get('any'))
    assert.deepEqual(third.getArray('array').toJSON(), ['a', 1])
    assert.deepEqual([...Y.decodeStateVector(Y.encodeStateVector(third)).keys()].sort(), [1234567, 8].sort())
  })
})

/** An integer in groups of 7 bits, for sizes below 2^14. */
function lengthOf({ length }: Uint8Array): Buffer {
  return length < 128 ? Buffer.from([length]) : Buffer.from([(length % 128) + 128, Math.floor(length / 128)])
}

function updateSize(message: Uint8Array): number {
  const [, , low = 0, high = 0] = message
  return low < 128 ? low : low - 128 + high * 128
}
