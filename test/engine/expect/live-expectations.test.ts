/** What is expected of the connections of a live engine, over real WebSockets. */
import assert from 'node:assert/strict'
import type { WebSocket } from 'ws'
import type { ExpectationStatus } from '../../../src/shared/expectation.ts'
import type { ConnectionSpec } from '../../../src/shared/spec.ts'
import { LiveEngine } from '../../support/live-engine.ts'
import { serveWebSocket } from '../../support/loopback.ts'

describe('what is expected of the connections of a session', () => {
  let live: LiveEngine
  let id: number

  beforeEach(() => {
    live = new LiveEngine({ keepsUp: true })
  })
  afterEach(() => live.close())

  async function open(
    expectations: readonly string[],
    given: Partial<ConnectionSpec> = {},
    secrets: readonly string[] = [],
  ): Promise<WebSocket[]> {
    const peers: WebSocket[] = []
    const url = await serveWebSocket((peer) => peers.push(peer))
    const { handlers } = live.engine
    id = (await handlers.connect({ spec: { url, ...given }, expectations, secrets })).id
    await live.until(() => connection()?.state === 'open')
    return peers
  }

  const connection = () => live.engine.status().connections.find((each) => each.id === id)
  const judged = (): readonly ExpectationStatus[] => connection()?.expectations ?? []
  const states = () => judged().map(({ state }) => state)
  const becomes = (...expected: readonly string[]) => live.until(() => `${states()}` === `${expected}`)

  it('says which event decided, also if several have the same time, and when the time ran out', async () => {
    const [peer] = await open(['$.n == 3', '"never" within 100ms'])
    peer?.send('{"n":1}')
    peer?.send('{"n":2}')
    peer?.send('{"n":3}')
    await becomes('held', 'failed')
    const [{ time = Number.NaN, nth = 0 } = {}, missed] = judged()
    const { lines } = await live.engine.handlers.lines({ from: 0, max: 100 })
    const texts = lines.map((line) => JSON.parse(line)).filter((event) => Math.abs(event.time - time) < 0.001)
    assert.equal(texts[nth]?.text, '{"n":3}')
    const openedAt = connection()?.openedAt ?? Number.NaN
    assert.ok(Math.abs((missed?.ranOutAt ?? 0) - openedAt - 100) < 1)
  })

  it('is judged as events come, and when it ends for good', async () => {
    const [peer] = await open(['status == 101', '$.type == "ready" within 10m', '"never"', 'no "error"'])
    await becomes('held', 'pending', 'pending', 'pending')
    peer?.send('{"type":"ready"}')
    await becomes('held', 'held', 'pending', 'pending')
    assert.match(judged()[1]?.detail ?? '', /^after .+s$/)
    await live.engine.handlers.disconnect({ id })
    await becomes('held', 'held', 'failed', 'held')
    assert.deepEqual(judged()[2], {
      text: '"never"',
      state: 'failed',
      detail: 'none before it ended',
      cameInstead: ['ready'],
      insteadAt: { time: judged()[1]?.time },
    })
  })

  it('counts each message of a batch', async () => {
    const [peer] = await open(['"tick" at least 500'])
    for (let count = 0; count < 500; count++) peer?.send('tick')
    await becomes('held')
  })

  it('is judged over reconnects', async () => {
    const peers = await open(['"again"'], { reconnect: 1 })
    peers[0]?.terminate()
    await live.until(() => peers.length === 2)
    assert.deepEqual(states(), ['pending'])
    peers[1]?.send('again')
    await becomes('held')
  })

  it('fails if the connection cannot be opened', async () => {
    const { handlers } = live.engine
    const spec = { url: 'ws://127.0.0.1:1/', reconnect: 'never' } as const
    id = (await handlers.connect({ spec, expectations: ['"x"', 'status == 101', 'no "x"'] })).id
    await becomes('failed', 'failed', 'held')
  })

  it('has times of the session, also after it was cleared', async () => {
    const [peer] = await open(['"one"', '"two"'])
    peer?.send('one')
    await becomes('held', 'pending')
    const before = judged()[0]?.time ?? assert.fail('no time')
    await live.engine.handlers.clear(null)
    const after = judged()[0]?.time ?? assert.fail('no time')
    assert.ok(after <= 0 && after < before, `${after} is not before the session`)
    peer?.send('two')
    await becomes('held', 'held')
    const { at = 0 } = live.engine.status()
    const time = judged()[1]?.time ?? assert.fail('no time')
    assert.ok(time >= 0 && time <= at, `${time} is not in the session`)
  })

  it('is forgotten with the connection', async () => {
    await open(['"x" within 10m'])
    await live.engine.handlers.disconnect({ id })
    await becomes('failed')
    await live.engine.handlers.clear(null)
    assert.deepEqual(live.engine.status().connections, [])
    await live.engine.handlers.settleCleared({ undo: true })
    assert.equal(connection()?.state, 'closed')
    assert.deepEqual(judged(), [])
  })

  it('does not show secrets of the request', async () => {
    const [peer] = await open(['$.type == "hush-hush"', '"x"'], {}, ['hush-hush'])
    peer?.send('{"type":"hush-hush"}')
    await becomes('held', 'pending')
    await live.engine.handlers.disconnect({ id })
    await becomes('held', 'failed')
    assert.ok(!JSON.stringify(judged()).includes('hush'))
    assert.deepEqual(judged()[1]?.cameInstead, ['***'])
  })

  it('cannot be wrong', async () => {
    const connecting = open(['foo('], {}, [])
    await assert.rejects(connecting, { code: 'BAD_EXPECTATION' })
    assert.deepEqual(live.engine.status().connections, [])
  })
})
