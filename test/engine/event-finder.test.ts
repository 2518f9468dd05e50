import assert from 'node:assert/strict'
import { LiveEngine } from '../support/live-engine.ts'

describe('finding events in a session', () => {
  let live: LiveEngine

  beforeEach(() => {
    live = new LiveEngine()
  })

  afterEach(() => live.close())

  it('gives the lines of those on a connection that a filter finds, with secrets masked', async () => {
    const { id, peer } = await live.open()
    for (const n of [1, 2, 3]) peer.send(`{"n":${n}}`)
    await live.until(() => live.engine.status().events === 5)
    const find = async (filter: string, connection: number | null = id, max = 10) =>
      (await live.engine.handlers.find({ filter, connection, max })).lines.map((line) => JSON.parse(line))
    const texts = async (...given: Parameters<typeof find>) => (await find(...given)).map(({ text }) => text)
    assert.deepEqual(await texts('$.n > 1'), ['{"n":2}', '{"n":3}'])
    assert.deepEqual(await texts('$.n > 1', null, 1), ['{"n":2}'])
    assert.deepEqual(await texts('$.n > 1', id + 1), [])
    const all = await find('')
    assert.deepEqual(
      all.map(({ type }) => type),
      ['connect', 'open', 'message', 'message', 'message'],
    )
    assert.ok(!JSON.stringify(all).includes('hush'))
    await assert.rejects(async () => await find('size:>'), { code: 'BAD_FILTER' })
  })

  it('ends if the session is cleared', async () => {
    const { peer } = await live.open()
    peer.send('x')
    await live.until(() => live.engine.status().events === 3)
    const found = live.engine.handlers.find({ filter: 'x', connection: null, max: 10 })
    await live.engine.handlers.clear(null)
    await assert.rejects(async () => await found, { code: 'CANCELLED' })
  })
})
