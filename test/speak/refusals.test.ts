/** Handshakes that fail, and heartbeats that stop. */
import assert from 'node:assert/strict'
import { requireSpoken } from '../../src/shared/spoken/check.ts'
import type { SpokenName } from '../../src/shared/spoken/table.ts'
import { closeServers, serveHttp } from '../support/loopback.ts'
import { SpokenSession, textOf } from '../support/spoken.ts'
import { type TalkingPeer, talk } from '../support/talking-peer.ts'

/** How a server refuses, and what is then said. */
const REFUSALS: readonly (readonly [SpokenName, (peer: TalkingPeer) => Promise<void>, RegExp])[] = [
  [
    'socket.io',
    async (peer) => {
      peer.say('0{"sid":"a","upgrades":[],"pingInterval":60000,"pingTimeout":1000}')
      await peer.hear()
      peer.say('44{"message":"not authorized"}')
    },
    /^The server refused the namespace \/: not authorized; check the namespace and the option auth\.$/,
  ],
  [
    'mqtt',
    async (peer) => {
      await peer.hear()
      peer.say(Uint8Array.of(0x20, 2, 0, 5))
    },
    /^The broker refused CONNECT: not authorized; check the options username, password and version\.$/,
  ],
  [
    'stomp',
    async (peer) => {
      await peer.hear()
      peer.say('ERROR\nmessage:Bad CONNECT\n\nAccess refused\0')
    },
    /^The broker refused CONNECT: Bad CONNECT; check the options login, passcode and host\.$/,
  ],
  [
    'wamp',
    async (peer) => {
      await peer.hear()
      peer.say([3, { message: 'no realm' }, 'wamp.error.no_such_realm'])
    },
    /^The router refused the session: wamp\.error\.no_such_realm no realm; check the options realm and authid/,
  ],
  [
    'wamp',
    async (peer) => {
      await peer.hear()
      peer.say([4, 'ticket', {}])
    },
    /^The router asks for authentication by ticket; set the option ticket or secret\.$/,
  ],
  [
    'signalr',
    async (peer) => {
      await peer.hear()
      peer.say('{"error":"unknown protocol"}\u001e')
    },
    /^The hub refused the handshake: unknown protocol; check the option format\.$/,
  ],
  [
    'signalr',
    async (peer) => {
      await peer.hear()
      peer.say('hello')
    },
    /^The signalr handshake failed: its answer is not a JSON object: hello; check that the server speaks it\.$/,
  ],
  [
    'bayeux',
    async (peer) => {
      await peer.hear()
      peer.say([{ channel: '/meta/handshake', successful: false }])
    },
    /^The server refused the handshake: no reason; check its extensions and the URL\.$/,
  ],
  [
    'graphql-ws',
    async (peer) => {
      await peer.hear()
      peer.say({ type: 'connection_error', payload: { message: 'no token' } })
    },
    /^The server refused connection_init: \{"message":"no token"\}; check the option connectionParams\.$/,
  ],
  [
    'engine.io',
    async (peer) => peer.say('0nonsense'),
    /^The engine\.io handshake failed: the open packet of Engine\.IO has no session: nonsense; check that the server speaks it\.$/,
  ],
  [
    'nes',
    async (peer) => {
      await peer.hear()
      peer.say({ type: 'hello', id: 1, statusCode: 401, payload: { message: 'Unauthorized' } })
    },
    /^The server refused hello: Unauthorized; check the options auth and subscription\.$/,
  ],
]

