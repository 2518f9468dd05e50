/** Attempts in a row: to a port on which nothing listens, and to a server that accepts and closes at once. */
import assert from 'node:assert/strict'
import { reconnectStorm } from '../../../../src/diagnose/rules/lifetime/reconnect-storm.ts'
import type { RealtimeEvent } from '../../../../src/shared/event.ts'
import type { Finding } from '../../../../src/shared/finding.ts'
import type { ConnectionSpec } from '../../../../src/shared/spec.ts'
import { diagnose } from '../../../support/diagnose.ts'
import { closeServers, refusedUrl, serveHttp, serveWebSocket } from '../../../support/loopback.ts'
import { SpokenSession } from '../../../support/spoken.ts'

const ATTEMPTS = 6

describe('the rule reconnect-storm', () => {
  let session: SpokenSession

  beforeEach(() => {
    session = new SpokenSession()
  })
  afterEach(async () => {
    await Promise.all(session.hub.connections().map((connection) => connection.disconnect()))
    closeServers()
  })

  const attempts = () => session.events.filter(({ type }) => type === 'reconnect').length

  async function foundAfter(spec: ConnectionSpec): Promise<Finding[]> {
    session.connect(spec)
    await session.until(() => attempts() >= ATTEMPTS)
    return await diagnose(session.events, { rules: [reconnectStorm] })
  }

  it('finds a client that tries again at once while nothing listens', async () => {
    const [finding, ...others] = await foundAfter({ url: await refusedUrl(), reconnect: 20 })
    assert.deepEqual(others, [])
    const { severity, connection, evidence, message = '', events = [] } = finding ?? {}
    assert.deepEqual(
      [severity, connection, evidence?.attempts, evidence?.opened],
      ['warning', 1, ATTEMPTS, 0],
    )
    assert.match(message, /None of them opened\.$/)
    assert.deepEqual(new Set(events.map((number) => session.events[number - 1]?.type)), new Set(['connect']))
  })

  it('finds a server that accepts and closes at once', async () => {
    const url = await serveWebSocket((socket) => socket.close(1011))
    const [finding] = await foundAfter({ url, reconnect: 20 })
    assert.deepEqual([finding?.evidence.attempts, finding?.evidence.opened], [ATTEMPTS, ATTEMPTS])
    assert.match(finding?.message ?? '', /6 of them opened and ended at once\.$/)
  })

  it('is silent if the delay grows', async () => {
    assert.deepEqual(await foundAfter({ url: await refusedUrl(), reconnect: 'backoff' }), [])
  })

  it('is silent for a stream that says something each time', async () => {
    const url = await serveHttp((_, response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' })
      response.end('retry: 10\ndata: 1\n\n')
    })
    assert.deepEqual(await foundAfter({ url, transport: 'sse', reconnect: 20 }), [])
  })

  it('finds other programs that open a new connection each time, but not ones that are open together', async () => {
    const other = (connection: number, time: number): RealtimeEvent => ({
      ...{ type: 'connect', connection, time, transport: 'websocket', url: 'wss://feed.example/' },
      ...{ attempt: 0, source: 'proxy' },
    })
    const failed = (connection: number, time: number): RealtimeEvent => ({
      ...{ type: 'error', connection, time, code: 'ECONNREFUSED', message: 'It failed.' },
    })
    const numbers = [1, 2, 3, 4, 5, 6, 7]
    const inARow = numbers.flatMap((id) => [other(id, id * 100), failed(id, id * 100 + 10)])
    const together = [...numbers.map((id) => other(id, id)), ...numbers.map((id) => failed(id, 100 + id))]
    const found = async (events: RealtimeEvent[]) =>
      (await diagnose(events, { rules: [reconnectStorm] })).map(({ evidence }) => evidence.attempts)
    assert.deepEqual(await found(inARow), [7])
    assert.deepEqual(await found(together), [])
  })
})
