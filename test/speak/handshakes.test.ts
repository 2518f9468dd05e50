/** Handshakes and heartbeats of protocols, as their specifications have them. Intervals are the shortest that are kept. */
import assert from 'node:assert/strict'
import { encode } from '@msgpack/msgpack'
import mqttPacket, { type IConnectPacket, type Packet } from 'mqtt-packet'
import { SPOKEN_NAMES, type SpokenName } from '../../src/shared/spoken/table.ts'
import { closeServers } from '../support/loopback.ts'
import { SpokenSession } from '../support/spoken.ts'
import { type TalkingPeer, talk } from '../support/talking-peer.ts'

interface Case {
  readonly protocol: SpokenName
  readonly title?: string
  readonly path?: string
  readonly options?: Readonly<Record<string, unknown>>
  /** The path that is asked for. */
  readonly asks?: string
  readonly subprotocols?: string
  talk(peer: TalkingPeer): Promise<void>
}

const CASES: readonly Case[] = [
  {
    protocol: 'engine.io',
    title: 'version 3, in which the client pings',
    path: '/?EIO=3',
    asks: '/engine.io/?EIO=3&transport=websocket',
    async talk(peer) {
      peer.say('0{"sid":"a","upgrades":[],"pingInterval":100,"pingTimeout":1000}')
      for (let beat = 0; beat < 3; beat++) {
        assert.equal(await peer.hear(), '2')
        peer.say('3')
      }
    },
  },
  {
    protocol: 'socket.io',
    title: 'version 2, which connects to the default namespace by itself',
    path: '/?EIO=3',
    options: { namespace: ['/', '/admin?token=a'] },
    async talk(peer) {
      peer.say('0{"sid":"a","upgrades":[],"pingInterval":60000,"pingTimeout":1000}')
      peer.say('40')
      assert.equal(await peer.hear(), '40/admin?token=a,')
      peer.say('40/admin,')
    },
  },
  {
    protocol: 'graphql-transport-ws',
    subprotocols: 'graphql-transport-ws',
    options: { connectionParams: { token: 'a' }, keepAlive: 100 },
    async talk(peer) {
      assert.deepEqual(await peer.hearJson(), { type: 'connection_init', payload: { token: 'a' } })
      peer.say({ type: 'connection_ack' })
      assert.deepEqual(await peer.hearJson(), { type: 'ping' })
      peer.say({ type: 'ping', payload: { n: 1 } })
      assert.deepEqual(await peer.hearJson(), { type: 'pong', payload: { n: 1 } })
    },
  },
  {
    protocol: 'mqtt',
    title: 'version 5, in which the broker names the keep-alive',
    subprotocols: 'mqtt',
    options: { version: 5, clientId: 'a', username: 'ada', password: 'secret', keepalive: 60 },
    async talk(peer) {
      const version = { protocolVersion: 5 } as const
      const packets: Packet[] = []
      const parser = mqttPacket.parser(version).on('packet', (packet) => packets.push(packet))
      const hear = async () => {
        parser.parse(Buffer.from((await peer.hear()) as Buffer))
        return packets.shift()
      }
      const say = (packet: Packet) => peer.say(mqttPacket.generate(packet, version))
      const connect = (await hear()) as IConnectPacket
      assert.deepEqual([connect.protocolVersion, connect.clientId, connect.username], [5, 'a', 'ada'])
      say({ cmd: 'connack', reasonCode: 0, sessionPresent: false, properties: { serverKeepAlive: 1 } })
      say({ cmd: 'publish', topic: 't', payload: 'p', qos: 1, messageId: 7, dup: false, retain: false })
      assert.deepEqual(summary(await hear()), ['puback', 7])
      say({ cmd: 'publish', topic: 't', payload: 'p', qos: 2, messageId: 8, dup: false, retain: false })
      assert.deepEqual(summary(await hear()), ['pubrec', 8])
      say({ cmd: 'pubrel', messageId: 8 })
      assert.deepEqual(summary(await hear()), ['pubcomp', 8])
      assert.deepEqual(summary(await hear()), ['pingreq', undefined])
    },
  },
  {
    protocol: 'wamp',
    title: 'with a challenge',
    subprotocols: 'wamp.2.json',
    options: { authid: 'ada', secret: 'secret' },
    async talk(peer) {
      const hello = (await peer.hearJson()) as [number, string, { authmethods: string[]; authid: string }]
      assert.deepEqual(
        [hello[0], hello[1], hello[2].authid, hello[2].authmethods],
        [1, 'realm1', 'ada', ['wampcra']],
      )
      peer.say([4, 'wampcra', { challenge: 'nonce', salt: 'salt', iterations: 100, keylen: 32 }])
      // Computed with Python's hashlib and hmac.
      assert.deepEqual(await peer.hearJson(), [5, '8GLEpgko9+KxMvqEVC+uMXmPZdrz17P/Zf6TAR3xO9g=', {}])
      peer.say([2, 1, { roles: {} }])
    },
  },
  {
    protocol: 'nats',
    options: { username: 'ada', password: 'secret' },
    async talk(peer) {
      peer.say(Buffer.from('INFO {"server_id":"a"}\r\n'))
      const connect = String(await peer.hear())
      assert.match(connect, /^CONNECT \{.*"user":"ada","pass":"secret"\}\r\n$/)
      assert.equal(String(await peer.hear()), 'PING\r\n')
      peer.say(Buffer.from('PONG\r\nMSG a 1 6\r\nPIN'))
      // What looks like an operation is the payload of a message.
      peer.say(Buffer.from('G\r\n\r\nPI'))
      peer.say(Buffer.from('NG\r\n'))
      assert.equal(String(await peer.hear()), 'PONG\r\n')
    },
  },
  {
    protocol: 'signalr',
    options: { keepAlive: 100 },
    async talk(peer) {
      assert.equal(await peer.hear(), '{"protocol":"json","version":1}\u001e')
      peer.say('{}\u001e{"type":6}\u001e')
      assert.equal(await peer.hear(), '{"type":6}\u001e')
      assert.equal(await peer.hear(), '{"type":6}\u001e')
    },
  },
  {
    protocol: 'signalr',
    title: 'in MessagePack',
    options: { format: 'messagepack', keepAlive: 100, token: 'a' },
    asks: '/?access_token=a',
    async talk(peer) {
      assert.equal(await peer.hear(), '{"protocol":"messagepack","version":1}\u001e')
      peer.say(Buffer.from('{}\u001e'))
      const ping = encode([6])
      assert.deepEqual(await peer.hear(), Buffer.from([ping.length, ...ping]))
    },
  },
  {
    protocol: 'phoenix',
    path: '/live/',
    options: { topic: ['room:1', 'room:2'], payload: { a: 1 }, heartbeat: 100 },
    asks: '/live/websocket?vsn=2.0.0',
    async talk(peer) {
      assert.deepEqual(await peer.hearJson(), ['1', '1', 'room:1', 'phx_join', { a: 1 }])
      assert.deepEqual(await peer.hearJson(), ['2', '2', 'room:2', 'phx_join', { a: 1 }])
      peer.say(['1', '1', 'room:1', 'phx_reply', { status: 'ok', response: {} }])
      for (const ref of ['3', '4']) {
        assert.deepEqual(await peer.hearJson(), [null, ref, 'phoenix', 'heartbeat', {}])
        peer.say([null, ref, 'phoenix', 'phx_reply', { status: 'ok', response: {} }])
      }
    },
  },
  {
    protocol: 'phoenix',
    title: 'with objects',
    path: '/socket/websocket?vsn=1.0.0',
    options: { heartbeat: 100 },
    async talk(peer) {
      assert.deepEqual(await peer.hearJson(), {
        ...{ topic: 'phoenix', event: 'heartbeat', payload: {}, ref: '1', join_ref: null },
      })
    },
  },
  {
    protocol: 'action-cable',
    options: { channel: ['Chat', { channel: 'Room', id: 1 }] },
    asks: '/cable',
    subprotocols: 'actioncable-v1-json,actioncable-unsupported',
    async talk(peer) {
      peer.say({ type: 'welcome' })
      const chat = '{"channel":"Chat"}'
      const room = '{"channel":"Room","id":1}'
      assert.deepEqual(await peer.hearJson(), { command: 'subscribe', identifier: chat })
      assert.deepEqual(await peer.hearJson(), { command: 'subscribe', identifier: room })
      peer.say({ type: 'confirm_subscription', identifier: chat })
      peer.say({ type: 'confirm_subscription', identifier: room })
    },
  },
  {
    protocol: 'bayeux',
    options: { channel: '/news' },
    async talk(peer) {
      const [handshake] = (await peer.hearJson()) as [{ channel: string; version: string }]
      assert.deepEqual([handshake.channel, handshake.version], ['/meta/handshake', '1.0'])
      peer.say([{ channel: '/meta/handshake', id: '1', successful: true, clientId: 'c', version: '1.0' }])
      assert.deepEqual(await peer.hearJson(), [
        { channel: '/meta/subscribe', id: '2', clientId: 'c', subscription: '/news' },
      ])
      for (const id of ['3', '4']) {
        assert.deepEqual(await peer.hearJson(), [
          { channel: '/meta/connect', id, clientId: 'c', connectionType: 'websocket' },
        ])
        peer.say([{ channel: '/meta/connect', id, successful: true, clientId: 'c' }])
      }
    },
  },
  {
    protocol: 'trpc',
    options: { connectionParams: { token: 'a' } },
    asks: '/?connectionParams=1',
    async talk(peer) {
      assert.deepEqual(await peer.hearJson(), { method: 'connectionParams', data: { token: 'a' } })
      peer.say('PING')
      assert.equal(await peer.hear(), 'PONG')
    },
  },
  {
    protocol: 'nes',
    options: { auth: { headers: { authorization: 'a' } }, subscription: '/news' },
    async talk(peer) {
      assert.deepEqual(await peer.hearJson(), {
        ...{ type: 'hello', id: 1, version: '2' },
        ...{ auth: { headers: { authorization: 'a' } }, subs: ['/news'] },
      })
      peer.say({ type: 'hello', id: 1, heartbeat: { interval: 15_000, timeout: 5000 }, socket: 's' })
      peer.say({ type: 'ping' })
      assert.deepEqual(await peer.hearJson(), { type: 'ping', id: 2 })
    },
  },
  {
    protocol: 'primus',
    asks: '/primus',
    async talk(peer) {
      peer.say(JSON.stringify('primus::ping::17'))
      assert.equal(await peer.hearJson(), 'primus::pong::17')
    },
  },
  {
    protocol: 'ocpp',
    subprotocols: 'ocpp1.6',
    async talk(peer) {
      assert.deepEqual(await peer.hearJson(), [
        ...[2, '1', 'BootNotification'],
        { chargePointVendor: 'Realtime Inspector', chargePointModel: 'Test' },
      ])
      peer.say([3, '1', { status: 'Accepted', interval: 0.1, currentTime: '2026-01-01T00:00:00Z' }])
      assert.deepEqual(await peer.hearJson(), [2, '2', 'Heartbeat', {}])
    },
  },
  {
    protocol: 'pusher',
    path: '/app/key',
    options: { channel: ['news', { channel: 'private-a', auth: 'k:s' }] },
    asks: '/app/key?protocol=7&client=js&version=8.4.0',
    async talk(peer) {
      peer.say({ event: 'pusher:connection_established', data: '{"socket_id":"1.2","activity_timeout":0.1}' })
      assert.deepEqual(await peer.hearJson(), { event: 'pusher:subscribe', data: { channel: 'news' } })
      assert.deepEqual(await peer.hearJson(), {
        event: 'pusher:subscribe',
        data: { channel: 'private-a', auth: 'k:s' },
      })
      assert.deepEqual(await peer.hearJson(), { event: 'pusher:ping', data: {} })
      peer.say({ event: 'pusher:ping' })
      assert.deepEqual(await peer.hearJson(), { event: 'pusher:pong', data: {} })
    },
  },
  {
    protocol: 'centrifuge',
    options: { token: 'a', channel: 'news' },
    asks: '/connection/websocket',
    async talk(peer) {
      assert.deepEqual(await peer.hearJson(), { id: 1, connect: { token: 'a' } })
      peer.say('{"id":1,"connect":{"client":"c","version":"6","ping":25,"pong":true}}\n{}')
      assert.deepEqual(await peer.hearJson(), { id: 2, subscribe: { channel: 'news' } })
      assert.deepEqual(await peer.hearJson(), {})
    },
  },
  {
    protocol: 'ddp',
    asks: '/websocket',
    async talk(peer) {
      assert.deepEqual(await peer.hearJson(), {
        msg: 'connect',
        version: '1',
        support: ['1', 'pre2', 'pre1'],
      })
      peer.say({ msg: 'connected', session: 's' })
      peer.say({ msg: 'ping', id: 'a' })
      assert.deepEqual(await peer.hearJson(), { msg: 'pong', id: 'a' })
    },
  },
  {
    protocol: 'home-assistant',
    options: { token: 'a' },
    asks: '/api/websocket',
    async talk(peer) {
      peer.say({ type: 'auth_required', ha_version: '2026.1' })
      assert.deepEqual(await peer.hearJson(), { type: 'auth', access_token: 'a' })
      peer.say({ type: 'auth_ok' })
    },
  },
  {
    protocol: 'discord',
    options: { token: 'a', intents: 512 },
    asks: '/?v=10&encoding=json',
    async talk(peer) {
      peer.say({ op: 10, d: { heartbeat_interval: 100 } })
      const identify = (await peer.hearJson()) as { op: number; d: { token: string; intents: number } }
      assert.deepEqual([identify.op, identify.d.token, identify.d.intents], [2, 'a', 512])
      peer.say({ op: 0, t: 'READY', s: 7, d: {} })
      for (let beat = 0; beat < 2; beat++) {
        assert.deepEqual(await peer.hearJson(), { op: 1, d: 7 })
        peer.say({ op: 11 })
      }
    },
  },
  {
    protocol: 'slack',
    async talk(peer) {
      peer.say({ type: 'hello', num_connections: 1 })
      peer.say({ type: 'events_api', envelope_id: 'e1', payload: {} })
      assert.deepEqual(await peer.hearJson(), { envelope_id: 'e1' })
    },
  },
]

