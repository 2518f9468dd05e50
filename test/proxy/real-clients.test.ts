/** The protocols' own clients and servers work through a recording proxy, and what it records is decoded as without it. */
import assert from 'node:assert/strict'
import { type EventEmitter, once } from 'node:events'
import { createClient } from 'graphql-ws'
import { connectAsync } from 'mqtt'
import ReconnectingWebSocket from 'reconnecting-websocket'
import { io, type Socket } from 'socket.io-client'
import SockJs from 'sockjs-client'
import WebSocket from 'ws'
import { eventually } from '../support/eventually.ts'
import { startSession } from '../support/looking-on.ts'
import { closeServers, serveWebSocket } from '../support/loopback.ts'
import {
  closeProtocolServers,
  serveGraphqlWs,
  serveMqtt,
  serveSocketIo,
  serveSockJs,
} from '../support/protocol-servers.ts'
import { decodedWords, type ProxiedSession, startProxied, stopProxies } from '../support/recorded-proxy.ts'

interface Case {
  readonly title: string
  /** Resolves to `127.0.0.1:PORT`. */
  serve(): Promise<string>
  /** Speaks with a server at `127.0.0.1:PORT`. Rejects if it does not answer as it should. */
  speak(authority: string): Promise<void>
  readonly transport: string
  /** What is decoded if the same cannot be sent without the client, because it names a session of the server. */
  readonly decoded?: readonly string[]
}

const CASES: readonly Case[] = [
  {
    ...{ title: 'Socket.IO over a WebSocket', serve: serveSocketIo, transport: 'websocket' },
    speak: (authority) => speakSocketIo(authority, ['websocket']),
  },
  {
    ...{ title: 'Socket.IO that upgrades from polls', serve: serveSocketIo, transport: 'websocket' },
    speak: (authority) => speakSocketIo(authority, ['polling', 'websocket']),
    decoded: [
      'out engine.io handshake ping probe',
      'in engine.io handshake pong probe',
      'out engine.io handshake upgrade',
      'out socket.io request sum',
      'in socket.io ack sum',
      'out socket.io request greet',
      'in socket.io ack greet',
      'out socket.io close disconnect',
    ],
  },
  { title: 'MQTT over a WebSocket', serve: serveMqtt, speak: speakMqtt, transport: 'websocket' },
  { title: 'graphql-ws', serve: serveGraphqlWs, speak: speakGraphql, transport: 'websocket' },
  {
    ...{ title: 'SockJS over a WebSocket', serve: serveSockJs, transport: 'websocket' },
    speak: (authority) => speakSockJs(authority, 'websocket'),
  },
  {
    ...{ title: 'SockJS over a stream and requests', serve: serveSockJs, transport: 'http-stream' },
    speak: (authority) => speakSockJs(authority, 'xhr-streaming'),
    decoded: [
      'in sockjs handshake prelude',
      'in sockjs handshake open',
      'in sockjs event',
      'in sockjs event',
    ],
  },
]

describe('a recording proxy between real clients and servers', () => {
  afterEach(async () => {
    await stopProxies()
    closeProtocolServers()
    closeServers()
  })

  for (const { title, serve, speak, transport, decoded } of CASES)
    it(`passes and records ${title}`, async () => {
      const authority = await serve()
      const proxied = await startProxied(`http://${authority}`)
      await speak(proxied.authority)
      await eventually(() => assert.equal(proxied.of('close').length, 1))
      assert.deepEqual(
        proxied.of('connect').map((event) => event.transport),
        [transport],
      )
      assert.deepEqual(proxied.of('error'), [])
      const words = await decodedWords(proxied.events)
      assert.deepEqual(words, decoded ?? (await spokenDirectly(authority, proxied)))
    })

  it('records what reconnecting-websocket opens after a cut as the next attempt', async () => {
    const target = await serveWebSocket((socket) => socket.send('welcome'))
    const proxied = await startProxied(new URL(target.replace('ws:', 'http:')).origin)
    const socket = new ReconnectingWebSocket(`ws://${proxied.authority}/feed`, [], {
      ...{ WebSocket, minReconnectionDelay: 10, maxReconnectionDelay: 100 },
    })
    await eventually(() => assert.equal(proxied.texts().length, 1))
    await proxied.handlers.cut({ connection: 1 })
    await eventually(() => assert.equal(proxied.texts().length, 2))
    socket.close()
    await eventually(() => assert.equal(proxied.of('close').length, 2))
    const opened = proxied.of('connect').map(({ connection, attempt }) => [connection, attempt])
    assert.deepEqual(opened, [
      [1, 0],
      [1, 1],
    ])
    assert.equal(proxied.of('close')[1]?.by, 'client')
  })

  it('passes and records Engine.IO with polls alone', async () => {
    const authority = await serveSocketIo()
    const proxied = await startProxied(`http://${authority}`)
    const socket = await openSocketIo(proxied.authority, ['polling'])
    await eventually(() => assert.ok(proxied.of('message').length >= 4))
    socket.disconnect()
    assert.equal(proxied.of('connect')[0]?.transport, 'long-poll')
    assert.deepEqual(proxied.of('error'), [])
  })
})

