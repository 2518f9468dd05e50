/** SOCKS 5 proxies in the built program, which bundles the package for them. */
import assert from 'node:assert/strict'
import { cliTests, parseLines, runCli } from '../../support/cli.ts'
import { closeServers, serveWebSocket } from '../../support/loopback.ts'
import { startSocksProxy } from '../../support/socks-proxy.ts'

describe('a SOCKS 5 proxy in the terminal', () => {
  cliTests()
  afterEach(closeServers)

  it('carries the connection, and its password is not in the session', async () => {
    const proxy = await startSocksProxy({ user: 'me', password: 'pass-word' })
    const url = await serveWebSocket((socket) => socket.send('hello'))
    const { code, stdout, stderr } = await runCli([
      ...['connect', url, '--proxy', `socks5://me:pass-word@${proxy.host}`, '--max-messages', '1'],
    ])
    assert.deepEqual([code, stderr], [0, ''])
    const [message] = parseLines(stdout).filter(({ type }) => type === 'message')
    assert.equal(message?.text, 'hello')
    assert.equal(proxy.connections(), 1)
    assert.ok(!stdout.includes('pass-word'))
  })
})
