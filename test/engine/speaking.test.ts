/** The calls of an editor on a connection that speaks a protocol. */
import assert from 'node:assert/strict'
import { LiveEngine } from '../support/live-engine.ts'
import { serveWebSocket } from '../support/loopback.ts'
import {
  closeProtocolServers,
  serveGraphqlWs,
  serveJsonRpc,
  serveMqtt,
  serveSubscriptionsTransportWs,
} from '../support/protocol-servers.ts'

describe('an engine with a connection that speaks a protocol', () => {
  let live: LiveEngine

  beforeEach(() => {
    live = new LiveEngine({ keepsUp: true })
  })

  afterEach(async () => {
    await live.close()
    closeProtocolServers()
  })

  const statusOf = (id: number) => live.engine.status().connections.find((each) => each.id === id)

  it('says whether the handshake is complete, and sends what a form makes', async () => {
    const id = await live.connect({ url: `http://${await serveMqtt()}/`, protocol: 'mqtt' })
    await live.until(() => statusOf(id)?.speaking?.ready === true)
    assert.deepEqual(statusOf(id)?.speaking, { protocol: 'mqtt', ready: true })
    const { sendForm } = live.engine.handlers
    await sendForm({ id, form: 'subscribe', values: { topic: 'a' } })
    const received = statusOf(id)?.messagesIn ?? 0
    await live.until(() => (statusOf(id)?.messagesIn ?? 0) > received)
    assert.throws(
      () => sendForm({ id, form: 'publish', values: {} }),
      /publish needs the field topic: the topic\.$/,
    )
    assert.throws(() => sendForm({ id, form: 'call', values: {} }), /mqtt has no form call\.$/)
  })

  it('refuses a form without a protocol', async () => {
    const id = await live.connect({ url: `ws://${await serveJsonRpc()}/` })
    assert.equal(statusOf(id)?.speaking, undefined)
    assert.throws(
      () => live.engine.handlers.sendForm({ id, form: 'request', values: { method: 'sum' } }),
      /Connection 1 speaks no protocol; connect again with one\.$/,
    )
  })

  for (const [protocol, serve] of [
    ['graphql-transport-ws', serveGraphqlWs],
    ['graphql-ws', serveSubscriptionsTransportWs],
  ] as const)
    it(`asks a server of ${protocol} for its schema`, async () => {
      const id = await live.connect({ url: `ws://${await serve()}/`, protocol })
      await live.until(() => statusOf(id)?.speaking?.ready === true)
      const { roots, types } = await live.engine.handlers.graphqlSchema({ id })
      assert.equal(roots.query, 'Query')
      assert.ok(types.Query?.some(({ name }) => name === 'hello'))
      const { lines } = await live.engine.handlers.lines({ from: 0, max: 100 })
      const asked = lines.filter((line) => line.includes('__schema') && line.includes('"direction":"out"'))
      assert.ok(asked.length === 1 && JSON.parse(asked[0] ?? '').automatic === 'protocol')
    })

  it('says why there is no schema', async () => {
    const url = await serveWebSocket((socket) => {
      socket.on('message', (data) => {
        const { id, type } = JSON.parse(String(data))
        if (type === 'connection_init') socket.send('{"type":"connection_ack"}')
        else socket.send(JSON.stringify({ id, type: 'error', payload: [{ message: 'No introspection.' }] }))
      })
    })
    const id = await live.connect({ url, protocol: 'graphql-transport-ws', subprotocols: [] })
    await live.until(() => statusOf(id)?.speaking?.ready === true)
    await assert.rejects(async () => live.engine.handlers.graphqlSchema({ id }), { code: 'REFUSED' })
    const mqtt = await live.connect({ url: `http://${await serveMqtt()}/`, protocol: 'mqtt' })
    await assert.rejects(async () => live.engine.handlers.graphqlSchema({ id: mqtt }), {
      code: 'BAD_SPEC',
    })
  })

  it('sends keep-alive messages only after the handshake', async () => {
    const received: string[] = []
    let acknowledge = () => {}
    const url = await serveWebSocket((socket) => {
      socket.on('message', (data) => received.push(JSON.parse(String(data)).type))
      acknowledge = () => socket.send('{"type":"connection_ack"}')
    })
    const [interval, message] = [100, { format: 'text', text: '{"type":"beat"}' }] as const
    const { keepAlive } = live.engine.handlers
    const id = await live.connect({ url, protocol: 'graphql-transport-ws' })
    await live.until(() => received.length > 0 && statusOf(id)?.state === 'open')
    await keepAlive({ id, message, interval })
    // Another connection counts the intervals.
    const other = await live.connect({ url: await serveWebSocket(() => {}) })
    await keepAlive({ id: other, message, interval })
    await live.until(() => (statusOf(other)?.keepAlive?.sent ?? 0) > 3)
    assert.deepEqual(received, ['connection_init'])
    acknowledge()
    await live.until(() => received.includes('beat'))
    assert.equal(statusOf(id)?.speaking?.ready, true)
  })

  it('does not keep credentials of a protocol in what it shows', async () => {
    const id = await live.connect({
      ...{ url: `ws://${await serveMqtt()}/`, protocol: 'mqtt' },
      protocolOptions: { username: 'ada', password: 'secret' },
    })
    const { fields } = await live.engine.handlers.detail({ index: 0, maxBytes: 1000 })
    assert.deepEqual(fields.protocolOptions, { username: 'ada', password: '***' })
    await live.engine.handlers.disconnect({ id })
  })
})
