import assert from 'node:assert/strict'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { cliTests, parseLines, runCli } from '../../support/cli.ts'
import { closeProtocolServers, serveMcp, serveMqtt, serveSocketIo } from '../../support/protocol-servers.ts'
import { tempDir } from '../../support/temp-dir.ts'

describe('connect --protocol', () => {
  cliTests()
  afterEach(closeProtocolServers)

  it('does the handshake before it sends, decodes by the protocol, and marks what it sent', async () => {
    const host = await serveSocketIo()
    const { code, stdout } = await runCli([
      ...['connect', `http://${host}/`, '--protocol', 'socket.io', '--send', '420["sum",1,2]'],
      ...['--decoded', '--max-messages', '3'],
    ])
    assert.equal(code, 0)
    const messages = parseLines(stdout).filter(({ type }) => type === 'message')
    assert.deepEqual(
      messages.slice(1).map(({ direction, automatic, decoded }) => {
        const { protocol, kind } = decoded as { protocol: string; kind: string }
        return [direction, automatic, protocol, kind]
      }),
      [
        ['out', 'protocol', 'socket.io', 'handshake'],
        ['in', undefined, 'socket.io', 'handshake'],
        ['out', undefined, 'socket.io', 'request'],
        ['in', undefined, 'socket.io', 'ack'],
        // It leaves as a client does.
        ['out', 'protocol', 'engine.io', 'close'],
      ],
    )
  })

  it('takes options from the command and from a file, and saves none that is a secret', async () => {
    const host = await serveSocketIo()
    const file = join(tempDir(), 'options')
    await writeFile(file, 'auth={"token":"secret"}\r\n\n')
    const { code, stdout, stderr } = await runCli([
      ...['connect', `ws://${host}/`, '--protocol', 'socket.io', '--max-messages', '3'],
      ...['--protocol-option', 'namespace=/', '--protocol-option', 'namespace=/admin'],
      ...['--protocol-option', `@${file}`, '--mask', 'token'],
    ])
    assert.deepEqual([code, stderr], [0, ''])
    const lines = parseLines(stdout)
    const connect = lines.find(({ type }) => type === 'connect')
    assert.deepEqual(connect?.protocolOptions, { namespace: ['/', '/admin'], auth: { token: '***' } })
    const joined = lines.filter(({ text }) => /^40(\/admin,)?\{"sid"/.test(String(text)))
    assert.equal(joined.length, 2)
  })

  it('fails with the reason of a refusal, and does not connect again', async () => {
    const host = await serveMqtt()
    const { code, stdout, stderr } = await runCli([
      ...['connect', `http://${host}/`, '--protocol', 'mqtt', '--protocol-option', 'username=ada'],
      ...['--protocol-option', 'password=wrong'],
    ])
    assert.equal(code, 1)
    assert.equal(
      stderr.trim(),
      'The broker refused CONNECT: bad user name or password; check the options username, password and version.',
    )
    const types = parseLines(stdout).map(({ type }) => type)
    assert.equal(types.filter((type) => type === 'connect').length, 1)
    assert.ok(types.includes('error'))
  })

  it('sends over HTTP if the protocol does', async () => {
    const host = await serveMcp()
    const call = {
      jsonrpc: '2.0',
      id: 5,
      method: 'tools/call',
      params: { name: 'sum', arguments: { a: 1, b: 2 } },
    }
    const { code, stdout } = await runCli([
      ...['connect', `http://${host}/mcp`, '--protocol', 'mcp', '--send', JSON.stringify(call)],
      ...['--max-messages', '2'],
    ])
    assert.equal(code, 0)
    const lines = parseLines(stdout)
    assert.deepEqual(
      lines.filter(({ type }) => type === 'request').map(({ method, automatic }) => [method, automatic]),
      [
        ['POST', 'protocol'],
        ['POST', 'protocol'],
        ['GET', 'protocol'],
        ['POST', undefined],
      ],
    )
    assert.match(String(lines.findLast(({ type }) => type === 'message')?.text), /"1 and 2 are 3"/)
  })

  it('needs a protocol and options that exist', async () => {
    const usage = async (...options: readonly string[]) => {
      const { code, stderr } = await runCli(['connect', 'ws://127.0.0.1:1/', ...options])
      assert.equal(code, 2)
      return stderr
    }
    assert.match(await usage('--protocol', 'telnet'), /--protocol <NAME>.*Allowed choices are socket\.io, /)
    assert.match(
      await usage('--protocol', 'wamp', '--protocol-option', 'relm=a'),
      /wamp has no option relm; use realm/,
    )
    assert.match(
      await usage('--protocol', 'wamp', '--protocol-option', 'realm'),
      /must have the form NAME=VALUE/,
    )
    assert.match(await usage('--protocol-option', 'realm=a'), /add --protocol NAME/)
  })
})
