/**
 * An app on a dev server, opened in Chromium through a recording proxy, while the session is attached to the browser as well: both
 * see the same traffic.
 */
import assert from 'node:assert/strict'
import { join } from 'node:path'
import { ROOT } from '../../scripts/paths.ts'
import type { ConnectionStatus } from '../../src/shared/status.ts'
import { CONNECTIONS, DevApp, POLL, SOCKET_LINE } from '../support/dev-app.ts'
import { eventually } from '../support/eventually.ts'
import { LiveEngine } from '../support/live-engine.ts'
import { tempDir } from '../support/temp-dir.ts'

const WAYS = ['proxy', 'debugger'] as const

describe('an app on a dev server, seen by a proxy and by a debugger', () => {
  let app: DevApp
  let live: LiveEngine

  before(async () => {
    app = await DevApp.start(tempDir(), join(ROOT, 'node_modules'))
    live = new LiveEngine()
    const { handlers } = live.engine
    const { listening } = await handlers.startProxy({ target: app.url })
    const endpoint = await app.open(listening)
    await handlers.attach({ endpoint, match: '/api/' })
    app.go()
  })

  after(async () => {
    await app?.stop()
    await live?.close()
  })

  const seen = (source: string, path: string): ConnectionStatus | undefined =>
    live.engine
      .status()
      .connections.find((each) => each.source === source && new URL(each.url).pathname === path)

  async function find(source: string, path: string, filter: string) {
    const { id } = seen(source, path) ?? assert.fail(`the ${source} has not seen ${path}`)
    const { lines } = await live.engine.handlers.find({ filter, connection: id, max: 1000 })
    return lines.map((line) => JSON.parse(line))
  }

  const messages = async (source: string, path: string) =>
    (await find(source, path, 'type:message')).map(({ direction, text }) => [direction, text])

  for (const { path, messages: expected } of CONNECTIONS)
    it(`has the messages of ${path} recorded by both, in the same order`, async () => {
      for (const source of WAYS)
        await eventually(async () => assert.deepEqual(await messages(source, path), expected, source))
    })

  it('has its polls recorded by both', async () => {
    await eventually(async () => {
      const [proxy = [], debug = []] = await Promise.all(WAYS.map((source) => messages(source, POLL)))
      // They are found by repetition, and so one of the two may have found them earlier.
      const common = proxy.filter((each) => debug.some(([, text]) => text === each[1]))
      assert.ok(common.length >= 3)
      assert.deepEqual(
        debug.slice(debug.findIndex(([, text]) => text === common[0]?.[1])).slice(0, common.length),
        common,
      )
    })
  })

  it('has the line known that opened its WebSocket', () => {
    const { file, line } = seen('debugger', '/api/socket')?.initiator ?? assert.fail('no initiator')
    assert.deepEqual([new URL(file).pathname, line], ['/src/app.ts', SOCKET_LINE.line])
  })

  it('reconnects after its WebSocket was cut on purpose, which both see, and which is diagnosed', async () => {
    const { id } = seen('proxy', '/api/socket') ?? assert.fail('no WebSocket')
    await live.engine.handlers.cut({ connection: id })
    for (const source of WAYS)
      await eventually(async () => {
        const [reconnect] = await find(source, '/api/socket', 'type:reconnect')
        assert.equal(reconnect?.attempt, 1, source)
        assert.equal(seen(source, '/api/socket')?.state, 'open', source)
        const [{ messages: said }] = CONNECTIONS
        assert.deepEqual(await messages(source, '/api/socket'), [...said, ...said], source)
      })
    await eventually(async () => {
      const { findings } = await live.engine.handlers.findings(null)
      const [found] = findings.filter(({ rule }) => rule === 'no-close-frame')
      assert.equal(found?.connection, id)
    })
  })
})
