/**
 * Connections to the protocols' own servers. Each stays open for a minute in which a silent client is dropped, all at the
 * same time. Then it sends what a form composes, and gets the answer.
 */
import assert from 'node:assert/strict'
import { setTimeout as delay } from 'node:timers/promises'
import mqttPacket from 'mqtt-packet'
import messagePackParser from 'socket.io-msgpack-parser'
import type { OutboundMessage } from '../../src/shared/spec.ts'
import type { SpokenName } from '../../src/shared/spoken/table.ts'
import type { TransportName } from '../../src/shared/transports.ts'
import type { Connection } from '../../src/transport/connection.ts'
import * as servers from '../support/protocol-servers.ts'
import { SpokenSession, textOf } from '../support/spoken.ts'

const MINUTE = 60_000
const { BEAT } = servers

interface Case {
  readonly protocol: SpokenName
  /** What tells it from another case of the protocol. */
  readonly title?: string
  readonly path?: string
  readonly transport?: TransportName
  readonly options?: Readonly<Record<string, unknown>>
  serve(): Promise<string>
  /** The least number of messages that the protocol sends in the minute. */
  readonly sends: number
  /** A client that does the handshake by hand, and no heartbeats. Absent if the server keeps such a client. */
  readonly silent?: {
    readonly path?: string
    readonly subprotocols?: readonly string[]
    readonly messages?: readonly OutboundMessage[]
  }
  /** Forms in order, and what an answer to the last one matches. */
  readonly forms: readonly (readonly [form: string, values: Readonly<Record<string, unknown>>])[]
  readonly answer: RegExp
}

const utf8 = (text: string): OutboundMessage => ({ opcode: 'text', payload: Buffer.from(text) })
/** Heartbeats of half a minute: a busy machine may be late. */
const BEATS = MINUTE / BEAT / 2

