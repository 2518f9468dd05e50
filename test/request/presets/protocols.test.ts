/** Presets of protocols, with the protocols' own servers where there are some: what comes, and what a reconnect repeats. */
import assert from 'node:assert/strict'
import { WebSocket } from 'ws'
import {
  closeProtocolServers,
  serveGraphqlWs,
  serveMqtt,
  serveSocketIo,
  serveStomp,
} from '../../support/protocol-servers.ts'
import {
  ACTION_CABLE,
  HOME_ASSISTANT,
  PHOENIX,
  SIGNALR,
  type WebSocketApi,
  WebSocketStandIn,
} from '../../support/stand-ins/web-sockets.ts'
import { serveResumableMcp } from './mcp-server.ts'
import { PresetRun } from './preset-run.ts'

describe('presets of protocols', () => {
  let run: PresetRun

  beforeEach(() => {
    run = new PresetRun()
  })
  afterEach(async () => {
    await run.close()
    closeProtocolServers()
  })

  /** Waits for a message that matches. */
  async function gets(pattern: RegExp): Promise<void> {
    for (let count = 1; !(await run.texts()).some((text) => pattern.test(text)); count++)
      await run.received(count)
  }

  it('emit an event to Socket.IO, which acknowledges it', async () => {
    await run.start('socket.io', { socket_io: `ws://${await serveSocketIo()}`, socket_io_event: 'greet' })
    await gets(/^430\["hello world"\]$/)
  })

  it('subscribe in GraphQL', async () => {
    await run.start('graphql-subscription', {
      graphql: `ws://${await serveGraphqlWs()}/`,
      graphql_subscription: 'ticks(to: 3)',
    })
    await gets(/"ticks":3/)
  })

  it('subscribe to topics of an MQTT broker', async () => {
    const host = await serveMqtt()
    await run.start('mqtt', { mqtt: `ws://${host}/mqtt`, mqtt_topic: 'news/#' })
    // CONNACK and SUBACK
    await run.received(2)
    assert.equal(run.status.messagesOut, 2)
    assert.deepEqual(await run.of('error'), [])
  })

  it('subscribe to a destination of a STOMP broker', async () => {
    const host = await serveStomp()
    await run.start('stomp', { stomp: `ws://${host}/`, stomp_destination: '/queue/out' })
    await run.received(1)
    await run.until(({ messagesOut }) => messagesOut >= 2)
    const other = new WebSocket(`ws://${host}/`, 'v12.stomp')
    other.on('open', () => {
      other.send('CONNECT\naccept-version:1.2\nhost:a\n\n\0')
      other.send('SEND\ndestination:/queue/in\n\nhello\0')
    })
    await gets(/^MESSAGE\n.*hello/s)
    other.terminate()
  })

  it('open a session of an MCP server, and continue its stream after the last event', async () => {
    const server = await serveResumableMcp()
    await run.start('mcp', { mcp: `${server.url}/mcp` })
    await run.until(({ state }) => state === 'open')
    await server.notify('one')
    await gets(/"one"/)
    server.cut()
    await server.notify('missed')
    await gets(/"missed"/)
    assert.equal(server.resumed.length, 1)
    await server.forget()
    server.cut()
    // The server drops what it sends before the stream is open.
    await run.until(
      ({ reconnects, speaking, state }) => reconnects > 1 && speaking?.ready === true && state === 'open',
    )
    await server.notify('in a new session')
    await gets(/"in a new session"/)
    const refusals = (await run.of('error')).filter(({ status }) => status !== undefined)
    assert.deepEqual(refusals, [])
  })

  const standIns: readonly (readonly [
    name: string,
    api: WebSocketApi,
    variable: string,
    path: string,
    message: RegExp,
    repeated: RegExp,
  ])[] = [
    ['phoenix', PHOENIX, 'phoenix', '/socket/websocket?vsn=2.0.0', /"new_msg"/, /"room:lobby","phx_join"/],
    ['action-cable', ACTION_CABLE, 'action_cable', '/cable', /"body":"hello"/, /"subscribe".*ChatChannel/],
    ['signalr', SIGNALR, 'signalr', '/hub', /"result":"hello Hello"/, /"protocol":"json"/],
    [
      'home-assistant',
      HOME_ASSISTANT,
      'home_assistant_socket',
      '/api/websocket',
      /light\.kitchen/,
      /"type":"auth"/,
    ],
  ]
  for (const [name, api, variable, path, message, repeated] of standIns)
    it(`get a message of ${name}, and repeat the handshake after a reconnect`, async () => {
      const server = await new WebSocketStandIn(api).serve()
      const base = { phoenix: '/socket', signalr: '/hub' }[name] ?? ''
      await run.start(name, { [variable]: `ws://${server.host}${base}` })
      await gets(message)
      const heard = server.heard.filter((text) => repeated.test(text)).length
      server.cut()
      await run.until(({ reconnects, speaking }) => reconnects > 0 && speaking?.ready === true)
      assert.deepEqual(server.urls, [path, path])
      assert.equal(heard, 1)
      assert.equal(server.heard.filter((text) => repeated.test(text)).length, 2)
      const own = server.heard.filter((text) => /"(?:invocationId|subscribe_events)"/.test(text))
      assert(own.length < 2, 'a message of the request is not repeated')
    })
})
