import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer, type RequestListener } from 'node:http'
import { type AddressInfo, connect } from 'node:net'
import { text } from 'node:stream/consumers'
import { EventSource } from 'eventsource'
import { request } from 'undici'
import { FaultyProxy } from '../../support/faulty-proxy.ts'

describe('faults of HTTP through a proxy', () => {
  const ends: (() => Promise<void>)[] = []
  afterEach(async () => {
    for (const end of ends.splice(0).reverse()) await end()
  })

  async function start(faults: readonly string[], listener: RequestListener) {
    const server = createServer(listener)
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    ends.push(async () => {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    })
    const { port } = server.address() as AddressInfo
    const proxy = await FaultyProxy.start(`http://127.0.0.1:${port}`, faults)
    ends.push(() => proxy.stop())
    return proxy
  }

  it('answer without content if the status has none', async () => {
    const proxy = await start(['status=204'], () => {})
    const socket = connect(Number(new URL(proxy.httpUrl).port), '127.0.0.1')
    socket.write('GET / HTTP/1.1\r\nHost: localhost\r\n\r\n')
    assert.equal(
      await text(socket),
      'HTTP/1.1 204 No Content\r\nCache-Control: no-store\r\nConnection: close\r\n\r\n',
    )
  })

  it('cut an event stream, whose EventSource reconnects', async () => {
    const proxy = await start(['cut-after=150ms'], (_request, response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' })
      response.write('retry: 20\ndata: hello\n\n')
    })
    const source = new EventSource(`${proxy.httpUrl}/events`)
    await proxy.until(({ events }) => events.filter(({ type }) => type === 'open').length === 2)
    source.close()
    const error = proxy.events.find(({ type }) => type === 'error')
    assert.equal(
      error?.type === 'error' && error.message,
      'The proxy cut the connection on purpose (cut-after=150ms).',
    )
    assert.ok(proxy.events.some(({ type }) => type === 'reconnect'))
  })

  it('of one event stream act on its next attempt, and on no other request', async () => {
    const proxy = await start([], (_request, response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' })
      response.write('retry: 20\ndata: hello\n\n')
    })
    const source = new EventSource(`${proxy.httpUrl}/events`)
    await once(source, 'message')
    await proxy.sources.handlers.setFaults({
      proxy: 1,
      connection: 1,
      faults: [{ kind: 'status', value: 503 }],
    })
    await proxy.sources.handlers.cut({ connection: 1 })
    await proxy.until(({ events }) => events.filter(({ type }) => type === 'connect').length === 2)
    const attempt = ({ events }: FaultyProxy) =>
      events.slice(events.findIndex(({ type }) => type === 'reconnect'))
    await proxy.until((seen) => attempt(seen).some(({ type }) => type === 'error' || type === 'open'))
    source.close()
    const errors = proxy.events.flatMap((event) => (event.type === 'error' ? [event.message] : []))
    assert.deepEqual(errors, [
      'The proxy cut the connection on purpose, as it was told to.',
      'The proxy answered with 503 on purpose (status=503).',
    ])
    const other = await request(`${proxy.httpUrl}/other`)
    assert.equal(other.statusCode, 200)
    other.body.destroy()
  })

  it('answer with a status, and refuse, and note it in the session', async () => {
    const proxy = await start(['status=503,match=/busy', 'refuse=1,match=/gone'], (_request, response) => {
      response.end('passed')
    })
    const passed = await request(`${proxy.httpUrl}/other`)
    assert.equal(await passed.body.text(), 'passed')
    const busy = await request(`${proxy.httpUrl}/busy`)
    assert.equal(busy.statusCode, 503)
    assert.match(await busy.body.text(), /on purpose \(status=503,match=\/busy\)/)
    await assert.rejects(request(`${proxy.httpUrl}/gone`))
    assert.equal(
      proxy.events.filter((event) => event.type === 'mark' && / GET http/.test(event.text)).length,
      2,
    )
  })

  it('hold a response back until there are enough bytes, or until its end', async () => {
    const writes: ((text: string) => void)[] = []
    const proxy = await start(['buffer=100'], (_request, response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' })
      response.write(`data: ${'a'.repeat(40)}\n\n`)
      writes.push((text) => response.write(text))
      writes.push(() => response.end())
    })
    const { body } = await request(`${proxy.httpUrl}/events`)
    let received = ''
    body.on('data', (chunk) => {
      received += String(chunk)
    })
    const ended = once(body, 'end')
    await proxy.until(({ events }) => events.filter(({ type }) => type === 'message').length === 1)
    assert.equal(received, '')
    writes[0]?.(`data: ${'b'.repeat(60)}\n\n`)
    await once(body, 'data')
    assert.equal(received, `data: ${'a'.repeat(40)}\n\ndata: ${'b'.repeat(60)}\n\n`)
    writes[0]?.('data: c\n\n')
    await proxy.until(({ events }) => events.filter(({ type }) => type === 'message').length === 3)
    writes[1]?.('')
    await ended
    assert.ok(received.endsWith('data: c\n\n'))
  })
})