const CASES: readonly Case[] = [
  {
    protocol: 'socket.io',
    options: { namespace: ['/', '/admin'], auth: { token: 'secret' } },
    serve: servers.serveSocketIo,
    sends: BEATS,
    silent: { path: '/socket.io/?EIO=4&transport=websocket', messages: [utf8('40')] },
    forms: [['emit', { event: 'sum', args: [1, 2], ack: true, namespace: '/admin' }]],
    answer: /^43\/admin,0\[3\]$/,
  },
  {
    protocol: 'socket.io',
    title: ' by polling',
    transport: 'long-poll',
    serve: servers.serveSocketIo,
    sends: BEATS,
    forms: [['emit', { event: 'sum', args: [1, 2], ack: true }]],
    answer: /^430\[3\]$/,
  },
  {
    protocol: 'socket.io',
    title: ' in MessagePack',
    options: { parser: 'msgpack', namespace: '/admin', auth: { token: 'secret' } },
    serve: () => servers.serveSocketIo(messagePackParser),
    sends: BEATS,
    forms: [['emit', { event: 'sum', args: ['he', 'llo'], ack: true, namespace: '/admin' }]],
    answer: /data.*hello/s,
  },
  {
    protocol: 'engine.io',
    path: '/socket.io/',
    serve: servers.serveSocketIo,
    sends: BEATS,
    silent: { path: '/socket.io/?EIO=4&transport=websocket' },
    forms: [['message', { text: '0' }]],
    answer: /^40\{"sid":/,
  },
  {
    protocol: 'sockjs',
    path: '/echo',
    serve: servers.serveSockJs,
    sends: 0,
    forms: [['message', { text: 'a "text"' }]],
    answer: /^a\["a \\"text\\""\]$/,
  },
  {
    protocol: 'graphql-transport-ws',
    serve: servers.serveGraphqlWs,
    sends: 1,
    silent: { subprotocols: ['graphql-transport-ws'] },
    forms: [
      [
        'operation',
        { query: 'query Q($n: String) { hello(name: $n) }', variables: { n: 'Ada' }, operationName: 'Q' },
      ],
    ],
    answer: /"id":"1".*"hello Ada"/,
  },
  {
    protocol: 'graphql-ws',
    serve: servers.serveSubscriptionsTransportWs,
    sends: 1,
    forms: [['operation', { query: 'subscription { ticks(to: 3) }' }]],
    answer: /"ticks":3/,
  },
  ...([3, 4] as const).map(
    (version): Case => ({
      protocol: 'mqtt',
      title: ` ${version}`,
      options: { version, keepalive: BEAT / 1000, username: 'ada', password: 'secret' },
      serve: servers.serveMqtt,
      sends: BEATS,
      silent: {
        subprotocols: ['mqtt'],
        messages: [
          {
            opcode: 'binary',
            payload: mqttPacket.generate({
              ...{ cmd: 'connect', protocolId: 'MQTT', protocolVersion: 4, clean: true },
              ...{ clientId: `silent-${version}`, keepalive: BEAT / 1000 },
            }),
          },
        ],
      },
      forms: [
        ['subscribe', { topic: 'a/#', qos: 2 }],
        ['publish', { topic: 'a/b', payload: 'hello', qos: 2 }],
      ],
      // The broker writes the parts of a packet as messages of their own.
      answer: /^hello$/,
    }),
  ),
  {
    protocol: 'stomp',
    options: { heartbeat: BEAT },
    serve: servers.serveStomp,
    sends: BEATS,
    silent: {
      subprotocols: ['v12.stomp'],
      messages: [utf8(`CONNECT\naccept-version:1.2\nhost:a\nheart-beat:${BEAT},${BEAT}\n\n\0`)],
    },
    forms: [
      ['subscribe', { destination: '/queue/out' }],
      ['send', { destination: '/queue/in', body: 'hello', headers: { 'content-type': 'text/plain' } }],
    ],
    answer: /^MESSAGE\n\p{Any}*\n\nhello\0/u,
  },
  {
    protocol: 'wamp',
    serve: servers.serveWamp,
    sends: 1,
    silent: { subprotocols: ['wamp.2.json'] },
    forms: [['call', { procedure: 'sum', args: [1, 2] }]],
    answer: /^\[50,1,\{\},\[3\]\]$/,
  },
  {
    protocol: 'mcp',
    serve: servers.serveMcp,
    // The handshake, and the answers to pings.
    sends: 3 + BEATS,
    forms: [['tool', { name: 'sum', arguments: { a: 1, b: 2 } }]],
    answer: /"1 and 2 are 3"/,
  },
  {
    protocol: 'json-rpc',
    serve: servers.serveJsonRpc,
    sends: 0,
    forms: [['request', { method: 'sum', params: [1, 2] }]],
    answer: /"id":1,"result":3/,
  },
]

interface Running {
  readonly session: SpokenSession
  readonly connection: Connection
  readonly silent: Connection | undefined
}

async function start({ protocol, path = '', transport, options, serve, silent }: Case): Promise<Running> {
  const session = new SpokenSession()
  const host = await serve()
  const connection = session.connect({
    url: `${transport === 'long-poll' || protocol === 'mcp' ? 'http' : 'ws'}://${host}${path}`,
    protocol,
    ...(transport !== undefined && { transport }),
    ...(options !== undefined && { protocolOptions: options }),
  })
  await session.untilReady(connection)
  if (silent === undefined) return { session, connection, silent: undefined }
  const { subprotocols } = silent
  const other = session.connect({
    url: `ws://${host}${silent.path ?? path}`,
    ...(subprotocols && { subprotocols }),
  })
  await session.until(() => other.status().state === 'open')
  for (const message of silent.messages ?? []) other.send(message)
  return { session, connection, silent: other }
}

describe('a connection that speaks a protocol', function () {
  this.timeout(MINUTE * 3)
  const running = new Map<Case, Running>()

  before(async () => {
    await Promise.all(CASES.map(async (each) => running.set(each, await start(each))))
    await delay(MINUTE)
  })

  after(servers.closeProtocolServers)

  for (const each of CASES) {
    const { protocol, title = '', sends, forms, answer } = each
    it(`stays open for a minute: ${protocol}${title}`, async () => {
      const { session, connection, silent } = running.get(each) ?? assert.fail('it did not start')
      assert.deepEqual(session.errors(connection.id), [])
      assert.deepEqual(connection.status().state, 'open')
      await session.until(() => session.automatic(connection.id).length >= sends)
      if (silent !== undefined) {
        // Whether it has been dropped by now is up to the server; that it will be is not.
        await silent.done
        assert.ok(['closed', 'failed'].includes(silent.status().state))
        assert.ok(
          session.events.some(
            (event) => event.type === 'close' && event.connection === silent.id && event.by !== 'client',
          ),
        )
      }
      for (const [form, values] of forms)
        for (const message of session.hub.compose(connection.id, form, values)) connection.send(message)
      await session.until(() =>
        session
          .messages(connection.id)
          .some((message) => message.direction === 'in' && answer.test(textOf(message))),
      )
      await connection.disconnect()
      assert.deepEqual(session.errors(connection.id), [])
    })
  }
})
