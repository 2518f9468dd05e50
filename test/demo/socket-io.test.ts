/** The demo's Socket.IO stream, with the client of its own people. */
import assert from 'node:assert/strict'
import { once } from 'node:events'
import { setTimeout as delay } from 'node:timers/promises'
import { io, type Socket } from 'socket.io-client'
import { type Demo, startDemo } from '../../demo/server.ts'
import { PATIENCE } from '../support/patience.ts'

const GIVEN_UP = 'operation has timed out'

type Callback = (answer: string) => void

describe('the Socket.IO stream of the demo', () => {
  let demo: Demo
  let socket: Socket
  const connectTo = (path: string) =>
    io(`http://127.0.0.1:${demo.port}${path}`, { transports: ['websocket'], reconnection: false })

  /** The arguments of the next event of this name. */
  const heard = (event: string) =>
    new Promise<[unknown, Callback]>((resolve) =>
      socket.once(event, (first, second) => resolve([first, second])),
    )

  before(async () => {
    demo = await startDemo(0)
  })
  beforeEach(async () => {
    socket = connectTo('/')
    await new Promise<void>((resolve) => socket.once('connect', resolve))
  })
  afterEach(() => socket.disconnect())
  after(() => demo.stop())

  it('acknowledges a request, except for some', async () => {
    const answers: unknown[] = []
    for (let i = 0; i < 5; i++)
      answers.push(
        await socket
          .timeout(i < 4 ? PATIENCE : 1000)
          .emitWithAck('sum', i, 20)
          .catch(({ message }) => message),
      )
    assert.deepEqual(answers, [20, 21, 22, 23, GIVEN_UP])
  })

  it('makes offers, and asks the buyer for a confirmation', async () => {
    const [offer, quote] = await heard('offer')
    assert.equal(offer, 1)
    assert.match(JSON.stringify(quote), /"type":"quote"/)
    const confirmation = heard('confirm')
    const { bought, price } = await socket.timeout(PATIENCE).emitWithAck('buy', offer)
    assert.deepEqual([bought, typeof price], [1, 'number'])
    const [trade, acknowledge] = await confirmation
    assert.match(JSON.stringify(trade), /"type":"trade"/)
    acknowledge('confirmed')
  })

  it('sends heartbeats that the client takes for its own', async () => {
    await new Promise<void>((resolve) => socket.io.once('ping', resolve))
    await delay(10)
    assert.ok(socket.connected)
  })

  it('refuses other namespaces', async () => {
    const other = connectTo('/admin')
    const error = await new Promise<Error>((resolve) => other.once('connect_error', resolve))
    assert.equal(error.message, 'Invalid namespace')
    other.disconnect()
  })

  it('closes the WebSocket when the client leaves', async () => {
    const { engine } = socket.io
    const closed = new Promise((resolve) => engine.once('close', resolve))
    socket.disconnect()
    await closed
  })

  it('keeps a client that sends something else', async () => {
    const socket = new WebSocket(`ws://127.0.0.1:${demo.port}/socket.io/?EIO=4&transport=websocket`)
    await once(socket, 'open')
    for (const text of ['', '4', '42', '42{', '42["buy"', '499', '40/', '😀']) socket.send(text)
    const texts: string[] = []
    socket.onmessage = ({ data }) => texts.push(data)
    socket.send('40')
    while (!texts.some((text) => text.startsWith('40'))) await delay(10)
    socket.close()
  })
})
