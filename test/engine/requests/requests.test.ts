/** A connection as a request, and its newest message, from live connections to real servers. */
import assert from 'node:assert/strict'
import { LiveEngine } from '../../support/live-engine.ts'
import { serveWebSocket } from '../../support/loopback.ts'

describe('a connection as a request', () => {
  let live: LiveEngine

  beforeEach(() => {
    live = new LiveEngine()
  })
  afterEach(() => live.close())

  /** Opens a connection to a server that answers each message with `got …`, and waits for `count` answers. */
  async function talk(texts: readonly string[], spec: object = {}): Promise<number> {
    const url = await serveWebSocket((peer) =>
      peer.on('message', (data) => {
        if (!String(data).startsWith('quiet')) peer.send(JSON.stringify({ type: `got ${data}` }))
      }),
    )
    const id = await live.connect({ url: `${url}/?token=hush`, ...spec })
    for (const text of texts) {
      const before = live.engine.status().connections[0]?.messagesIn ?? 0
      await live.engine.handlers.send({ id, message: { format: 'text', text } })
      if (!text.startsWith('quiet'))
        await live.until(() => (live.engine.status().connections[0]?.messagesIn ?? 0) > before)
    }
    return id
  }

  it('says how it was opened, without secrets, and what was sent, once each with its count', async () => {
    const headers = { Authorization: 'Bearer hush', 'X-Room': 'a' }
    const id = await talk(['one', 'quiet', 'two', 'one'], { headers })
    const { spec, sent, omitted } = await live.engine.handlers.madeRequest({ connection: id })
    assert.match(String(spec.url), /\?token=\*\*\*$/)
    assert.deepEqual(spec.headers, { Authorization: '***', 'X-Room': 'a' })
    assert.ok(!JSON.stringify(spec).includes('hush'))
    assert.equal(omitted, 0)
    assert.deepEqual(
      sent.map(({ text, count, isAfterAnswer }) => [text, count, isAfterAnswer]),
      [
        ['one', 2, false],
        ['quiet', 1, true],
        ['two', 1, false],
      ],
    )
  })

  it('names messages as they call themselves, and has bytes as base64', async () => {
    const id = await talk(['quiet'])
    await live.engine.handlers.send({ id, message: { format: 'json', text: '{"type":"join","room":"a"}' } })
    await live.engine.handlers.send({ id, message: { format: 'hex', text: 'ff00' } })
    const { sent } = await live.engine.handlers.madeRequest({ connection: id })
    assert.deepEqual(
      sent.map(({ name, base64 }) => [name, base64]),
      [
        ['text', undefined],
        ['join', undefined],
        ['binary', '/wA='],
      ],
    )
  })

  it('leaves out what a spoken protocol sends', async () => {
    const url = await serveWebSocket((peer) => {
      peer.on('message', () => peer.send(JSON.stringify({ type: 'connection_ack' })))
    })
    const id = await live.connect({
      url,
      protocol: 'graphql-transport-ws',
      subprotocols: ['graphql-transport-ws'],
    })
    await live.until(() => live.engine.status().connections[0]?.speaking?.ready === true)
    const { sent } = await live.engine.handlers.madeRequest({ connection: id })
    assert.deepEqual(sent, [])
  })

  it('omits messages that are too many, and counts them', async () => {
    const id = await talk(Array.from({ length: 205 }, (_, n) => `quiet ${n}`))
    const { sent, omitted } = await live.engine.handlers.madeRequest({ connection: id })
    assert.deepEqual([sent.length, omitted], [200, 5])
  })

  it('omits messages with secrets that are masked, which would be sent as stars', async () => {
    const id = await talk(['quiet ***'])
    await live.engine.handlers.keepSecrets({ secrets: ['tok-4711'] })
    await live.engine.handlers.send({ id, message: { format: 'text', text: 'login tok-4711' } })
    const { sent, omitted } = await live.engine.handlers.madeRequest({ connection: id })
    assert.deepEqual([sent.map(({ text }) => text), omitted], [['quiet ***'], 1])
  })

  it('does not know a connection that never was', async () => {
    await assert.rejects(async () => await live.engine.handlers.madeRequest({ connection: 9 }), {
      code: 'NO_CONNECTION',
    })
  })

  it('knows the newest message of each connection', async () => {
    const id = await talk(['one', 'two'])
    const newest = await live.engine.handlers.newestMessages({ connections: [id, 9] })
    assert.deepEqual(
      newest.map(({ connection, name }) => [connection, name]),
      [[id, 'got two']],
    )
  })
})
