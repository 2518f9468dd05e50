import assert from 'node:assert/strict'
import { once } from 'node:events'
import { io, type Socket } from 'socket.io-client'
import WebSocket from 'ws'
import { becomes } from '../../../support/eventually.ts'
import { type ServedTest, serveRecording, stopServing } from '../../../support/served.ts'

describe('a recording of socket.io, served by content', () => {
  const sockets: Socket[] = []
  let served: ServedTest

  beforeEach(async () => {
    served = await serveRecording('socketio.rtsession')
  })
  afterEach(async () => {
    for (const socket of sockets.splice(0)) socket.disconnect()
    await stopServing()
  })

  async function connect(namespace = ''): Promise<Socket> {
    const { origin } = new URL(served.url.replace('ws', 'http'))
    const socket = io(`${origin}${namespace}`, { transports: ['websocket'], reconnection: false })
    sockets.push(socket)
    await next(socket, 'connect')
    return socket
  }

  /** The arguments of the next event. */
  function next(socket: Socket, event: string): Promise<unknown[]> {
    return new Promise((resolve) => socket.once(event, (...args: unknown[]) => resolve(args)))
  }

  it('acknowledges calls in another order than recorded, with the ids of the client', async () => {
    const socket = await connect()
    // Ids 0 to 2 are used up, so that those of the calls differ from the recorded ones.
    assert.deepEqual(await socket.emitWithAck('fail'), { error: 'not allowed', code: 403 })
    assert.equal(await socket.emitWithAck('sum', 20, 22), 42)
    assert.deepEqual(await socket.emitWithAck('fail'), { error: 'not allowed', code: 403 })
    const sums = await Promise.all([socket.emitWithAck('sum', 20, 22), socket.emitWithAck('sum', 20, 22)])
    assert.deepEqual(sums, [42, 42])
  })

  it('sends binary attachments with the packets that they belong to', async () => {
    const socket = await connect()
    const { got, back } = await socket.emitWithAck('upload', Buffer.from('AAEC//4=', 'base64'))
    assert.equal(got, 5)
    assert.equal(Buffer.from(back).toString('base64'), 'AQID+g==')
  })

  it('asks the client, and goes on after its acknowledgment', async () => {
    const socket = await connect()
    socket.on('question', (_text: string, answer: (text: string) => void) => answer('fine, thanks'))
    const answered = next(socket, 'answered')
    socket.emit('ask')
    assert.deepEqual((await answered)[0], 'fine, thanks')
  })

  it('answers the second client also by what was recorded on the first connection', async () => {
    await connect()
    const socket = await connect()
    assert.equal(await socket.emitWithAck('sum', 20, 22), 42)
  })

  it('does not take any first packet for a handshake', async () => {
    const socket = new WebSocket(served.url)
    await once(socket, 'message')
    socket.send('garbage')
    await becomes(() => served.told.filter(({ type }) => type === 'received').length, 1)
    const told = served.told.find(({ type }) => type === 'received')
    assert.ok(told?.type === 'received' && told.matched === false)
    socket.terminate()
  })

  it('says which recorded request is nearest to one that is not in it', async () => {
    const socket = await connect()
    socket.emit('sum', 20, 23, () => {})
    assert.equal(await socket.emitWithAck('sum', 20, 22), 42)
    const wrong = served.told.find((event) => event.type === 'received' && event.matched === false)
    assert.ok(wrong?.type === 'received')
    assert.match(wrong.nearest ?? '', /^request sum: 420\["sum",20,22\]/)
  })
})
