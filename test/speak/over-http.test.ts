/** Protocols over HTTP whose servers refuse, have no stream, or go away. */
import assert from 'node:assert/strict'
import { createServer, type RequestListener } from 'node:http'
import { text } from 'node:stream/consumers'
import { closeServers, listen, refusedPort, serveHttp } from '../support/loopback.ts'
import { SpokenSession, textOf } from '../support/spoken.ts'

/** An MCP server in JSON, without a stream. It answers `initialize` with `hello`, and echoes other params. */
function mcp(hello: object): RequestListener {
  return async (request, response) => {
    const { id, method, params } = JSON.parse((await text(request)) || '{}') as Readonly<
      Record<string, unknown>
    >
    const answer = (fields: object) => {
      response.setHeader('content-type', 'application/json')
      response.end(JSON.stringify({ jsonrpc: '2.0', id, ...fields }))
    }
    if (request.method !== 'POST') response.writeHead(405).end()
    else if (id === undefined) response.writeHead(202).end()
    else answer(method === 'initialize' ? hello : { result: params })
  }
}

const ACCEPTED = { result: { protocolVersion: '2025-06-18', capabilities: {}, serverInfo: {} } }

describe('a protocol over HTTP', () => {
  afterEach(closeServers)

  it('is open without a stream if the server has none', async () => {
    const session = new SpokenSession()
    const connection = session.connect({ url: await serveHttp(mcp(ACCEPTED)), protocol: 'mcp' })
    await session.until(() => connection.status().state === 'open')
    for (const message of session.hub.compose(1, 'request', { method: 'echo', params: { a: 1 } }))
      connection.send(message)
    await session.until(() => session.messages(1).some((message) => textOf(message).includes('{"a":1}')))
    assert.equal(connection.status().canSend, true)
    await connection.disconnect()
    assert.deepEqual(session.errors(1), [])
    const requests = session.events.filter(
      ({ type }) => type === 'request' || type === 'response' || type === 'open',
    )
    assert.deepEqual(
      requests.map((event) => [event.type, 'status' in event ? event.status : undefined]),
      [
        ...[
          ['request', undefined],
          ['response', 200],
          ['request', undefined],
          ['response', 202],
        ],
        ...[
          ['request', undefined],
          ['open', 405],
          ['request', undefined],
          ['response', 200],
        ],
      ],
    )
  })

  it('fails with the reason if the server refuses', async () => {
    const session = new SpokenSession()
    const url = await serveHttp(mcp({ error: { code: -32_602, message: 'unsupported version' } }))
    const connection = session.connect({ url, protocol: 'mcp', reconnect: 'backoff' })
    const { end, reason } = await connection.done
    assert.equal(end, 'failed')
    assert.equal(
      reason,
      'The handshake over HTTP failed: the server refused initialize: unsupported version; check the URL.',
    )
  })

  it('does not read an answer without end', async () => {
    const session = new SpokenSession()
    const url = await serveHttp((_, response) => {
      response.setHeader('content-type', 'application/x-ndjson')
      const line = `{"data":"${'x'.repeat(1000)}"}\n`
      const more = () => void response.write(line.repeat(100), more)
      response.on('error', () => {})
      more()
    })
    const connection = session.connect({ url, protocol: 'mcp' })
    const { reason } = await connection.done
    assert.equal(reason, 'The server answered the handshake with more than 1 MiB; check the URL.')
  })

  it('says if what answers does not speak it', async () => {
    const session = new SpokenSession()
    const url = await serveHttp((_, response) => void response.end('hello'))
    const connection = session.connect({ url, protocol: 'socket.io', transport: 'long-poll' })
    const { reason } = await connection.done
    assert.equal(
      reason,
      'The handshake over HTTP failed: the answer is not an open packet: hello; check the URL.',
    )
  })

  it('reads each packet in the body of a poll', async () => {
    const session = new SpokenSession()
    const posted: string[] = []
    const bodies = ['40{"sid":"b"}', '2\u001e42["news"]\u001e6']
    const url = await serveHttp(async (request, response) => {
      if (!request.url?.includes('sid='))
        response.end('0{"sid":"a","pingInterval":60000,"pingTimeout":60000}')
      else if (request.method === 'POST') {
        posted.push(await text(request))
        response.end('ok')
      } else {
        const body = bodies.shift()
        // Later polls are held.
        if (body !== undefined) response.end(body)
      }
    })
    const connection = session.connect({ url, protocol: 'socket.io', transport: 'long-poll' })
    await session.untilReady(connection)
    await session.until(() => session.messages(1).filter((message) => textOf(message) === 'ok').length === 2)
    assert.deepEqual(posted, ['40', '3'])
    await connection.disconnect()
  })

  it('fails if the handshake is not continued in time', async () => {
    const session = new SpokenSession()
    const url = await serveHttp((request, response) => {
      // The session begins, and nothing follows.
      if (!request.url?.includes('sid='))
        response.end('0{"sid":"a","pingInterval":60000,"pingTimeout":60000}')
    })
    const connection = session.connect({ url, protocol: 'socket.io', transport: 'long-poll', timeout: 300 })
    const { end, reason } = await connection.done
    assert.deepEqual(
      [end, reason],
      [
        'failed',
        'The server did not send CONNECT of each namespace within 300 ms; check that it speaks socket.io.',
      ],
    )
  })

  it('reports a message that the server refuses, and stays open', async () => {
    const session = new SpokenSession()
    let isOver = false
    const accept = mcp(ACCEPTED)
    const url = await serveHttp((request, response) =>
      isOver ? void response.writeHead(500).end() : accept(request, response),
    )
    const connection = session.connect({ url, protocol: 'mcp' })
    await session.until(() => connection.status().state === 'open')
    isOver = true
    connection.send({ opcode: 'text', payload: Buffer.from('{"jsonrpc":"2.0","method":"a"}') })
    await session.until(() => session.errors(1).length > 0)
    assert.match(session.errors(1)[0] ?? '', /answered 500/)
    assert.equal(connection.status().state, 'open')
    await connection.disconnect()
  })

  it('connects again with a new session once the server is back', async () => {
    const session = new SpokenSession()
    const port = await refusedPort()
    const connection = session.connect({
      url: `http://127.0.0.1:${port}/`,
      protocol: 'mcp',
      reconnect: 20,
      maxAttempts: 10_000,
    })
    await session.until(() => connection.status().reconnects > 1)
    const server = createServer(mcp(ACCEPTED))
    await listen(server, port)
    await session.until(() => connection.status().state === 'open')
    await connection.disconnect()
  })

  it('can be ended in the middle of its handshake', async () => {
    const session = new SpokenSession()
    const connection = session.connect({ url: await serveHttp(() => {}), protocol: 'mcp' })
    await session.until(() => session.events.some(({ type }) => type === 'request'))
    await connection.disconnect()
    assert.equal(connection.status().state, 'closed')
    assert.deepEqual(session.errors(1), [])
  })
})
