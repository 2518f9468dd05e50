import assert from 'node:assert/strict'
import { idleOptions } from '../../../src/cli/connect/idle-options.ts'
import type { ConnectOptions } from '../../../src/cli/connect/plan.ts'
import { cliTests, runCli } from '../../support/cli.ts'
import { serveWebSocket } from '../../support/loopback.ts'

const NOTHING: ConnectOptions = { transport: 'auto', framing: 'auto', compression: true }
const ALL: ConnectOptions = {
  ...NOTHING,
  ...{ method: 'POST', data: 'x', subprotocol: ['a'], compression: false },
  ...{ framing: 'lines', cursor: 'none', interval: 5 },
}

/** The flags that are told of. */
function idle(url: string, options: ConnectOptions): string {
  return idleOptions(url, options)
    .map((sentence) => /^(\S+) has no effect here: .*[^.]\.$/.exec(sentence)?.[1] ?? assert.fail(sentence))
    .join(' ')
}

describe('options that have no say in a connection', function () {
  cliTests(this)

  it('are told by what its URL and transport can be', () => {
    assert.equal(idle('WS://h/', ALL), '-X -d --framing --cursor --interval')
    assert.equal(idle('http://h/', ALL), '--subprotocol --no-compression --cursor --interval')
    assert.equal(
      idle('http://h/', { ...ALL, transport: 'sse' }),
      '--subprotocol --no-compression --framing --cursor --interval',
    )
    assert.equal(idle('http://h/', { ...ALL, transport: 'poll' }), '--subprotocol --no-compression --framing')
    assert.equal(
      idle('http://h/', { ...ALL, transport: 'http-stream' }),
      '--subprotocol --no-compression --cursor --interval',
    )
    for (const url of ['ws://h/', 'http://h/']) assert.equal(idle(url, NOTHING), '')
  })

  it('are told in a sentence each, and hinder nothing', async () => {
    const url = await serveWebSocket((peer) => peer.close(1000))
    const { code, stderr } = await runCli(['connect', url, '-d', '{"subscribe":1}', '--format', 'none'])
    assert.equal(code, 0)
    assert.equal(
      stderr,
      '-d has no effect here: it is the body of an HTTP request; send messages over a WebSocket with --send.\n',
    )
  })
})