describe('a handshake', () => {
  afterEach(closeServers)

  for (const [protocol, refuse, sentence] of REFUSALS) {
    it(`of ${protocol} that is refused fails with a sentence: ${sentence.source.slice(1, 60)}`, async () => {
      const session = new SpokenSession()
      const host = await talk(refuse)
      const connection = session.connect({ url: `ws://${host}/`, protocol, reconnect: 'backoff' })
      const outcome = await connection.done
      assert.equal(outcome.end, 'failed')
      assert.match(outcome.reason, sentence)
      assert.equal(connection.status().state, 'failed')
    })
  }

  it('that is never answered fails, unless the user asks for other attempts', async () => {
    const session = new SpokenSession()
    const host = await talk(async () => {})
    const connection = session.hub.connect({ url: `ws://${host}/`, protocol: 'wamp', timeout: 200 })
    assert.deepEqual(await connection.done, {
      end: 'failed',
      reason: 'The server did not send WELCOME within 200 ms; check that it speaks wamp.',
    })
  })

  it('fails if the server closes instead of answering, also normally', async () => {
    const session = new SpokenSession()
    const host = await talk(async (peer) => {
      await peer.hear()
      peer.close(1000, 'not here')
    })
    const connection = session.hub.connect({ url: `ws://${host}/`, protocol: 'wamp' })
    const reason =
      'The server closed the connection (1000 not here) before it sent WELCOME; check the URL and the options of wamp.'
    assert.deepEqual(await connection.done, { end: 'failed', reason })
    assert.deepEqual(session.errors(1), [reason])
  })

  it('fails on a transport that cannot send', async () => {
    const session = new SpokenSession()
    const url = await serveHttp((_request, response) => {
      response.writeHead(200, { 'Content-Type': 'text/event-stream' })
      response.flushHeaders()
    })
    const outcome = await session.connect({ url, transport: 'sse', protocol: 'mqtt' }).done
    assert.deepEqual(outcome, { end: 'failed', reason: 'sse only receives; connect by WebSocket to send.' })
  })

  it('that is not answered in time is made again if the user asks for it', async () => {
    const session = new SpokenSession()
    const host = await talk(async () => {})
    const connection = session.connect({
      ...{ url: `ws://${host}/`, protocol: 'wamp', timeout: 200 },
      ...{ reconnect: 10, maxAttempts: 2 },
    })
    await connection.done
    const sentence = 'The server did not send WELCOME within 200 ms; check that it speaks wamp.'
    assert.deepEqual(session.errors(1).slice(0, 3), [sentence, sentence, sentence])
  })

  it('is made again, by a new speaker, if the heartbeats stop', async () => {
    const session = new SpokenSession()
    const host = await talk(async (peer) => {
      peer.say('0{"sid":"a","upgrades":[],"pingInterval":50,"pingTimeout":50}')
      assert.equal(await peer.hear(), '40')
      peer.say('40{"sid":"b"}')
    })
    const connection = session.connect({ url: `http://${host}`, protocol: 'socket.io', reconnect: 10 })
    await session.until(() => session.messages(1).filter((each) => textOf(each) === '40').length === 3)
    assert.match(
      session.errors(1)[0] ?? '',
      /^The server sent nothing for 100 ms, the ping interval and timeout/,
    )
    await connection.disconnect()
  })

  it('needs a protocol and options that exist', () => {
    const { hub } = new SpokenSession()
    const refusal = (protocol: string, protocolOptions: Readonly<Record<string, unknown>>) => () =>
      hub.connect({ url: 'ws://127.0.0.1:1/', protocol, protocolOptions })
    assert.throws(
      refusal('telnet', {}),
      /^Failure: The protocol telnet cannot be spoken; use one of socket\.io, /,
    )
    assert.throws(refusal('wamp', { relm: 'a' }), /^Failure: wamp has no option relm; use realm, /)
    assert.throws(refusal('slack', { a: 1 }), /^Failure: slack has no option a; it has none\.$/)
    assert.throws(
      refusal('mqtt', { keepalive: 'a' }),
      /^Failure: The option keepalive of mqtt must be a number from 0\.$/,
    )
    assert.throws(
      refusal('mqtt', { version: 7 }),
      /^Failure: The option version of mqtt must be one of 3, 4, 5\.$/,
    )
    assert.throws(
      refusal('socket.io', { auth: '{"token' }),
      /^Failure: The option auth of socket\.io must be JSON\.$/,
    )
    // A list may contain any text.
    assert.doesNotThrow(() => requireSpoken('socket.io', { auth: ['[a', '{b'] }))
    assert.throws(refusal('signalr', { format: 'xml' }), /must be one of json, messagepack\.$/)
    assert.throws(refusal('discord', {}), /^Failure: discord needs the option token: the token\.$/)
  })
})
