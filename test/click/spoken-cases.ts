/** A server for each protocol that is spoken, what to fill in to connect to it, and what to send to it. */
import type { SpokenName } from '../../src/shared/spoken/table.ts'
import * as servers from '../support/protocol-servers.ts'
import { type TalkingPeer, talk } from '../support/talking-peer.ts'

/** Texts by the names of fields; `true` checks a box. */
type Filled = Readonly<Record<string, string | true>>

export interface SpokenCase {
  readonly protocol: SpokenName
  readonly scheme?: 'http'
  readonly path?: string
  readonly options?: Filled
  /** Resolves to the host and port. What a server of this file hears after the handshake is passed on. */
  serve(hear: (message: string) => void): Promise<string>
  /** Forms in order, by their names. */
  readonly forms: readonly (readonly [form: string, fields: Filled])[]
  /** Text of the answer. Without one, what the server has to hear. */
  readonly answer?: string
  readonly heard?: RegExp
}

/** A server of this file: does the handshake, and then passes on what it hears. */
function peer(handshake: (peer: TalkingPeer) => Promise<void> | void): SpokenCase['serve'] {
  return (hear) =>
    talk(async (talking) => {
      await handshake(talking)
      for (;;) hear(String(await talking.hear()))
    })
}

/** Has no handshake. */
const silent = peer(() => {})

