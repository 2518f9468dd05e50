import assert from 'node:assert/strict'
import { cliTests, runCli } from '../../support/cli.ts'
import { serveHttp, serveWebSocket } from '../../support/loopback.ts'

const ALL = [
  ...['-X', 'POST', '-d', 'x', '--subprotocol', 'a', '--no-compression'],
  ...['--framing', 'lines', '--cursor', 'none', '--interval', '5'],
]

describe('options that have no effect on a connection', () => {
  cliTests()

  /** The flags named on standard error, each in a sentence of its own. */
  async function flagsWithoutEffect(url: string, args: readonly string[] = ALL): Promise<string> {
    const { stderr } = await runCli(['connect', url, ...args, '--duration', '1', '--format', 'none'])
    return [...stderr.matchAll(/^(\S+) has no effect here: .*[^.]\.$/gm)].map(([, flag]) => flag).join(' ')
  }

  it('are named by their flags', async () => {
    const socket = await serveWebSocket((peer) => peer.close(1000), { handleProtocols: () => 'a' })
    const http = await serveHttp((_request, response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' })
      response.end('data: x\n\n')
    })
    assert.equal(await flagsWithoutEffect(socket), '-X -d --framing --cursor --interval')
    assert.equal(await flagsWithoutEffect(http), '--subprotocol --no-compression --interval')
    for (const url of [socket, http]) assert.equal(await flagsWithoutEffect(url, []), '')
  })

  it('are named in a sentence each, and do not stop the connection', async () => {
    const url = await serveWebSocket((peer) => peer.close(1000))
    const { code, stderr } = await runCli(['connect', url, '-d', '{"subscribe":1}', '--format', 'none'])
    assert.equal(code, 0)
    assert.equal(
      stderr,
      '-d has no effect here: it is the body of an HTTP request; send messages over a WebSocket with --send.\n',
    )
  })
})
