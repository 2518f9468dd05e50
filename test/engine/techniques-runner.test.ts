import assert from 'node:assert/strict'
import { TRANSPORTS } from '../../src/shared/transports.ts'
import { CapturedFeed } from '../support/feed-server.ts'

const QUESTION = { answers: {}, chosen: null }

describe('the call techniques', () => {
  let captured: CapturedFeed

  const ask = (chosen: readonly number[] | null = null) =>
    captured.live.engine.handlers.techniques({ ...QUESTION, chosen })

  beforeEach(async () => {
    captured = await CapturedFeed.open(['websocket', 'sse'])
  })

  afterEach(() => captured.close())

  it('goes on with the events that came since the last call', async () => {
    await captured.emit(12, 1)
    const first = await ask()
    assert.deepEqual([first.feed?.connections, first.feed?.events], [[1, 2], 12])
    assert.equal(first.advice.length, TRANSPORTS.length)
    await captured.emit(12, 1)
    const [second, third] = await Promise.all([ask(), ask()])
    assert.equal(second.feed?.events, 24)
    assert.deepEqual(third, second)
  })

  it('compares the connections that are chosen', async () => {
    await captured.emit(12, 1)
    const { feed, connections } = await ask([2])
    assert.deepEqual([feed?.by, feed?.connections], ['chosen', [2]])
    assert.deepEqual(
      connections.map(({ inFeed }) => inFeed),
      [false, true],
    )
    assert.equal((await ask()).feed?.by, 'content')
  })

  it('starts again when the session is cleared', async () => {
    await captured.emit(12, 1)
    await ask()
    await captured.live.engine.handlers.clear(null)
    assert.equal((await ask()).feed, null)
    captured.server.feed.emit()
    await captured.until((events) => events.filter(({ type }) => type === 'message').length === 2)
    assert.equal((await ask()).feed?.events, 1)
  })
})