export const SPOKEN_CASES: readonly SpokenCase[] = [
  {
    protocol: 'socket.io',
    options: { Namespace: '/admin', Auth: '{"token":"secret"}' },
    serve: () => servers.serveSocketIo(),
    forms: [['Emit Event', { Event: 'sum', Arguments: '[1, 2]', Acknowledgment: true, Namespace: '/admin' }]],
    answer: '43/admin,0[3]',
  },
  {
    protocol: 'engine.io',
    path: '/socket.io/',
    serve: () => servers.serveSocketIo(),
    forms: [['Message', { Text: '0' }]],
    answer: '40{',
  },
  {
    protocol: 'sockjs',
    path: '/echo',
    serve: servers.serveSockJs,
    forms: [['Message', { Text: 'through SockJS' }]],
    answer: 'through SockJS',
  },
  {
    protocol: 'graphql-transport-ws',
    serve: servers.serveGraphqlWs,
    forms: [
      [
        'Operation',
        {
          Query: 'query Hello($name: String) { hello(name: $name) }',
          Variables: '{"name": "Ada"}',
          Operation: 'Hello',
        },
      ],
    ],
    answer: 'hello Ada',
  },
  {
    protocol: 'graphql-ws',
    serve: servers.serveSubscriptionsTransportWs,
    forms: [['Operation', { Query: 'subscription { ticks(to: 3) }' }]],
    answer: '"ticks":3',
  },
  {
    protocol: 'mqtt',
    options: { User: 'ada', Password: 'secret' },
    serve: servers.serveMqtt,
    forms: [
      ['Subscribe', { Topic: 'a/#', QoS: '1' }],
      ['Publish', { Topic: 'a/b', Payload: 'through MQTT', QoS: '1' }],
    ],
    answer: 'through MQTT',
  },
  {
    protocol: 'stomp',
    serve: servers.serveStomp,
    forms: [
      ['Subscribe', { Destination: '/queue/out' }],
      ['Send', { Destination: '/queue/in', Body: 'through STOMP', Headers: '{"content-type":"text/plain"}' }],
    ],
    answer: 'through STOMP',
  },
  {
    protocol: 'wamp',
    serve: servers.serveWamp,
    forms: [['Call', { Procedure: 'sum', Arguments: '[1, 2]' }]],
    answer: '[50,1,{},[3]]',
  },
  {
    protocol: 'json-rpc',
    serve: servers.serveJsonRpc,
    forms: [['Request', { Method: 'sum', Parameters: '[1, 2]' }]],
    answer: '"result":3',
  },
  {
    protocol: 'mcp',
    scheme: 'http',
    serve: servers.serveMcp,
    forms: [['Call Tool', { Name: 'sum', Arguments: '{"a": 1, "b": 2}' }]],
    answer: '1 and 2 are 3',
  },
  {
    protocol: 'nats',
    serve: peer(async (nats) => {
      nats.say(Buffer.from('INFO {"server_id":"a"}\r\n'))
      await nats.hear()
      await nats.hear()
      nats.say(Buffer.from('PONG\r\n'))
    }),
    forms: [['Publish', { Subject: 'news', Payload: 'hello' }]],
    heard: /^PUB news 5\r\nhello\r\n$/,
  },
  {
    protocol: 'signalr',
    serve: peer(async (hub) => {
      await hub.hear()
      hub.say('{}\u001e')
    }),
    forms: [['Invoke', { Method: 'Sum', Arguments: '[1, 2]' }]],
    heard: /^\{"type":1,"invocationId":"1","target":"Sum","arguments":\[1,2\]\}/,
  },
  {
    protocol: 'phoenix',
    serve: silent,
    forms: [['Push', { Topic: 'room:1', Event: 'shout', Payload: '{"body":"hello"}' }]],
    heard: /^\[null,"1","room:1","shout",\{"body":"hello"\}\]$/,
  },
  {
    protocol: 'action-cable',
    serve: peer((cable) => cable.say({ type: 'welcome' })),
    forms: [['Perform Action', { Channel: 'Chat', Action: 'speak', Data: '{"body":"hello"}' }]],
    heard:
      /^\{"command":"message","identifier":"\{\\"channel\\":\\"Chat\\"\}","data":"\{\\"body\\":\\"hello\\",\\"action\\":\\"speak\\"\}"\}$/,
  },
  {
    protocol: 'bayeux',
    serve: peer(async (bayeux) => {
      await bayeux.hear()
      bayeux.say([{ channel: '/meta/handshake', id: '1', successful: true, clientId: 'c', version: '1.0' }])
    }),
    forms: [['Publish', { Channel: '/news', Data: '{"body":"hello"}' }]],
    heard: /^\[\{"channel":"\/news","id":"3","clientId":"c","data":\{"body":"hello"\}\}\]$/,
  },
  {
    protocol: 'trpc',
    serve: silent,
    forms: [['Call', { Kind: 'mutation', Path: 'post.add', Input: '{"title":"a"}' }]],
    heard: /^\{"id":1,"method":"mutation","params":\{"path":"post.add","input":\{"title":"a"\}\}\}$/,
  },
  {
    protocol: 'nes',
    serve: peer(async (nes) => {
      await nes.hear()
      nes.say({ type: 'hello', id: 1, socket: 's' })
    }),
    forms: [['Request', { Method: 'POST', Path: '/orders', Payload: '{"n":1}' }]],
    heard: /^\{"type":"request","id":2,"method":"POST","path":"\/orders","payload":\{"n":1\}\}$/,
  },
  {
    protocol: 'primus',
    serve: silent,
    forms: [['Message', { Data: '{"n":1}' }]],
    heard: /^\{"n":1\}$/,
  },
  {
    protocol: 'ocpp',
    serve: peer(async (central) => {
      await central.hear()
      central.say([3, '1', { status: 'Accepted', interval: 600, currentTime: '2026-01-01T00:00:00Z' }])
    }),
    forms: [['Call', { Action: 'Authorize', Payload: '{"idTag":"a"}' }]],
    heard: /^\[2,"2","Authorize",\{"idTag":"a"\}\]$/,
  },
  {
    protocol: 'pusher',
    path: '/app/key',
    serve: peer((pusher) =>
      pusher.say({ event: 'pusher:connection_established', data: '{"socket_id":"1.2"}' }),
    ),
    forms: [['Event', { Event: 'client-typing', Channel: 'private-a', Data: '{"by":"ada"}' }]],
    heard: /^\{"event":"client-typing","channel":"private-a","data":\{"by":"ada"\}\}$/,
  },
  {
    protocol: 'centrifuge',
    serve: peer(async (centrifuge) => {
      await centrifuge.hear()
      centrifuge.say({ id: 1, connect: { client: 'c', version: '6' } })
    }),
    forms: [['Publish', { Channel: 'news', Data: '{"n":1}' }]],
    heard: /^\{"id":2,"publish":\{"channel":"news","data":\{"n":1\}\}\}$/,
  },
  {
    protocol: 'ddp',
    serve: peer(async (ddp) => {
      await ddp.hear()
      ddp.say({ msg: 'connected', session: 's' })
    }),
    forms: [['Call Method', { Method: 'sum', Parameters: '[1, 2]' }]],
    heard: /"msg":"method".*"method":"sum".*"params":\[1,2\]/,
  },
  {
    protocol: 'home-assistant',
    options: { Token: 'a token' },
    serve: peer(async (home) => {
      home.say({ type: 'auth_required' })
      await home.hear()
      home.say({ type: 'auth_ok' })
    }),
    forms: [['Command', { Type: 'call_service', Fields: '{"domain":"light"}' }]],
    heard: /^\{"id":1,"type":"call_service","domain":"light"\}$/,
  },
  {
    protocol: 'discord',
    options: { Token: 'a token' },
    serve: peer(async (gateway) => {
      gateway.say({ op: 10, d: { heartbeat_interval: 600_000 } })
      await gateway.hear()
      gateway.say({ op: 0, t: 'READY', s: 1, d: {} })
    }),
    forms: [['Command', { Opcode: '3', Data: '{"status":"idle"}' }]],
    heard: /^\{"op":3,"d":\{"status":"idle"\}\}$/,
  },
]
