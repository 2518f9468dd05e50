import assert from 'node:assert/strict'
import { Client } from '@modelcontextprotocol/sdk/client/index.js'
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js'
import { LoggingMessageNotificationSchema } from '@modelcontextprotocol/sdk/types.js'
import { type ServedTest, serveRecording, stopServing } from '../../../support/served.ts'

describe('a recording of MCP, served by content', () => {
  let served: ServedTest
  const clients: Client[] = []

  beforeEach(async () => {
    served = await serveRecording('mcp.har')
  })
  afterEach(async () => {
    await Promise.all(clients.splice(0).map((client) => client.close()))
    await stopServing()
  })

  async function connect(): Promise<{ client: Client; transport: StreamableHTTPClientTransport }> {
    const client = new Client({ name: 'another client', version: '2' })
    clients.push(client)
    const transport = new StreamableHTTPClientTransport(new URL(served.url))
    await client.connect(transport)
    return { client, transport }
  }

  const text = 'text'

  it('answers calls in another order, at the same time, with the ids of the client', async () => {
    const { client } = await connect()
    // Its next ids are others than those of the recorded client.
    await client.readResource({ uri: 'demo://motd' })
    const [add, boom, tools, motd] = await Promise.all([
      client.callTool({ name: 'add', arguments: { a: 2, b: 3 } }),
      client.callTool({ name: 'boom', arguments: {} }),
      client.listTools(),
      client.readResource({ uri: 'demo://motd' }),
    ])
    assert.deepEqual(add.content, [{ type: text, text: '5' }])
    assert.deepEqual(boom, { content: [{ type: text, text: 'boom' }], isError: true })
    assert.ok(tools.tools.some(({ name }) => name === 'count'))
    assert.deepEqual(motd.contents, [{ uri: 'demo://motd', text: 'hello' }])
    await assert.rejects(client.readResource({ uri: 'demo://zip' }), /Resource demo:\/\/zip not found/)
  })

  it('reports the progress of a call with the token of the client', async () => {
    const { client } = await connect()
    const steps: number[] = []
    const called = { name: 'count', arguments: { n: 3 } }
    const result = await client.callTool(called, undefined, {
      onprogress: ({ progress }) => steps.push(progress),
    })
    assert.deepEqual(steps, [1, 2, 3])
    assert.deepEqual(result.content, [{ type: text, text: 'counted 3' }])
  })

  it('gives each client a session of its own, and ends it', async () => {
    const [one, other] = [await connect(), await connect()]
    assert.ok(one.transport.sessionId !== undefined)
    assert.notEqual(one.transport.sessionId, other.transport.sessionId)
    const { sessionId } = one.transport
    await one.client.listTools()
    assert.equal(one.transport.sessionId, sessionId)
    await one.transport.terminateSession()
    assert.equal(one.transport.sessionId, undefined)
  })

  it('sends the stream that the client gets', async () => {
    const client = new Client({ name: 'another client', version: '2' })
    clients.push(client)
    const ticks: unknown[] = []
    const all = new Promise<void>((resolve) => {
      client.setNotificationHandler(LoggingMessageNotificationSchema, ({ params }) => {
        ticks.push(params)
        if (ticks.length === 3) resolve()
      })
    })
    await client.connect(new StreamableHTTPClientTransport(new URL(served.url)))
    await all
    assert.deepEqual(ticks[0], { level: 'debug', data: 'tick' })
  })

  it('says which request is nearest to one that is not in it', async () => {
    const { client } = await connect()
    const wrong = { name: 'add', arguments: { a: 2, b: 4 } }
    await assert.rejects(client.callTool(wrong), /the nearest is: request tools\/call: .*"b":3/)
    const told = served.told.find((event) => event.type === 'refused')
    assert.match(told?.reason ?? '', /^No request that was recorded at \/mcp says the same/)
  })
})
