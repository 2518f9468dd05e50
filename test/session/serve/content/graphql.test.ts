import assert from 'node:assert/strict'
import { type Client, createClient } from 'graphql-ws'
import WebSocket from 'ws'
import { type ServedTest, serveRecording, stopServing } from '../../../support/served.ts'

describe('a recording of GraphQL over WebSocket, served by content', () => {
  let client: Client
  let served: ServedTest

  beforeEach(async () => {
    served = await serveRecording('graphqlws.rtsession')
    const connectionParams = { token: 'another' }
    client = createClient({ url: served.url, connectionParams, webSocketImpl: WebSocket, retryAttempts: 0 })
  })
  afterEach(async () => {
    await client.dispose()
    await stopServing()
  })

  async function results(query: string, variables?: Record<string, unknown>): Promise<unknown[]> {
    const found: unknown[] = []
    for await (const result of client.iterate({ query, ...(variables && { variables }) })) found.push(result)
    return found
  }

  it('answers operations in another order, at the same time, with the ids of the client', async () => {
    const [ticks, sum, hello] = await Promise.all([
      results('subscription { ticks(count:2, every:150) { n } }'),
      results('mutation { add(a:2,b:3) }'),
      results('query H($name:String){ hello(name:$name) }', { name: 'Zoë' }),
    ])
    assert.deepEqual(ticks, [{ data: { ticks: { n: 1 } } }, { data: { ticks: { n: 2 } } }])
    assert.deepEqual(sum, [{ data: { add: 5 } }])
    assert.deepEqual(hello, [{ data: { hello: 'hello Zoë' } }])
  })

  it('accepts other credentials, and says which operation is nearest to one that is not in it', async () => {
    void results('mutation { add(a:2,b:4) }').catch(() => {})
    assert.deepEqual(await results('mutation { add(a:2,b:3) }'), [{ data: { add: 5 } }])
    const wrong = served.told.find((event) => event.type === 'received' && event.matched === false)
    assert.ok(wrong?.type === 'received')
    assert.match(wrong.nearest ?? '', /^subscribe add: .*add\(a:2,b:3\)/)
  })

  it('ends an operation as recorded if it failed', async () => {
    await assert.rejects(results('{ nosuchfield }'), (errors) => Array.isArray(errors))
    assert.deepEqual(await results('mutation { add(a:2,b:3) }'), [{ data: { add: 5 } }])
  })
})
