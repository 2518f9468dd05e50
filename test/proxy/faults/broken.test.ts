/** Errors of the proxy itself on one connection, in what timers, promises and sockets call. */
import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer } from 'node:http'
import { WebSocket, WebSocketServer } from 'ws'
import { FaultyProxy } from '../../support/faulty-proxy.ts'
import { listen } from '../../support/loopback.ts'

/** Compresses to little and inflates in many slices. */
const LARGE = 'poison'.repeat(2_000_000)

describe('an error of the proxy itself', () => {
  const ends: (() => Promise<void> | void)[] = []
  afterEach(async () => {
    for (const end of ends.splice(0).reverse()) await end()
  })

  async function start(faults: readonly string[], perMessageDeflate = false): Promise<FaultyProxy> {
    const server = createServer((_request, response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' })
      response.write('data: fine\n\ndata: poison\n\n')
    })
    const sockets = new WebSocketServer({ server, perMessageDeflate })
    sockets.on('connection', (socket) => socket.on('message', (data) => socket.send(String(data))))
    const proxy = await FaultyProxy.start(`http://127.0.0.1:${await listen(server)}`, faults)
    ends.push(() => {
      for (const socket of sockets.clients) socket.terminate()
      server.closeAllConnections()
      server.close()
    })
    ends.push(() => proxy.stop())
    proxy.breaksAt = (event) =>
      event.type === 'message' && Buffer.from(event.payload.subarray(0, 10)).includes('poison')
    return proxy
  }

  /** What the session says at the end of each connection that ended, by its number. */
  function errorsOf({ events }: FaultyProxy): [number, string, string][] {
    return events.flatMap((event) =>
      event.type === 'error'
        ? [[event.connection, event.code, event.message] as [number, string, string]]
        : [],
    )
  }

  const EXPECTED = [
    [
      2,
      'INTERNAL',
      'The proxy cut the connection because of an error of its own: the recording is broken here',
    ],
  ]

  for (const [where, faults, isDeflated] of [
    ['when bytes arrive', [], false],
    ['after a delay', ['delay=20'], false],
    ['after a filter that is searched in a thread', ['delay=1,match=/o./'], false],
    ['while a large message is inflated', [], true],
    ['while a large message is inflated before a gate', ['delay=20'], true],
  ] as const)
    it(`ends the WebSocket on which it happens ${where}, and no other`, async () => {
      const proxy = await start(faults, isDeflated)
      const other = new WebSocket(proxy.wsUrl)
      await once(other, 'open')
      const client = new WebSocket(`${proxy.wsUrl}/second`)
      await once(client, 'open')
      const closed = once(client, 'close')
      client.send(isDeflated ? LARGE : 'poison')
      assert.equal((await closed)[0], 1006)
      await proxy.until(({ events }) => events.some(({ type }) => type === 'close'))
      assert.deepEqual(errorsOf(proxy), EXPECTED)
      other.send('still alive')
      const [data] = await once(other, 'message')
      assert.equal(String(data), 'still alive')
      other.terminate()
    })

  it('ends the WebSocket whose held message cannot be recorded', async () => {
    const proxy = await start(['hold'])
    const other = new WebSocket(proxy.wsUrl)
    await once(other, 'open')
    const client = new WebSocket(`${proxy.wsUrl}/second`)
    await once(client, 'open')
    client.send('poison')
    await proxy.until(({ status }) => status?.held?.length === 1)
    const closed = once(client, 'close')
    await proxy.sources.handlers.setFaults({ proxy: 1, faults: [] })
    await closed
    await proxy.until(({ events }) => events.some(({ type }) => type === 'close'))
    assert.deepEqual(errorsOf(proxy), EXPECTED)
    other.send('still alive')
    await once(other, 'message')
    other.terminate()
  })

  it('does not end the proxy if a restart cannot be noted', async () => {
    const proxy = await start(['restart=1'])
    proxy.breaksAt = ({ type }) => type === 'mark'
    const client = new WebSocket(proxy.wsUrl)
    client.on('error', () => {})
    await once(client, 'close')
    await proxy.until(({ events }) => events.some(({ type }) => type === 'close'))
    assert.match(errorsOf(proxy)[0]?.[2] ?? '', /on purpose \(restart=1\)/)
  })
})
