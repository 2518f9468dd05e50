/** Heartbeats of sub-protocols, of the protocols' own servers: stopped ones, and clients that do not keep to them. */
import assert from 'node:assert/strict'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import mqttPacket from 'mqtt-packet'
import { heartbeatMissed } from '../../../../src/diagnose/rules/lifetime/heartbeat-missed.ts'
import { TermsReader } from '../../../../src/diagnose/rules/lifetime/heartbeat-terms.ts'
import { openIndexed } from '../../../../src/session/open-recording.ts'
import type { DecodedEvent } from '../../../../src/shared/decoded.ts'
import type { ConnectionSpec } from '../../../../src/shared/spec.ts'
import { diagnose } from '../../../support/diagnose.ts'
import { closeProtocolServers, serveMqtt } from '../../../support/protocol-servers.ts'
import { type ServerKind, ServerProcess } from '../../../support/server-process.ts'
import { SpokenSession } from '../../../support/spoken.ts'

const RECORDING = join(import.meta.dirname, '../../../fixtures/recordings/socketio-haproxy-cut.rtsession')
const RULES = { rules: [heartbeatMissed] }
/** Milliseconds between two heartbeats. */
const BEAT = 400
/** The first byte of the answer to a ping of MQTT. */
const PINGRESP = 0xd0

describe('the rule heartbeat-missed', () => {
  let session: SpokenSession
  const servers: ServerProcess[] = []

  beforeEach(() => {
    session = new SpokenSession()
  })
  afterEach(async () => {
    await Promise.all(session.hub.connections().map((connection) => connection.disconnect()))
    await Promise.all(servers.splice(0).map((server) => server.kill()))
    closeProtocolServers()
  })

  const hasClosed = () => session.events.some(({ type }) => type === 'close')
  const incoming = () => session.messages(1).filter(({ direction }) => direction === 'in')

  async function start(kind: ServerKind): Promise<ServerProcess> {
    const server = await ServerProcess.start(kind, BEAT)
    servers.push(server)
    return server
  }

  async function speaking(kind: ServerKind, spec: Partial<ConnectionSpec>): Promise<ServerProcess> {
    const server = await start(kind)
    session.connect({ url: `ws://${server.host}/`, ...spec })
    await session.until(() => incoming().length >= 4)
    return server
  }

  it('finds a server of Socket.IO that no longer runs', async () => {
    const server = await speaking('socket.io', { protocol: 'socket.io' })
    server.freeze()
    await session.until(hasClosed)
    const [finding, ...others] = await diagnose(session.events, RULES)
    assert.deepEqual(others, [])
    const { severity, evidence, message = '' } = finding ?? {}
    assert.deepEqual([severity, evidence?.allowed, evidence?.ended], ['error', 3 * BEAT, 1])
    assert.match(message, /the server sent nothing for /)
  })

  it('is silent while a server of Socket.IO runs', async () => {
    await speaking('socket.io', { protocol: 'socket.io' })
    await session.until(() => incoming().length >= 8)
    assert.deepEqual(await diagnose(session.events, RULES), [])
  })

  describe('with a STOMP broker', () => {
    const heartBeat = (value: string) => ({
      ...{ protocol: 'stomp', protocolOptions: { headers: { 'heart-beat': value } } },
    })

    it('finds a broker that no longer runs', async () => {
      const server = await speaking('stomp', heartBeat(`0,${BEAT}`))
      server.freeze()
      await delay(4 * BEAT)
      await server.kill()
      await session.until(hasClosed)
      const [finding, ...others] = await diagnose(session.events, RULES)
      assert.deepEqual(others, [])
      assert.deepEqual([finding?.severity, finding?.evidence.allowed], ['error', 2 * BEAT])
      assert.match(finding?.message ?? '', /the server sent nothing for .* a heart-beat every 400/)
    })

    it('finds a client that does not send the heart-beats that it announces', async () => {
      const server = await start('stomp')
      session.connect({ url: `ws://${server.host}/`, ...heartBeat(`${BEAT},0`) })
      await session.until(hasClosed)
      const [finding, ...others] = await diagnose(session.events, RULES)
      assert.deepEqual(others, [])
      assert.match(finding?.message ?? '', /the client sent nothing for /)
    })

    it('is silent while heart-beats come', async () => {
      await speaking('stomp', heartBeat(`0,${BEAT}`))
      await session.until(() => incoming().length >= 8)
      assert.deepEqual(await diagnose(session.events, RULES), [])
    })
  })

  it('finds a client of Socket.IO that does not answer pings', async () => {
    const { host } = await start('socket.io')
    session.connect({ url: `ws://${host}/socket.io/?EIO=4&transport=websocket` })
    await session.until(hasClosed)
    const [finding, ...others] = await diagnose(session.events, RULES)
    assert.deepEqual(others, [])
    const { severity, events = [], evidence, message = '', advice = '' } = finding ?? {}
    assert.deepEqual([severity, evidence?.allowed], ['error', 2 * BEAT])
    assert.match(message, /the client did not answer a heartbeat for .* a ping interval of 400/)
    assert.match(advice, /--protocol/)
    const [ping] = events.map((number) => session.events[number - 1])
    assert.equal(ping?.type === 'message' && Buffer.from(ping.payload).toString(), '2')
  })

  it('says why the server closed a recorded session of Socket.IO', async () => {
    const recording = await openIndexed(RECORDING)
    const events = Array.from({ length: recording.log.count }, (_, number) => recording.log.event(number))
    recording.close()
    const [finding] = await diagnose(events, RULES)
    assert.equal(finding?.evidence.allowed, 2000)
    assert.equal(finding?.source?.title, 'Engine.IO protocol, heartbeat')
  })

  describe('with an MQTT broker', () => {
    const keepAlive = { protocol: 'mqtt', protocolOptions: { keepalive: 1 } }

    it('finds a client that does not keep to its keep alive', async () => {
      const url = `ws://${await serveMqtt()}/`
      const connection = session.connect({ url, subprotocols: ['mqtt'] })
      await session.until(() => session.events.some(({ type }) => type === 'open'))
      const payload = mqttPacket.generate({
        ...{ cmd: 'connect', protocolId: 'MQTT', protocolVersion: 4 },
        ...{ clean: true, clientId: 'silent', keepalive: 1 },
      })
      connection.send({ opcode: 'binary', payload })
      await session.until(hasClosed)
      const [finding, ...others] = await diagnose(session.events, RULES)
      assert.deepEqual(others, [])
      assert.match(finding?.message ?? '', /the client sent nothing for .* a keep alive of 1\.0/)
      assert.equal(finding?.severity, 'error')
    })

    it('is silent for a client that does', async () => {
      const url = `ws://${await serveMqtt()}/`
      session.connect({ url, ...keepAlive })
      const isAnswer = ({ payload: [first] }: { payload: Uint8Array }) => first === PINGRESP
      await session.until(() => incoming().filter(isAnswer).length >= 2)
      assert.deepEqual(await diagnose(session.events, RULES), [])
    })
  })
})

