import assert from 'node:assert/strict'
import { SessionDecoder } from '../../../src/decode/session-decoder.ts'
import type { Direction } from '../../../src/shared/event.ts'
import type { ConnectionSpec } from '../../../src/shared/spec.ts'

const HEADERS = { 'mcp-protocol-version': '2025-11-25' }

/** Clients of one URL. Each packet is shown as `kind name/channel -> event`. */
class Clients {
  readonly #url: string
  readonly #session = new SessionDecoder()
  #number = 0

  constructor(url: string) {
    this.#url = url
  }

  async load(): Promise<void> {
    await this.#session.loadAll()
  }

  post(connection: number, body: string, rest: Partial<ConnectionSpec> = {}): string {
    return this.connect(connection, { method: 'POST', body, ...rest })
  }

  connect(connection: number, rest: Partial<ConnectionSpec> = {}): string {
    const number = this.#number++
    const event = {
      type: 'connect',
      connection,
      time: number,
      transport: 'sse',
      url: this.#url,
      attempt: 0,
    } as const
    return shown(this.#session.decode(number, { ...event, ...rest }))
  }

  message(connection: number, direction: Direction, text: string, event = ''): string {
    const number = this.#number++
    const payload = Buffer.from(text)
    return shown(
      this.#session.decode(number, { type: 'message', connection, time: number, direction, event, payload }),
    )
  }
}

function shown(events: ReturnType<SessionDecoder['decode']>): string {
  return (events ?? [])
    .map(({ kind, name = '', channel = '', answers = '' }) => `${kind} ${name}/${channel} ${answers}`.trim())
    .join()
}

describe('several clients of one URL', () => {
  it('are distinguished by their requests if they speak MCP', () => {
    const clients = new Clients('http://host/mcp')
    const post = (connection: number, body: object) =>
      clients.post(connection, JSON.stringify({ jsonrpc: '2.0', ...body }), { headers: HEADERS })
    const answer = (connection: number, body: object) =>
      clients.message(connection, 'in', JSON.stringify({ jsonrpc: '2.0', ...body }))
    for (const [index, name] of ['add', 'multiply', 'divide'].entries())
      post(index + 1, { id: 4, method: 'tools/call', params: { name, _meta: { progressToken: 4 } } })
    post(4, { id: 4, method: 'ping' })
    const progress = { method: 'notifications/progress', params: { progressToken: 4 } }
    assert.equal(answer(2, progress), 'data notifications/progress/multiply')
    assert.equal(answer(2, { id: 4, result: {} }), 'response tools/call/multiply 2')
    assert.equal(answer(4, { id: 4, result: {} }), 'heartbeat ping/ 4')
    assert.equal(answer(1, { id: 4, result: {} }), 'response tools/call/add 1')
  })

  it('are answered on the stream that began with an endpoint, if they speak MCP as it was', () => {
    const clients = new Clients('http://host/sse')
    clients.connect(1)
    assert.equal(clients.message(1, 'in', '/messages?sessionId=1', 'endpoint'), 'handshake endpoint/')
    const post = { url: 'http://host/messages?sessionId=1', headers: HEADERS }
    const call = '{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"add"}}'
    assert.equal(clients.post(2, call, post), 'request tools/call/add')
    assert.equal(clients.message(2, 'in', 'Accepted'), '')
    assert.equal(
      clients.message(1, 'in', '{"jsonrpc":"2.0","id":1,"result":{}}', 'message'),
      'response tools/call/add 3',
    )
  })

  it('are distinguished by their IDs if they speak SignalR over streams and requests', async () => {
    const clients = new Clients('http://host/hub')
    await clients.load()
    const end = '\u001e'
    for (const client of [1, 2]) {
      const url = `http://host/hub?id=${client}`
      clients.connect(client, { url })
      assert.equal(
        clients.post(10 + client, `{"protocol":"json","version":1}${end}`, { url }),
        'handshake handshake/',
      )
      assert.equal(
        clients.post(20 + client, `{"type":1,"target":"add${client}","invocationId":"0"}${end}`, { url }),
        `request add${client}/`,
      )
    }
    assert.equal(clients.message(1, 'in', `{}${end}`), 'handshake handshake/ 2')
    assert.equal(
      clients.message(2, 'in', `{}${end}{"type":3,"invocationId":"0","result":1}${end}`),
      'handshake handshake/ 5,response add2/ 6',
    )
    assert.equal(
      clients.message(1, 'in', `{"type":3,"invocationId":"0","result":1}${end}`),
      'response add1/ 3',
    )
    // Without the end of a record, it may be another protocol.
    clients.connect(3)
    assert.equal(clients.message(3, 'in', '{"type":6}'), 'event /')
  })

  it('are distinguished by the value of the header field by which a protocol joins connections', () => {
    const clients = new Clients('http://host/graphql')
    const operation = JSON.stringify({ query: '{ a }', extensions: { operationId: 'op1' } })
    for (const client of [1, 2]) {
      const headers = { 'x-graphql-event-stream-token': `token ${client}` }
      clients.connect(client, { headers })
      assert.equal(clients.post(10 + client, operation, { headers }), 'subscribe a/')
    }
    const result = '{"id":"op1","payload":{"data":{}}}'
    assert.equal(clients.message(1, 'in', result, 'next'), 'data a/ 2')
    assert.equal(clients.message(2, 'in', result, 'next'), 'data a/ 4')
  })

  it('of GraphQL over SSE see refused requests, and the end of an operation that they ask for', () => {
    const clients = new Clients('http://host/graphql')
    const headers = { 'x-graphql-event-stream-token': 'token' }
    const post = (connection: number, query: string, operationId: string) =>
      clients.post(connection, JSON.stringify({ query, extensions: { operationId } }), { headers })
    clients.connect(1, { headers })
    assert.equal(post(2, 'subscription { a }', 'op1'), 'subscribe a/')
    assert.equal(post(3, 'subscription { b }', 'op2'), 'subscribe b/')
    assert.equal(clients.message(3, 'in', '{"errors":[{"message":"no b"}]}'), 'error b/ 3')
    assert.equal(clients.message(1, 'in', '{"id":"op1","payload":{"data":{}}}', 'next'), 'data a/ 2')
    const url = 'http://host/graphql?operationId=op1'
    assert.equal(clients.connect(4, { method: 'DELETE', url, headers }), 'unsubscribe a/')
  })
})

describe('IDs', () => {
  it('of JSON-RPC are numbers or strings, which are not alike', () => {
    const clients = new Clients('ws://host/')
    const call = (id: unknown, method: string) =>
      clients.message(1, 'out', JSON.stringify({ jsonrpc: '2.0', id, method }))
    const result = (id: unknown) =>
      clients.message(1, 'in', JSON.stringify({ jsonrpc: '2.0', id, result: 0 }))
    clients.connect(1, { transport: 'websocket' })
    assert.equal(call(1, 'number'), 'request number/')
    assert.equal(call('1', 'string'), 'request string/')
    assert.equal(result('1'), 'response string/ 3')
    assert.equal(result('1'), 'response /')
    assert.equal(result(1), 'response number/ 2')
  })

  it('of Bayeux may become strings on their way', () => {
    const clients = new Clients('http://host/cometd')
    clients.post(1, '[{"channel":"/meta/handshake","id":1,"version":"1.0"}]')
    assert.equal(
      clients.message(1, 'in', '[{"channel":"/meta/handshake","id":"1","successful":true}]'),
      'handshake /meta/handshake/ 1',
    )
  })
})