async function openSocketIo(authority: string, transports: string[]): Promise<Socket> {
  const socket = io(`http://${authority}`, { transports, reconnection: false, forceNew: true })
  await new Promise((resolve, reject) =>
    socket.once('connect', () => resolve(0)).once('connect_error', reject),
  )
  return socket
}

async function speakSocketIo(authority: string, transports: string[]): Promise<void> {
  const socket = await openSocketIo(authority, transports)
  const { engine } = socket.io
  if (engine.transport.name !== 'websocket')
    await new Promise<void>((resolve) => engine.once('upgrade', () => resolve()))
  assert.equal(await socket.emitWithAck('sum', 1, 2), 3)
  assert.equal(await socket.emitWithAck('greet', 'Zoë'), 'hello Zoë')
  socket.disconnect()
}

async function speakMqtt(authority: string): Promise<void> {
  const client = await connectAsync(`ws://${authority}/mqtt`, { clientId: 'test', reconnectPeriod: 0 })
  await client.subscribeAsync('rooms/+', { qos: 1 })
  const received = once(client as unknown as EventEmitter, 'message')
  await client.publishAsync('rooms/1', Buffer.from([0, 255, 1]), { qos: 0 })
  const [topic, payload] = await received
  assert.equal(topic, 'rooms/1')
  assert.deepEqual([...payload], [0, 255, 1])
  await client.endAsync()
}

async function speakGraphql(authority: string): Promise<void> {
  const client = createClient({
    ...{ url: `ws://${authority}/`, webSocketImpl: WebSocket, retryAttempts: 0 },
    ...{ lazy: false, onNonLazyError: () => {} },
  })
  const results: unknown[] = []
  for (const query of ['{ hello(name: "Zoë") }', 'subscription Ticks { ticks(to: 3) }'])
    for await (const { data } of client.iterate({ query })) results.push(data)
  assert.deepEqual(results, [{ hello: 'hello Zoë' }, { ticks: 1 }, { ticks: 2 }, { ticks: 3 }])
  await client.dispose()
}

async function speakSockJs(authority: string, transport: string): Promise<void> {
  const socket = new SockJs(`http://${authority}/echo`, null, { transports: [transport] })
  const texts: string[] = []
  const closed = new Promise<number>((resolve) => {
    socket.onclose = ({ code }) => resolve(code)
  })
  socket.onopen = () => socket.send('one')
  socket.onmessage = ({ data }) => {
    texts.push(data)
    // What arrives within 100 ms may be a plain response.
    if (data === 'one') setTimeout(() => socket.send('Zoë'), 200)
    else socket.close()
  }
  assert.equal(await closed, 1000)
  assert.deepEqual(texts, ['one', 'Zoë'])
}

/** What is decoded if the messages of a client are sent again on a connection of our own, each after as much has been received as then. */
async function spokenDirectly(authority: string, { of }: ProxiedSession): Promise<string[]> {
  const direct = startSession()
  const [start] = of('connect')
  const url = new URL(start?.url ?? '')
  url.host = authority
  const { subprotocols = [] } = start ?? {}
  const connection = direct.hub.connect({ url: url.href, subprotocols, reconnect: 'never' })
  await eventually(() => assert.equal(direct.of('open').length, 1))
  let received = 0
  const inbound = () => direct.of('message').filter(({ direction }) => direction === 'in').length
  for (const { direction, opcode = 'text', payload } of of('message')) {
    if (direction === 'in') await eventually(() => assert.ok(inbound() > received))
    if (direction === 'in') received++
    else connection.send({ opcode, payload })
  }
  await connection.disconnect()
  return await decodedWords(direct.events)
}
