/** The limit on the inbound messages of a connection of a live session, over a real WebSocket. */
import assert from 'node:assert/strict'
import { LiveEngine } from '../support/live-engine.ts'
import { serveWebSocket } from '../support/loopback.ts'

describe('the limit on the messages of a connection', () => {
  let live: LiveEngine

  beforeEach(() => {
    live = new LiveEngine({ keepsUp: true })
  })
  afterEach(() => live.close())

  const connection = () => live.engine.status().connections[0] ?? assert.fail('there is no connection')

  async function received(): Promise<unknown[]> {
    const { lines } = await live.engine.handlers.lines({ from: 0, max: 100 })
    const events = lines.map((line) => JSON.parse(line))
    return events.filter(({ direction }) => direction === 'in').map(({ text }) => text)
  }

  it('closes it after exactly so many, also if more arrive at once, and counts again after a reconnect', async () => {
    const url = await serveWebSocket((peer) => {
      for (let n = 1; n <= 10; n++) peer.send(`message ${n}`)
    })
    const { id } = await live.engine.handlers.connect({ spec: { url }, maxMessages: 3 })
    await live.until(() => connection().state === 'closed')
    const three = ['message 1', 'message 2', 'message 3']
    assert.deepEqual(await received(), three)
    assert.equal(connection().closedBy, 'client')
    const { messagesIn } = connection()
    await live.engine.handlers.reconnect({ id })
    await live.until(() => connection().state === 'closed' && connection().messagesIn > messagesIn)
    assert.deepEqual(await received(), [...three, ...three])
  })
})
