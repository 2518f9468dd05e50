/** The demo's GraphQL subscriptions, with a client of its own people. */
import assert from 'node:assert/strict'
import { type Client, createClient } from 'graphql-ws'
import { WebSocket } from 'ws'
import { type Demo, startDemo } from '../../demo/server.ts'

describe('the GraphQL subscriptions of the demo', () => {
  let demo: Demo
  let client: Client
  const url = () => `ws://127.0.0.1:${demo.port}/graphql`

  before(async () => {
    demo = await startDemo(0)
    client = createClient({ url: url(), webSocketImpl: WebSocket, retryAttempts: 0 })
  })
  after(async () => {
    await client.dispose()
    await demo.stop()
  })

  it('send results until they are complete, one beside the other', async () => {
    const prices = client.iterate<{ price: { symbol: string } }>({
      query: 'subscription OnPrice { price { symbol bid ask } }',
    })
    const counts: unknown[] = []
    for await (const { data } of client.iterate({ query: 'subscription { countdown }' }))
      counts.push(data?.countdown)
    assert.deepEqual(counts, [5, 4, 3, 2, 1])
    const { value } = await prices.next()
    assert.equal(typeof value?.data?.price.symbol, 'string')
    await prices.return?.()
  })

  it('refuse a field that is not there', async () => {
    const refused = client.iterate({ query: 'subscription { volume }' }).next()
    await assert.rejects(refused, (errors: readonly { message: string }[]) => {
      assert.deepEqual(
        errors.map(({ message }) => message),
        ['Cannot query field "volume" on type "Subscription".'],
      )
      return true
    })
  })

  const CLOSED: readonly (readonly [string[], number])[] = [
    [['{"type":"connection_init"}', '{"type":"connection_init"}'], 4429],
    [['{"id":"1","type":"subscribe","payload":{"query":"{ price }"}}'], 4401],
    [['hello'], 4400],
    [['{"type":"connection_init"}', '{"type":"unknown","id":"1"}'], 4400],
  ]
  for (const [texts, code] of CLOSED)
    it(`close with ${code} after ${texts.at(-1)}`, async () => {
      const socket = new WebSocket(url(), 'graphql-transport-ws')
      socket.on('open', () => {
        for (const text of texts) socket.send(text)
      })
      const closedWith = await new Promise((resolve) => socket.once('close', resolve))
      assert.equal(closedWith, code)
    })
})
