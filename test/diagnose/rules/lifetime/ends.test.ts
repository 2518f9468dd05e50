/** How connections end: killed servers, close codes, and servers that do not run any more. */
import assert from 'node:assert/strict'
import { closeCode } from '../../../../src/diagnose/rules/lifetime/close-code.ts'
import { halfOpen } from '../../../../src/diagnose/rules/lifetime/half-open.ts'
import { noCloseFrame } from '../../../../src/diagnose/rules/lifetime/no-close-frame.ts'
import type { RealtimeEvent } from '../../../../src/shared/event.ts'
import { diagnose } from '../../../support/diagnose.ts'
import { closeServers, serveWebSocket } from '../../../support/loopback.ts'
import { ServerProcess } from '../../../support/server-process.ts'
import { SpokenSession } from '../../../support/spoken.ts'

const plain = (text = '') => text.replaceAll('\u00a0', ' ')

describe('the end of a connection', () => {
  let session: SpokenSession
  const servers: ServerProcess[] = []

  beforeEach(() => {
    session = new SpokenSession()
  })
  afterEach(async () => {
    await Promise.all(session.hub.connections().map((connection) => connection.disconnect()))
    await Promise.all(servers.splice(0).map((server) => server.kill()))
    closeServers()
  })

  const has = (type: RealtimeEvent['type']) => session.events.some((event) => event.type === type)

  it('has no close frame if the process of the server is killed', async () => {
    const server = await ServerProcess.start('websocket')
    servers.push(server)
    session.connect({ url: `ws://${server.host}/` })
    await session.until(() => has('open'))
    await server.kill()
    await session.until(() => has('close'))
    const [finding, ...others] = await diagnose(session.events, { rules: [noCloseFrame, closeCode] })
    assert.deepEqual(others, [])
    const { rule, severity, evidence, events = [], message } = finding ?? {}
    assert.deepEqual(
      [rule, severity, evidence],
      ['no-close-frame', 'warning', { withoutCloseFrame: 1, ends: 1 }],
    )
    assert.deepEqual(
      events.map((number) => session.events[number - 1]?.type),
      ['close'],
    )
    assert.match(message ?? '', /ended without a close frame \(1006, abnormal closure\)/)
  })

  /** What is found in a session that the server closes with a code. */
  async function closedWith(code: number, reason = '') {
    const url = await serveWebSocket((socket) => socket.close(code, reason))
    session.connect({ url })
    await session.until(() => has('close'))
    return await diagnose(session.events, { rules: [noCloseFrame, closeCode] })
  }

  it('has a code that says what went wrong', async () => {
    const [finding, ...others] = await closedWith(1011, 'the database is gone')
    assert.deepEqual(others, [])
    const { rule, severity, evidence, message } = finding ?? {}
    assert.deepEqual([rule, severity], ['close-code', 'error'])
    assert.deepEqual(evidence, { code: 1011, closes: 1, by: 'server', reason: 'the database is gone' })
    assert.match(
      plain(message),
      /^The server closed .* with 1011 \(internal error\), and gave the reason “the database is gone”\.$/,
    )
  })

  for (const code of [1000, 1001, 4000])
    it(`is as planned with the code ${code}`, async () => {
      assert.deepEqual(await closedWith(code), [])
    })

  it('is due to the client if it cannot read what the server sends', async () => {
    const url = await serveWebSocket((socket) => socket.send(Buffer.from([0xff, 0xfe]), { binary: false }))
    session.connect({ url })
    await session.until(() => has('close'))
    const [finding] = await diagnose(session.events, { rules: [closeCode] })
    assert.match(plain(finding?.message), /^The client closed .* with 1007 \(invalid payload data\)/)
  })

  const found = (patience: number) =>
    diagnose(session.events, { rules: [halfOpen], thresholds: { 'half-open': patience } })
  const count = (type: RealtimeEvent['type']) => session.events.filter((event) => event.type === type).length

  /** Pings a server in another process. Resolves after two pongs. */
  async function pinged(): Promise<ServerProcess> {
    const server = await ServerProcess.start('websocket')
    servers.push(server)
    session.connect({ url: `ws://${server.host}/`, pingInterval: 100 })
    await session.until(() => count('pong') >= 2)
    return server
  }

  it('does not come if the process of the server is stopped: pings stay unanswered', async () => {
    const server = await pinged()
    server.freeze()
    let findings = await found(300)
    while (findings.length === 0) {
      const before = session.events.length
      await session.until(() => session.events.length > before)
      findings = await found(300)
    }
    const [finding] = findings
    assert.equal(finding?.severity, 'error')
    assert.match(plain(finding?.title), /^\d+ pings unanswered for \d+ ms$/)
    const types = finding?.events?.map((number) => session.events[number - 1]?.type) ?? []
    assert.ok(types.length > 1 && types.every((type) => type === 'ping'))
    assert.equal(finding?.threshold?.value, 300)
  })

  it('is not missed while pings are answered', async () => {
    await pinged()
    await session.until(() => count('pong') === count('ping'))
    assert.deepEqual(await found(1), [])
  })
})
