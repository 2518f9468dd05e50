import assert from 'node:assert/strict'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { WebSocket, WebSocketServer } from 'ws'
import { FaultyProxy } from '../../support/faulty-proxy.ts'

const TEXTS = Array.from({ length: 100 }, (_, index) => JSON.stringify({ n: index, text: 'the same words' }))

/** A server that sends `texts` to each client, and keeps what it receives. */
async function serve(texts: readonly string[], options: object = {}) {
  const server = new WebSocketServer({ port: 0, host: '127.0.0.1', ...options })
  await once(server, 'listening')
  const received: string[] = []
  server.on('connection', (socket) => {
    socket.on('message', (data) => received.push(String(data)))
    for (const text of texts) socket.send(text)
  })
  const { port } = server.address() as AddressInfo
  return {
    received,
    target: `http://127.0.0.1:${port}`,
    async stop() {
      for (const client of server.clients) client.terminate()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

/** What a client receives, with the times. */
function connect(url: string) {
  const client = new WebSocket(url)
  const received: { readonly text: string; readonly at: number }[] = []
  const closed = new Promise<number>((resolve) => client.on('close', resolve))
  const failed = new Promise<string>((resolve) => client.on('error', ({ message }) => resolve(message)))
  client.on('message', (data) => received.push({ text: String(data), at: performance.now() }))
  return { client, received, closed, failed, texts: () => received.map(({ text }) => text) }
}

const DEFLATE = { perMessageDeflate: { threshold: 0 } }

describe('faults of WebSockets through a proxy', () => {
  const ends: (() => Promise<void>)[] = []
  afterEach(async () => {
    for (const end of ends.splice(0).reverse()) await end()
  })

  async function start(faults: readonly string[], texts: readonly string[] = TEXTS, options: object = {}) {
    const server = await serve(texts, options)
    ends.push(() => server.stop())
    const proxy = await FaultyProxy.start(server.target, faults)
    ends.push(() => proxy.stop())
    return { server, proxy }
  }

  for (const [what, options] of [
    ['uncompressed', {}],
    ['compressed with context', DEFLATE],
  ] as const) {
    it(`drops the same ${what} messages in each run, and records them`, async () => {
      const runs: string[][] = []
      for (const _run of [1, 2]) {
        const { proxy } = await start(['drop=0.1,seed=1'], [...TEXTS, 'last'], options)
        const { received, texts } = connect(proxy.wsUrl)
        await proxy.until(({ events }) => events.filter(({ type }) => type === 'message').length === 101)
        const passed = proxy.messages().filter(({ faults }) => !faults.includes('drop'))
        while (received.length < passed.length) await new Promise(setImmediate)
        assert.deepEqual(
          texts(),
          passed.map(({ text }) => text),
        )
        const dropped = proxy.messages().filter(({ faults }) => faults.includes('drop'))
        assert.ok(dropped.length > 0)
        runs.push(dropped.map(({ text }) => text))
      }
      assert.deepEqual(runs[0], runs[1])
    })

    it(`passes ${what} messages twice, in another order and changed`, async () => {
      const { proxy } = await start(
        ['duplicate=0.3,seed=2', 'reorder=0.2,seed=3', 'corrupt=0.2,seed=4', 'delay=1'],
        TEXTS,
        options,
      )
      const { received, texts } = connect(proxy.wsUrl)
      await proxy.until(({ events }) => events.filter(({ type }) => type === 'message').length === 100)
      const recorded = proxy.messages()
      const expected = recorded.flatMap(({ text, faults }) =>
        faults.includes('duplicate') ? [text, text] : [text],
      )
      while (received.length < expected.length) await new Promise((resolve) => setTimeout(resolve, 5))
      assert.deepEqual(texts().sort(), expected.sort())
      for (const fault of ['duplicate', 'reorder', 'corrupt'])
        assert.ok(
          recorded.some(({ faults }) => faults.includes(fault)),
          fault,
        )
    })
  }

  it('delays what the filter finds, and nothing else before it', async () => {
    const { proxy } = await start(['delay=150,match=$.n == 2'], [])
    const { client } = connect(proxy.wsUrl)
    await once(client, 'open')
    for (const text of TEXTS.slice(0, 4)) client.send(text)
    await proxy.until(({ events }) => events.filter(({ type }) => type === 'message').length === 4)
    assert.deepEqual(
      proxy.messages('out').map(({ faults }) => faults.join()),
      ['', '', 'delay=150', ''],
    )
  })

  it('delays by at least the time, as the client measures it', async () => {
    const { proxy } = await start(['delay=150'], ['a'])
    const sent = performance.now()
    const { received, client } = connect(proxy.wsUrl)
    await once(client, 'message')
    assert.ok((received[0]?.at ?? 0) - sent >= 149)
  })

  it('cuts after a count, says so, and the program’s own reconnect is an attempt of the same connection', async () => {
    const { proxy } = await start(['cut-after=5n'], TEXTS.slice(0, 8))
    // As apps do it.
    const reconnected = once(new WebSocket(proxy.wsUrl), 'close').then(() => connect(proxy.wsUrl))
    await proxy.until(({ events }) => events.filter(({ type }) => type === 'open').length === 2)
    const { client } = await reconnected
    client.terminate()
    const lifecycle = proxy.events.filter(({ type }) => type !== 'message' && type !== 'mark')
    const [error] = lifecycle.filter(({ type }) => type === 'error')
    assert.ok(error?.type === 'error')
    assert.deepEqual(
      [error.code, error.message],
      ['FAULT', 'The proxy cut the connection on purpose (cut-after=5n).'],
    )
    assert.deepEqual(
      lifecycle.slice(0, 6).map(({ type }) => type),
      ['connect', 'open', 'error', 'close', 'reconnect', 'connect'],
    )
    assert.ok(lifecycle.every((event) => 'connection' in event && event.connection === 1))
  })

  it('refuses connections, and answers them with a status', async () => {
    for (const [fault, expected] of [
      ['refuse=1', /socket hang up|ECONNRESET/],
      ['status=503', /Unexpected server response: 503/],
    ] as const) {
      const { proxy } = await start([fault])
      const { failed } = connect(proxy.wsUrl)
      assert.match(await failed, expected)
      await proxy.until(({ events }) => events.some(({ type }) => type === 'close'))
      const error = proxy.events.find(({ type }) => type === 'error')
      assert.match(error?.type === 'error' ? error.message : '', /on purpose/)
    }
  })

  it('holds a message until it is released, and passes what the user made of it', async () => {
    const { proxy, server } = await start(['hold'], [])
    const { client } = connect(proxy.wsUrl)
    await once(client, 'open')
    for (const text of ['first', 'second', 'third']) client.send(text)
    await proxy.until(({ status }) => status?.held?.length === 3)
    assert.deepEqual(server.received, [])
    const [first, second, third] = proxy.status?.held ?? []
    assert.deepEqual([first?.text, first?.direction, first?.size], ['first', 'out', 5])
    const { releaseHeld } = proxy.sources.handlers
    await releaseHeld({ proxy: 1, message: first?.id ?? 0, text: 'edited' })
    await releaseHeld({ proxy: 1, message: second?.id ?? 0, drop: true })
    await releaseHeld({ proxy: 1, message: third?.id ?? 0 })
    while (server.received.length < 2) await new Promise(setImmediate)
    assert.deepEqual(server.received, ['edited', 'third'])
    assert.deepEqual(
      proxy
        .messages('out')
        .map(({ text, faults }) => [text, ...faults.map((fault) => fault.replace(/\d+/, 'N'))]),
      [
        ['edited', 'hold=N', 'edit'],
        ['second', 'hold=N', 'drop'],
        ['third', 'hold=N'],
      ],
    )
    assert.equal(proxy.status?.held, undefined)
  })

  it('drops what it holds if the connection is cut', async () => {
    const { proxy } = await start(['hold'], [])
    const { client } = connect(proxy.wsUrl)
    await once(client, 'open')
    client.send('never')
    await proxy.until(({ status }) => status?.held?.length === 1)
    await proxy.sources.handlers.cut({ connection: 1 })
    await proxy.until(({ events }) => events.some(({ type }) => type === 'close'))
    assert.match(proxy.messages('out')[0]?.faults.join() ?? '', /^hold=\d+,drop$/)
    assert.equal(proxy.status?.held, undefined)
  })

  it('can be switched on and off while messages pass', async () => {
    const { proxy, server } = await start([], [], DEFLATE)
    const { client } = connect(proxy.wsUrl)
    await once(client, 'open')
    const { setFaults } = proxy.sources.handlers
    const send = async (text: string, count: number) => {
      client.send(text)
      while (server.received.length < count) await new Promise(setImmediate)
    }
    await send('before, and the same words again', 1)
    await setFaults({ proxy: 1, connection: 1, faults: [{ kind: 'duplicate', value: 1 }] })
    await send('during, and the same words again', 3)
    await setFaults({ proxy: 1, connection: 1, faults: [] })
    await send('after, and the same words again', 4)
    assert.deepEqual(
      server.received.map((text) => text.split(',')[0]),
      ['before', 'during', 'during', 'after'],
    )
  })
})
