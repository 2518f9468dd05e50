/** Messages through a proxy that are larger than the user's limit. */
import assert from 'node:assert/strict'
import { once } from 'node:events'
import { WebSocket, WebSocketServer } from 'ws'
import { FaultyProxy } from '../../support/faulty-proxy.ts'

const LIMIT = 1000
/** Does not compress well. */
const noise = (size: number) =>
  Array.from({ length: size }, (_, index) => String.fromCharCode(33 + ((index * index * 7919) % 89))).join('')
const LARGE = noise(200_000)
const TEXTS = ['a', 'x'.repeat(LIMIT), 'y'.repeat(LIMIT + 1), 'b', LARGE, 'c', noise(5000), '', 'd']

describe('a message larger than the limit of the user', () => {
  const ends: (() => Promise<void> | void)[] = []
  afterEach(async () => {
    for (const end of ends.splice(0).reverse()) await end()
  })

  async function start(faults: readonly string[], perMessageDeflate: object | false) {
    const server = new WebSocketServer({ port: 0, host: '127.0.0.1', perMessageDeflate })
    await once(server, 'listening')
    ends.push(() => {
      for (const each of server.clients) each.terminate()
      server.close()
    })
    const address = server.address()
    const port = typeof address === 'object' ? address?.port : undefined
    const proxy = await FaultyProxy.start(`http://127.0.0.1:${port}`, faults, LIMIT)
    ends.push(() => proxy.stop())
    const client = new WebSocket(proxy.wsUrl, { perMessageDeflate })
    const received: string[] = []
    client.on('message', (data) => received.push(String(data)))
    const [[socket]] = await Promise.all([once(server, 'connection'), once(client, 'open')])
    return { proxy, client, received, socket: socket as WebSocket }
  }

  const WITHOUT = TEXTS.map(({ length }) => length).filter((length) => length > LIMIT)
  const FITTING = TEXTS.filter(({ length }) => length <= LIMIT)

  for (const [compression, perMessageDeflate] of [
    ['without compression', false],
    ['with compression', { threshold: 0 }],
    [
      'with compression without context takeover',
      { threshold: 0, serverNoContextTakeover: true, clientNoContextTakeover: true },
    ],
  ] as const)
    for (const faults of [[], ['delay=1']])
      it(`passes ${compression}${faults.length > 0 ? ' and a fault' : ''}, is said with its size, and the next ones are recorded`, async () => {
        const { proxy, client, received, socket } = await start(faults, perMessageDeflate)
        for (const text of TEXTS) socket.send(text)
        await proxy.until((each) => each.messages().length === FITTING.length)
        assert.deepEqual(
          proxy.messages().map(({ text }) => text),
          FITTING,
        )
        const errors = proxy.events.flatMap((event) => (event.type === 'error' ? [event] : []))
        assert.ok(errors.every(({ code }) => code === 'TOO_LARGE'))
        assert.deepEqual(
          errors.map(({ message }) => Number(/of (\d+) bytes, which/.exec(message)?.[1])),
          WITHOUT,
        )
        while (received.length < TEXTS.length) await once(client, 'message')
        assert.deepEqual(received, TEXTS)
      })

  it('is passed over in fragments, with pings between them', async () => {
    const { proxy, client: socket } = await start([], false)
    for (const part of ['a'.repeat(600), 'b'.repeat(600), 'c'.repeat(10)]) {
      socket.send(part, { fin: false })
      socket.ping('between')
    }
    socket.send('', { fin: true })
    socket.send('next')
    await proxy.until((each) => each.messages('out').length === 1)
    assert.deepEqual(
      proxy.messages('out').map(({ text }) => text),
      ['next'],
    )
    assert.equal(proxy.events.filter(({ type }) => type === 'ping').length, 3)
    const error = proxy.events.find(({ type }) => type === 'error')
    assert.match(error?.type === 'error' ? error.message : '', /^The client sent a message of 1210 bytes/)
  })
})
