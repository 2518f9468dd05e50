import assert from 'node:assert/strict'
import { once } from 'node:events'
import { connect, createServer, type Socket } from 'node:net'
import { Flow } from '../../src/proxy/http/flow.ts'
import { closeServers, listen } from '../support/loopback.ts'

describe('the flow between two sockets', () => {
  afterEach(closeServers)

  it('stops until the other one drains, and waits once for many writes', async () => {
    const server = createServer({ pauseOnConnect: true })
    const to = connect(await listen(server), '127.0.0.1')
    const [peer]: Socket[] = await once(server, 'connection')
    const flow = new Flow<'slow'>(to)
    to.on('data', () => {})
    while (to.write('x'.repeat(65_536))) {
      // The peer does not read, so that it fills up.
    }
    for (let n = 0; n < 20; n++) if (!to.write('x')) flow.untilDrained('slow', to)
    assert.equal(to.listenerCount('drain'), 1)
    assert.equal(to.isPaused(), true)
    peer?.resume()
    await once(to, 'drain')
    assert.equal(to.isPaused(), false)
    to.destroy()
  })
})
