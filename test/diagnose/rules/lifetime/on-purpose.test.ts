/** Ends that a proxy caused on purpose: no rule blames the server or the network for them. */
import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer, get, type IncomingMessage } from 'node:http'
import { WebSocket, WebSocketServer } from 'ws'
import type { Rule } from '../../../../src/diagnose/rule.ts'
import { idleTimeout } from '../../../../src/diagnose/rules/lifetime/idle-timeout.ts'
import { lifetimeLimit } from '../../../../src/diagnose/rules/lifetime/lifetime-limit.ts'
import { noCloseFrame } from '../../../../src/diagnose/rules/lifetime/no-close-frame.ts'
import { reconnectStorm } from '../../../../src/diagnose/rules/lifetime/reconnect-storm.ts'
import type { RealtimeEvent } from '../../../../src/shared/event.ts'
import { diagnose } from '../../../support/diagnose.ts'
import { FaultyProxy } from '../../../support/faulty-proxy.ts'
import { listen } from '../../../support/loopback.ts'

const plain = (text = '') => text.replaceAll('\u00a0', ' ')

describe('what a proxy ended on purpose', () => {
  const ends: (() => Promise<void> | void)[] = []
  afterEach(async () => {
    for (const end of ends.splice(0).reverse()) await end()
  })

  async function start(faults: readonly string[], type = 'text/event-stream'): Promise<FaultyProxy> {
    const server = createServer((_request, response) => {
      response.writeHead(200, { 'content-type': type }).write('data: 1\n\n')
    })
    const sockets = new WebSocketServer({ server })
    const proxy = await FaultyProxy.start(`http://127.0.0.1:${await listen(server)}`, faults)
    ends.push(() => {
      for (const socket of sockets.clients) socket.terminate()
      server.closeAllConnections()
      server.close()
    })
    ends.push(() => proxy.stop())
    return proxy
  }

  const closes = ({ events }: FaultyProxy) => events.filter(({ type }) => type === 'close').length

  async function openAndClose(proxy: FaultyProxy, times: number): Promise<void> {
    for (let time = 1; time <= times; time++) {
      const client = new WebSocket(proxy.wsUrl)
      client.on('error', () => {})
      await new Promise((resolve) => client.on('close', resolve))
      await proxy.until((seen) => closes(seen) === time)
    }
  }

  const found = (events: readonly RealtimeEvent[], ...rules: Rule[]) => diagnose(events, { rules })

  it('has no close frame, which neither the server nor the network is blamed for', async () => {
    const proxy = await start(['cut-after=30ms'])
    await openAndClose(proxy, 2)
    const [finding, ...others] = await found(proxy.events, noCloseFrame)
    assert.deepEqual(others, [])
    assert.equal(finding?.severity, 'info')
    assert.deepEqual(finding.evidence, { withoutCloseFrame: 2, ends: 2, onPurpose: 2 })
    assert.match(
      plain(finding.message),
      /ended 2 times without .*, because our proxy cut it on purpose: neither the server nor the network/,
    )
    assert.doesNotMatch(finding.advice ?? '', /crash/)
  })

  it('is told apart from what something else cut', async () => {
    const proxy = await start([])
    await openedThen(proxy, () => proxy.sources.handlers.cut({ connection: 1 }))
    const cut = [...proxy.events]
    const error = cut.findIndex(({ type }) => type === 'error')
    // The same end again, without the proxy as its cause.
    const lost = cut.filter((_, index) => index !== error)
    const [finding] = await found([...cut, ...lost], noCloseFrame)
    assert.equal(finding?.severity, 'warning')
    assert.deepEqual(finding.evidence, { withoutCloseFrame: 2, ends: 2, onPurpose: 1 })
    assert.match(plain(finding.message), /is gone, or a proxy cut it\. Our proxy cut it on purpose\.$/)
  })

  it('is no cut if the proxy has stopped', async () => {
    const proxy = await start([])
    await openedThen(proxy, () => proxy.stop())
    const [close] = proxy.events.filter(({ type }) => type === 'close')
    assert.equal(close?.type === 'close' && close.reason, 'the proxy has stopped')
    assert.deepEqual(await found(proxy.events, noCloseFrame), [])
  })

  it('shows no limit on silence or age', async () => {
    const proxy = await start(['cut-after=1100ms'])
    await openAndClose(proxy, 3)
    assert.deepEqual(await found(proxy.events, idleTimeout, lifetimeLimit), [])
    const others = proxy.events.filter(({ type }) => type !== 'error')
    assert.equal((await found(others, idleTimeout, lifetimeLimit)).length, 1)
  })

  it('is a storm of the client, not of the server', async () => {
    const proxy = await start(['refuse=1,seed=1'])
    await openAndClose(proxy, 6)
    const [finding] = await found(proxy.events, reconnectStorm)
    assert.equal(finding?.evidence.onPurpose, 6)
    assert.match(finding.message, /Our proxy refused or cut all of them on purpose/)
    assert.doesNotMatch(finding.advice ?? '', /its log says why/)
  })

  for (const type of ['text/event-stream', 'application/x-ndjson'])
    it(`is said of a stream of ${type}`, async () => {
      const proxy = await start([], type)
      const request = get(proxy.httpUrl)
      const [response] = (await once(request, 'response')) as [IncomingMessage]
      request.on('error', () => {})
      response.on('error', () => {})
      await proxy.until(({ events }) => events.some((event) => event.type === 'message'))
      await proxy.sources.handlers.cut({ connection: 1 })
      const [error, close] = proxy.events.slice(-2)
      assert.deepEqual(error?.type === 'error' && [error.code, error.message], [
        'CUT',
        'The proxy cut the connection on purpose, as it was told to.',
      ])
      assert.equal(close?.type === 'close' && close.by, 'network')
    })

  async function openedThen(proxy: FaultyProxy, act: () => unknown): Promise<void> {
    const client = new WebSocket(proxy.wsUrl)
    client.on('error', () => {})
    await once(client, 'open')
    await proxy.until(({ events }) => events.some(({ type }) => type === 'open'))
    await act()
    await proxy.until((seen) => closes(seen) === 1)
  }
})