describe('the terms of heartbeats', () => {
  const context = { isOut: false, time: 0, url: 'wss://feed.example/' }
  const learn = (packet: DecodedEvent, more: Partial<typeof context> = {}) => {
    const { source, ...terms } = new TermsReader().learn(packet, { ...context, ...more }) ?? {}
    assert.match(source?.url ?? 'https:', /^https:/)
    return Object.fromEntries(
      Object.entries(terms).map(([name, each]) => [name, typeof each === 'string' ? each : each.ms]),
    )
  }

  it('are those of the handshake', () => {
    const value = { pingInterval: 25_000, pingTimeout: 20_000 }
    const open: DecodedEvent = { protocol: 'engine.io', kind: 'handshake', name: 'open', value }
    assert.deepEqual(learn(open), { protocol: 'engine.io', serverSilence: 45_000, clientAnswer: 20_000 })
    assert.deepEqual(learn(open, { url: 'wss://feed.example/?EIO=3' }), {
      ...{ protocol: 'engine.io', clientSilence: 45_000, serverAnswer: 20_000 },
    })
    const heartbeat = { interval: 15_000, timeout: 5000 }
    assert.deepEqual(learn({ protocol: 'nes', kind: 'handshake', name: 'hello', value: { heartbeat } }), {
      ...{ protocol: 'nes', serverSilence: 20_000, clientAnswer: 5000 },
    })
    assert.deepEqual(
      learn({ protocol: 'nes', kind: 'handshake', name: 'hello', value: { heartbeat: false } }),
      {},
    )
  })

  it('are those of the server, if it names others than the client', () => {
    const value = { properties: { serverKeepAlive: 20 } }
    assert.deepEqual(learn({ protocol: 'mqtt', kind: 'handshake', name: 'CONNACK', value }), {
      ...{ protocol: 'mqtt', clientSilence: 30_000, serverAnswer: 30_000 },
    })
  })

  it('are the defaults of a protocol that does not name them', () => {
    assert.deepEqual(learn({ protocol: 'signalr', kind: 'handshake' }), {
      ...{ protocol: 'signalr', serverSilence: 30_000, clientSilence: 30_000 },
    })
    assert.deepEqual(learn({ protocol: 'action-cable', kind: 'handshake', name: 'welcome' }), {
      ...{ protocol: 'action-cable', serverSilence: 6000 },
    })
    assert.deepEqual(learn({ protocol: 'json-rpc', kind: 'heartbeat', name: 'ping' }), {})
  })

  it('follow from keep-alive messages that come at an interval', () => {
    const reader = new TermsReader()
    const ka: DecodedEvent = { protocol: 'graphql-ws', kind: 'heartbeat', name: 'ka' }
    const terms = [0, 1000, 2000, 3000, 4000, 5000].map((time) => reader.learn(ka, { ...context, time }))
    assert.deepEqual(
      terms.map((each) => each?.serverSilence?.ms),
      [undefined, undefined, undefined, undefined, undefined, 3000],
    )
  })
})
