import assert from 'node:assert/strict'
import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { eventually } from '../../support/eventually.ts'
import { closeServers } from '../../support/loopback.ts'
import { closeFrame, frame, serveRaw, switchingProtocols } from '../../support/raw-server.ts'
import { type Relayed, relayTo } from './support.ts'

const REQUEST = [
  ...['GET / HTTP/1.1', 'Host: relay', 'Upgrade: websocket', 'Connection: Upgrade'],
  ...['Sec-WebSocket-Version: 13', 'Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==', '\r\n'],
].join('\r\n')

interface Ends {
  readonly client: Socket
  readonly server: Socket
  readonly relay: Relayed
}

/** Raw sockets on both sides of a relay, after the handshake. */
async function open(): Promise<Ends> {
  let serve = (_: Socket) => {}
  const served = new Promise<Socket>((resolve) => {
    serve = resolve
  })
  const host = await serveRaw((socket, head) => {
    socket.allowHalfOpen = true
    socket.write(switchingProtocols(head))
    serve(socket)
  })
  const relay = await relayTo(`ws://${host}/`)
  const client = connect({ host: '127.0.0.1', port: Number(new URL(relay.url).port), allowHalfOpen: true })
  client.on('error', () => {})
  client.write(REQUEST)
  const [head] = await once(client, 'data')
  assert.match(String(head), /^HTTP\/1\.1 101 /)
  return { client, server: await served, relay }
}

describe('the connections of a relay', () => {
  afterEach(closeServers)

  it('end one side at a time', async () => {
    const { client, server, relay } = await open()
    const ended = once(server, 'end')
    server.resume()
    client.end()
    await ended
    // The other direction is still open.
    server.write(frame(1, 'after the end'))
    const [data] = await once(client, 'data')
    assert.deepEqual(data, frame(1, 'after the end'))
    assert.equal(
      relay.events.some(({ type }) => type === 'close'),
      false,
    )
    server.end(closeFrame(1001))
    const close = (await relay.closed()).at(-1)
    assert.ok(close?.type === 'close')
    assert.deepEqual([close.code, close.by], [1001, 'server'])
  })

  for (const [from, to, by] of [
    ['client', 'server', 'client'],
    ['server', 'client', 'network'],
  ] as const)
    it(`pass a reset of the ${from} on as a reset`, async () => {
      const ends = await open()
      for (const side of [ends.client, ends.server]) side.resume()
      const failed = once(ends[to], 'error').catch((error) => [error])
      ends[from].resetAndDestroy()
      const [error] = await failed
      assert.equal(error.code, 'ECONNRESET')
      const close = (await ends.relay.closed()).at(-1)
      assert.ok(close?.type === 'close')
      assert.deepEqual([close.code, close.by], [1006, by])
    })

  it('say that a side ended inside a message', async () => {
    const { client, server, relay } = await open()
    client.resume()
    server.end(frame(1, 'x'.repeat(1000)).subarray(0, 500))
    client.end()
    const error = (await relay.closed()).find((event) => event.type === 'error')
    assert.ok(error?.type === 'error')
    assert.equal(error.code, 'TRUNCATED')
    assert.match(error.message, /server.* after 500 of its bytes/)
  })

  it('stop the server if the client does not read, and lose nothing', async () => {
    const { client, server, relay } = await open()
    client.pause()
    const message = frame(2, Buffer.alloc(64 * 1024, 7))
    let sent = 0
    // Until neither the relay nor the buffers of the system take more.
    while (server.write(message) || (await drainsSoon(server))) sent++
    sent++
    const [legs] = relay.legs
    assert.ok(legs !== undefined)
    const buffered = legs.client.writableLength + legs.server.readableLength
    assert.ok(buffered < 512 * 1024, `${buffered} bytes are in the memory of the relay`)
    let got = 0
    client.on('data', (chunk: Buffer) => {
      got += chunk.length
    })
    client.resume()
    await eventually(() => assert.equal(got, sent * message.length))
    client.end()
    server.end()
    const count = (await relay.closed()).filter(({ type }) => type === 'message').length
    assert.equal(count, sent)
  })

  it('goes on to pass everything after a message that is too large to record', async () => {
    const { client, server, relay } = await open()
    client.resume()
    const header = Buffer.alloc(10)
    header[0] = 0x82
    header[1] = 127
    const size = 64 * 1024 * 1024 + 1
    header.writeBigUInt64BE(BigInt(size), 2)
    let got = 0
    client.on('data', (chunk: Buffer) => {
      got += chunk.length
    })
    server.write(header)
    server.write(Buffer.alloc(size))
    server.end(closeFrame(1000))
    client.end()
    const events = await relay.closed()
    await eventually(() => assert.equal(got, header.length + size + 4))
    assert.deepEqual(
      events.flatMap((event) => (event.type === 'error' ? [event.code] : [])),
      ['TOO_LARGE'],
    )
  })
})

/** Whether the socket takes more within a moment; if it does not, what is behind it is full. */
async function drainsSoon(socket: Socket): Promise<boolean> {
  const patience = new AbortController()
  const timer = setTimeout(() => patience.abort(), 500)
  try {
    await once(socket, 'drain', { signal: patience.signal })
    return true
  } catch {
    return false
  } finally {
    clearTimeout(timer)
  }
}
