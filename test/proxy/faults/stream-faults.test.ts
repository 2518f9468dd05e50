import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer, type RequestListener, type ServerResponse } from 'node:http'
import { type AddressInfo, connect } from 'node:net'
import { EventSource } from 'eventsource'
import { request } from 'undici'
import { FaultyProxy } from '../../support/faulty-proxy.ts'

describe('faults of streams through a proxy', () => {
  const ends: (() => Promise<void> | void)[] = []
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

  /** What an EventSource receives until the event `end`. */
  async function receive(proxy: FaultyProxy): Promise<string[]> {
    const source = new EventSource(`${proxy.httpUrl}/events`)
    ends.push(() => source.close())
    const received: string[] = []
    source.addEventListener('message', ({ data }) => received.push(data))
    await new Promise<void>((resolve) => source.addEventListener('end', () => resolve()))
    source.close()
    return received
  }

  const NUMBERS = Array.from({ length: 20 }, (_, index) => String(index))

  /** An event stream in writes that do not end where events do. */
  function events(response: ServerResponse, numbers: readonly string[]): void {
    response.writeHead(200, { 'content-type': 'text/event-stream' })
    response.write(': a comment\n\nretry: 10\n\n')
    response.write(
      numbers
        .map((number) => `id: ${number}\r\ndata: ${number}\r\n\r\nda`)
        .join('')
        .slice(0, -2),
    )
    response.write('event: end\ndata: end\n\n')
  }

  it('drop events, the same ones with the same seed', async () => {
    const fault = 'drop=0.5,seed=7,match=$ != "end"'
    const runs: string[][] = []
    for (let run = 0; run < 2; run++) {
      const proxy = await start([fault], (_request, response) => {
        response.writeHead(200, { 'content-type': 'text/event-stream' })
        for (const number of NUMBERS) response.write(`id: ${number}\ndata: ${number}\n\n`)
        response.write('event: end\ndata: "end"\n\n')
      })
      const received = await receive(proxy)
      await proxy.until((each) => each.messages().length === 21)
      const recorded = proxy.messages().slice(0, -1)
      assert.deepEqual(
        recorded.map(({ text }) => text),
        NUMBERS,
      )
      const passed = recorded.filter(({ faults }) => !faults.includes('drop'))
      assert.deepEqual(
        passed.map(({ text }) => text),
        received,
      )
      assert.ok(received.length > 0 && received.length < 20)
      runs.push(received)
    }
    assert.deepEqual(runs[0], runs[1])
  })

  it('pass each event on twice', async () => {
    const proxy = await start(['duplicate=1'], (_request, response) => events(response, ['1']))
    assert.deepEqual(await receive(proxy), ['1', '1'])
    assert.deepEqual(proxy.messages()[0], { text: '1', faults: ['duplicate'] })
  })

  it('delay each event of a stream, and its end behind it', async () => {
    const proxy = await start(['delay=150'], (_request, response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' })
      response.end('data: a\n\n')
    })
    const sentAt = performance.now()
    const { headers, body } = await request(`${proxy.httpUrl}/events`)
    assert.equal(headers['transfer-encoding'], 'chunked')
    assert.equal(headers['content-length'], undefined)
    assert.equal(await body.text(), 'data: a\n\n')
    assert.ok(performance.now() - sentAt >= 75)
    assert.deepEqual(proxy.messages(), [{ text: 'a', faults: ['delay=150'] }])
  })

  it('cut an event stream after a number of events', async () => {
    const proxy = await start(['cut-after=3n'], (_request, response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' })
      response.write(': none\n\nretry: 10\n\n')
      for (const number of NUMBERS) response.write(`data: ${number}\n\n`)
    })
    const source = new EventSource(`${proxy.httpUrl}/events`)
    ends.push(() => source.close())
    const received: string[] = []
    source.addEventListener('message', ({ data }) => received.push(data))
    await proxy.until(({ events: all }) => all.some(({ type }) => type === 'reconnect'))
    source.close()
    assert.deepEqual(received.slice(0, 3), ['0', '1', '2'])
    const error = proxy.events.find(({ type }) => type === 'error')
    assert.match(error?.type === 'error' ? error.message : '', /on purpose \(cut-after=3n\)/)
  })

  // One of them becomes too long with the chunk that completes it.
  for (const size of [(1 << 20) + 3000, 2 << 20])
    it(`do not act on an event of ${size} bytes, nor on what follows it`, async () => {
      const long = `data: ${'x'.repeat(size)}\n\n`
      const proxy = await start(['duplicate=1'], (_request, response) => {
        response.writeHead(200, { 'content-type': 'text/event-stream' })
        response.write('data: a\n\n')
        response.write(long)
        response.end('data: b\n\n')
      })
      const { body } = await request(`${proxy.httpUrl}/events`)
      const received = await body.text()
      assert.equal(received.length, 'data: a\n\n'.length * 3 + long.length)
      assert.ok(received === `data: a\n\ndata: a\n\n${long}data: b\n\n`)
      await proxy.until((each) => each.messages().length === 3)
    })

  it('change lines of a stream of JSON texts, and keep their framing', async () => {
    const proxy = await start(['corrupt=1,seed=1', 'reorder=1'], (_request, response) => {
      response.writeHead(200, { 'content-type': 'application/x-ndjson' })
      response.end('{"a":1}\n{"a":2}\n')
    })
    const { body } = await request(`${proxy.httpUrl}/lines`)
    const lines = (await body.text()).split('\n')
    await proxy.until((each) => each.messages().length === 2)
    const [first, second] = proxy.messages()
    assert.deepEqual(lines, [second?.text, first?.text, ''])
    assert.notEqual(first?.text, '{"a":1}')
    assert.deepEqual(first?.faults, ['corrupt', 'reorder'])
  })

  it('hold other responses as they are, and note it on polls', async () => {
    const proxy = await start(['delay=150'], (_request, response) => {
      response.writeHead(200, { 'content-type': 'application/json', 'content-length': 7 }).end('{"n":1}')
    })
    // The pause that makes it a poll is the delay itself.
    while (proxy.messages().length === 0) {
      const sentAt = performance.now()
      const { headers, body } = await request(`${proxy.httpUrl}/poll`)
      assert.equal(headers['content-length'], '7')
      assert.equal(await body.text(), '{"n":1}')
      assert.ok(performance.now() - sentAt >= 75)
    }
    assert.deepEqual(proxy.messages()[0]?.faults, ['delay=150'])
  })

  it('slow any response down', async () => {
    const proxy = await start(['throttle=100000'], (_request, response) =>
      response.end(Buffer.alloc(20_000, 'a')),
    )
    const sentAt = performance.now()
    const { body } = await request(`${proxy.httpUrl}/file`)
    assert.equal((await body.text()).length, 20_000)
    assert.ok(performance.now() - sentAt >= 100)
  })

  it('end a stream towards HTTP/1.0 by closing the connection', async () => {
    const proxy = await start(['duplicate=1'], (_request, response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' })
      response.end('data: a\n\n')
    })
    const socket = connect(Number(new URL(proxy.httpUrl).port), '127.0.0.1')
    socket.write('GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n')
    let text = ''
    socket.on('data', (bytes) => {
      text += String(bytes)
    })
    await once(socket, 'end')
    socket.destroy()
    assert.ok(text.endsWith('\r\n\r\ndata: a\n\ndata: a\n\n'))
    assert.match(text, /\r\nConnection: close\r\n/)
    assert.doesNotMatch(text, /chunked/)
  })
})
