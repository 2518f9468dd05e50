import assert from 'node:assert/strict'
import type { ServerResponse } from 'node:http'
import type { ConnectionSpec } from '../../src/shared/spec.ts'
import { connectionStarter, RecordedConnection } from '../support/connection.ts'
import { refusedUrl, serveHttp, serveWebSocket } from '../support/loopback.ts'

describe('a connection', () => {
  const start = connectionStarter()

  it('emits the whole spec on the first attempt, but never a private key', async () => {
    const url = await serveWebSocket((socket) => socket.terminate())
    const spec: ConnectionSpec = {
      url,
      headers: { 'X-Tag': 'a' },
      subprotocols: ['chat'],
      reconnect: 1,
      maxAttempts: 1,
      tls: { insecure: true, key: 'SECRET' },
    }
    const first = start(spec)
    await first.connection.done
    const [zero, one] = first.of('connect')
    assert.deepEqual(
      { ...zero, time: 0 },
      {
        type: 'connect',
        connection: 1,
        time: 0,
        attempt: 0,
        transport: 'websocket',
        url,
        headers: { 'X-Tag': 'a' },
        subprotocols: ['chat'],
        reconnect: 1,
        maxAttempts: 1,
        tls: { insecure: true },
      },
    )
    assert.deepEqual(
      { ...one, time: 0 },
      { type: 'connect', connection: 1, time: 0, attempt: 1, transport: 'websocket', url },
    )
    assert.ok(!JSON.stringify(first.events).includes('SECRET'))
  })

  it('ends if the server closes normally, and does not reconnect', async () => {
    const recorded = start({ url: await serveWebSocket((socket) => socket.close(1000, 'bye')) })
    const outcome = await recorded.connection.done
    assert.equal(outcome.end, 'done')
    assert.deepEqual(recorded.types, ['connect', 'open', 'close'])
    assert.deepEqual(recorded.states, ['open', 'closed'])
    const { error, errors, closedBy } = recorded.connection.status()
    assert.deepEqual([error, errors, closedBy], [undefined, undefined, 'server'])
    const told = start({ url: recorded.connection.spec.url, reconnect: 1 })
    assert.equal((await told.connection.done).end, 'done')
    assert.deepEqual(told.types, ['connect', 'open', 'close'])
  })

  it('fails at once if it never opened, with a sentence that says why', async () => {
    const recorded = start({ url: await refusedUrl() })
    const outcome = await recorded.connection.done
    assert.equal(outcome.end, 'failed')
    assert.match(outcome.reason, /refused the connection/)
    assert.deepEqual(recorded.types, ['connect', 'error'])
    const status = recorded.connection.status()
    assert.deepEqual(
      [status.state, status.error, status.errorCode],
      ['failed', outcome.reason, 'ECONNREFUSED'],
    )
  })

  it('treats a stream that ended inside an event as ended, and one that was cut off as failed', async () => {
    const stream = (end: (response: ServerResponse) => void) =>
      serveHttp((_request, response) => {
        response.writeHead(200, { 'content-type': 'text/event-stream' })
        response.write('data: a\n\ndata: b\n', () => end(response))
      })
    const ended = start({ url: await stream((response) => response.end()), reconnect: 'never' })
    assert.equal((await ended.connection.done).end, 'done')
    assert.deepEqual(ended.of('error')[0]?.code, 'TRUNCATED')
    const cut = start({ url: await stream((response) => response.socket?.end()), reconnect: 'never' })
    assert.equal((await cut.connection.done).end, 'failed')
    assert.deepEqual(cut.of('error')[0]?.code, 'TRUNCATED')
  })

  it('sends the requested close code, and rejects one that must not be sent', async () => {
    const recorded = start({ url: await serveWebSocket(() => {}) })
    await recorded.untilState('open')
    await assert.rejects(recorded.connection.disconnect({ code: 1006 }), { code: 'BAD_CLOSE' })
    await assert.rejects(recorded.connection.disconnect({ reason: 'é'.repeat(62) }), { code: 'BAD_CLOSE' })
    assert.equal(recorded.connection.status().state, 'open')
    await recorded.connection.disconnect({ code: 4001, reason: 'done' })
    const [close] = recorded.of('close')
    assert.deepEqual([close?.code, close?.reason, close?.by], [4001, 'done', 'client'])
    assert.equal(recorded.connection.status().closedBy, 'client')
    await recorded.connection.disconnect()
  })

  it('stays disconnected if reconnect is called meanwhile', async () => {
    const recorded = start({ url: await serveWebSocket(() => {}) })
    await recorded.untilState('open')
    const ended = recorded.connection.disconnect()
    recorded.connection.reconnect()
    await ended
    assert.deepEqual(recorded.types, ['connect', 'open', 'close'])
    assert.equal(recorded.connection.status().state, 'closed')
  })

  it('counts messages and bytes, and masks secrets in its URL', async () => {
    const url = await serveWebSocket((socket) => {
      socket.on('message', (data) => {
        socket.send(data)
        socket.send('1234567')
      })
    })
    const recorded = start({ url: `${url}?token=hunter2` })
    await recorded.untilState('open')
    recorded.connection.send({ opcode: 'text', payload: Buffer.from('abc') })
    await recorded.until('message', 3)
    const status = recorded.connection.status()
    assert.deepEqual(
      [status.messagesIn, status.messagesOut, status.bytesIn, status.bytesOut, status.rate],
      [2, 1, 10, 3, 2],
    )
    assert.equal(status.url, `${url}?token=***`)
    assert.equal(status.transport, 'websocket')
    assert.equal(status.canSend, true)
    assert.equal(status.openedAt, recorded.of('open')[0]?.time)
  })

  it('refuses to send if it is not open, or if the transport only receives', async () => {
    const message = { opcode: 'text', payload: new Uint8Array(1) } as const
    const waiting = start({ url: await refusedUrl(), reconnect: 600_000 })
    await waiting.untilState('waiting')
    assert.throws(() => waiting.connection.send(message), { code: 'NOT_OPEN', message: /waiting/ })
    const url = await serveHttp((_request, response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' }).flushHeaders()
    })
    const stream = start({ url, transport: 'sse' })
    await stream.untilState('open')
    assert.equal(stream.connection.status().canSend, false)
    assert.throws(() => stream.connection.send(message), { code: 'CANNOT_SEND' })
  })

  it('rejects a URL whose scheme its transport does not support', () => {
    for (const spec of [
      { url: 'nonsense' },
      { url: 'ftp://h/' },
      { url: 'http://h/', transport: 'websocket' as const },
    ])
      assert.throws(() => new RecordedConnection(spec), { code: 'BAD_URL' })
  })
})