function summary(packet: Packet | undefined) {
  return [packet?.cmd, packet?.messageId]
}

/** They are spoken with their own servers, or have no handshake. */
const ELSEWHERE: readonly SpokenName[] = ['sockjs', 'graphql-ws', 'stomp', 'json-rpc', 'mcp']

describe('a handshake', () => {
  afterEach(closeServers)

  for (const { protocol, title, path = '/', options, asks, subprotocols, talk: conversation } of CASES) {
    it(`of ${protocol}${title === undefined ? '' : ` ${title}`}`, async () => {
      const session = new SpokenSession()
      let request: TalkingPeer['request'] | undefined
      let host = ''
      const talked = new Promise<void>((resolve, reject) => {
        void talk(async (peer) => {
          request = peer.request
          await conversation(peer)
          resolve()
        }, reject).then((address) => {
          host = address
          session.connect({
            url: `http://${host}${path}`,
            protocol,
            ...(options !== undefined && { protocolOptions: options }),
          })
        })
      })
      await talked
      const connection = session.hub.get(1)
      await session.untilReady(connection)
      if (asks !== undefined) assert.equal(request?.url, asks)
      if (subprotocols !== undefined) assert.equal(request?.headers['sec-websocket-protocol'], subprotocols)
      const sent = session.messages(1).filter(({ direction }) => direction === 'out')
      assert.ok(sent.every(({ automatic }) => automatic === 'protocol'))
      await connection.disconnect()
      assert.deepEqual(session.errors(1), [])
    })
  }

  it('of every protocol is tested', () => {
    const tested = new Set([...CASES.map(({ protocol }) => protocol), ...ELSEWHERE])
    assert.deepEqual(
      SPOKEN_NAMES.filter((name) => !tested.has(name)),
      [],
    )
  })
})
