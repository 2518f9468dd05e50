import assert from 'node:assert/strict'
import { io, type Socket } from 'socket.io-client'
import { type ServedTest, serveRecording, stopServing } from '../../../support/served.ts'

describe('a recording of polls of Engine.IO, served by content', () => {
  const sockets: Socket[] = []
  let served: ServedTest

  afterEach(async () => {
    for (const socket of sockets.splice(0)) socket.disconnect()
    await stopServing()
  })

  async function connect(recording: string, transports: string[]): Promise<Socket> {
    served = await serveRecording(recording, { loop: true })
    const socket = io(new URL(served.url).origin, { transports, reconnection: false })
    sockets.push(socket)
    await next(socket, 'connect')
    return socket
  }

  /** The arguments of the next event. */
  function next(socket: Socket, event: string): Promise<unknown[]> {
    return new Promise((resolve) => socket.once(event, (...args: unknown[]) => resolve(args)))
  }

  it('acknowledges calls in another order than recorded, over polls', async () => {
    const socket = await connect('engineio-polling.har', ['polling'])
    const echo = next(socket, 'echo')
    socket.emit('echo', 'b')
    assert.equal((await echo)[0], 'b')
    const { got, back } = await socket.emitWithAck('upload', Buffer.from('01ff', 'hex'))
    assert.equal(got, 2)
    assert.equal(Buffer.from(back).toString('hex'), '010203fa')
    assert.equal(await socket.emitWithAck('sum', 1, 2), 3)
    assert.equal(socket.io.engine.transport.name, 'polling')
  })

  it('sends heartbeats over polls', async () => {
    const socket = await connect('engineio-polling.har', ['polling'])
    let pings = 0
    await new Promise<void>((resolve, reject) => {
      socket.io.on('ping', () => {
        pings++
        if (pings === 4) resolve()
      })
      socket.on('disconnect', reject)
    })
  })

  it('takes clients that upgrade to a WebSocket', async () => {
    const socket = await connect('engineio-upgrade.har', ['polling', 'websocket'])
    if (socket.io.engine.transport.name !== 'websocket')
      await new Promise<void>((resolve) => socket.io.engine.once('upgrade', () => resolve()))
    const echo = next(socket, 'echo')
    socket.emit('echo', 'b')
    assert.equal((await echo)[0], 'b')
    assert.equal(await socket.emitWithAck('sum', 1, 2), 3)
  })

  it('says which recorded request is nearest to one that is not in it', async () => {
    const socket = await connect('engineio-polling.har', ['polling'])
    socket.emit('sum', 1, 3, () => {})
    assert.equal(await socket.emitWithAck('sum', 1, 2), 3)
    const wrong = served.told.find((event) => event.type === 'received' && event.matched === false)
    assert.ok(wrong?.type === 'received')
    assert.match(wrong.nearest ?? '', /^request sum: 420\["sum",1,2\]/)
  })
})
