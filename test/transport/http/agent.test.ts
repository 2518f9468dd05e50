import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer } from 'node:net'
import { startClock } from '../../../src/shared/clock.ts'
import { Origin } from '../../../src/transport/http/agent.ts'
import { connectionClosedHere } from '../../../src/transport/http/failures.ts'
import { closeServers, listen } from '../../support/loopback.ts'

/** A server that says nothing, and its origin. */
async function serveSilence(protocol: 'http' | 'https') {
  const server = createServer()
  const target = {
    origin: new URL(`${protocol}://127.0.0.1:${await listen(server)}`),
    ...{ proxy: undefined, tunnel: false, proxyAuthorization: undefined, servername: undefined },
  }
  const context = { spec: { url: '', timeout: 60_000 }, network: { noProxy: '*' }, clock: startClock() }
  return { server, origin: new Origin(target, context) }
}

describe('an origin', () => {
  afterEach(closeServers)

  it('stops opening a connection when it is destroyed, and opens no other', async () => {
    const { server, origin } = await serveSilence('https')
    const accepted = once(server, 'connection')
    const connecting = origin.connect()
    await accepted
    const failure = connectionClosedHere()
    origin.destroy(failure)
    await assert.rejects(connecting, failure)
    await assert.rejects(origin.connect(), failure)
  })

  it('leaves no timer when the connection is open', async () => {
    const { origin } = await serveSilence('http')
    const timers = () => process.getActiveResourcesInfo().filter((type) => type === 'Timeout').length
    const before = timers()
    await origin.connect()
    // Those of others may have ended meanwhile.
    assert.ok(timers() <= before)
    origin.destroy(connectionClosedHere())
  })
})
