import assert from 'node:assert/strict'
import { EventEmitter, once } from 'node:events'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { WebSocket } from 'ws'
import { cliTests, type Line, parseLines, runCli, startCli } from '../../support/cli.ts'
import { serveHttp, serveWebSocket } from '../../support/loopback.ts'
import { settled } from '../../support/settled.ts'
import { tempDir } from '../../support/temp-dir.ts'

const echo = (socket: WebSocket) => socket.on('message', (data, binary) => socket.send(data, { binary }))

function texts(lines: readonly Line[], direction: 'in' | 'out'): unknown[] {
  return lines
    .filter((line) => line.type === 'message' && line.direction === direction)
    .map(({ text }) => text)
}

describe('sending from connect', () => {
  cliTests()

  it('sends every --send in order when it opens', async () => {
    const url = await serveWebSocket(echo)
    const sent = ['first', '', '{"third":"é 字"}', '--not-an-option']
    const { code, stdout } = await runCli([
      'connect',
      url,
      ...sent.flatMap((text) => ['--send', text]),
      '--max-messages',
      '4',
    ])
    assert.equal(code, 0)
    const lines = parseLines(stdout)
    assert.deepEqual(texts(lines, 'out'), sent)
    assert.deepEqual(texts(lines, 'in'), sent)
    const types = lines.map(({ type }) => type)
    assert.ok(types.indexOf('open') < types.indexOf('message'))
  })

  it('sends texts, bytes and files in the order of the options', async () => {
    const directory = tempDir()
    const text = join(directory, 'login.json')
    const bytes = join(directory, 'connect.bin')
    await writeFile(text, '{"login":"é"}\n')
    // Valid UTF-8, as many packets of MQTT are.
    await writeFile(bytes, Buffer.from('100c00044d51545404', 'hex'))
    const url = await serveWebSocket(echo)
    const { code, stdout } = await runCli([
      ...['connect', url, '--max-messages', '6'],
      ...['--send-hex', '00 ff', '--send', 'first', '--send-file', bytes],
      ...['--send-base64', 'AP8Q', '--send-file', text, '--send', 'last'],
    ])
    assert.equal(code, 0)
    const inbound = parseLines(stdout).filter((line) => line.type === 'message' && line.direction === 'in')
    assert.deepEqual(
      inbound.map(({ opcode, base64, text }) => [opcode, base64 ?? text]),
      [
        ['binary', 'AP8='],
        ['text', 'first'],
        ['binary', '\u0010\f\0\u0004MQTT\u0004'],
        ['binary', 'AP8Q'],
        ['text', '{"login":"é"}\n'],
        ['text', 'last'],
      ],
    )
  })

  it('refuses bytes that are not hex or base64, and files that cannot be read', async () => {
    for (const [option, value, sentence] of [
      ['--send-hex', '0g', /'--send-hex <HEX>' is not valid\. The message is not valid hex: there is "g"/],
      ['--send-base64', 'a*', /'--send-base64 <BASE64>' is not valid\. The message is not valid base64/],
      ['--send-file', '/nonexistent', /The file that --send-file names, \/nonexistent, cannot be read/],
    ] as const) {
      const { code, stderr } = await runCli(['connect', 'ws://127.0.0.1:1/', option, value])
      assert.equal(code, 2)
      assert.match(stderr, sentence)
    }
  })

  it('sends lines that begin with an escape as binary, and says why it does not send one', async () => {
    const url = await serveWebSocket(echo)
    const cli = await startCli(['connect', url, '-i', '--max-messages', '4'])
    cli.type('\\hex 00 FF\n\\base64 AP8Q\n\\hex 0\n\\\\hex 00\n\\other\n')
    const { code, stdout, stderr } = await cli.ended
    assert.equal(code, 0)
    const inbound = parseLines(stdout).filter((line) => line.type === 'message' && line.direction === 'in')
    assert.deepEqual(
      inbound.map(({ base64, text }) => base64 ?? text),
      ['AP8=', 'AP8Q', '\\hex 00', '\\other'],
    )
    assert.match(stderr, /^A line of standard input was not sent\. The hex is one digit short at character 2/)
  })

  it('does not send them again after a reconnect', async () => {
    let connections = 0
    const url = await serveWebSocket((socket) => {
      connections++
      if (connections === 1) socket.on('message', () => socket.terminate())
      else socket.send('second connection')
    })
    const args = ['--send', 'once', '--reconnect', '1', '--max-messages', '1']
    const { code, stdout } = await runCli(['connect', url, ...args])
    assert.equal(code, 0)
    assert.deepEqual(texts(parseLines(stdout), 'out'), ['once'])
    assert.equal(connections, 2)
  })

  it('fails with a sentence if the transport cannot send', async () => {
    const url = await serveHttp((_request, response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' }).flushHeaders()
    })
    const { code, stdout, stderr } = await runCli(['connect', url, '--send', 'hello'])
    assert.equal(code, 1)
    assert.match(stderr, /^sse only receives; connect by WebSocket to send\.\n$/)
    assert.equal(parseLines(stdout).at(-1)?.type, 'close')
  })

  it('sends each line of standard input when it is typed, with LF or CRLF', async () => {
    const url = await serveWebSocket(echo)
    const cli = await startCli(['connect', url, '-i'])
    cli.type('one\ntwo\r\n\nwith\u2028separator\nün')
    await cli.line('message', ({ direction, text }) => direction === 'in' && text === 'with\u2028separator')
    cli.type('finished\n')
    await cli.line('message', ({ direction, text }) => direction === 'in' && text === 'ünfinished')
    cli.child.kill('SIGINT')
    const { stdout } = await cli.ended
    assert.deepEqual(texts(parseLines(stdout), 'in'), ['one', 'two', '', 'with\u2028separator', 'ünfinished'])
  })

  it('says once that lines cannot be sent if the transport only receives, and ends as without -i', async () => {
    const url = await serveHttp((_request, response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' })
      response.end('data: x\n\n')
    })
    const ways = [
      [['--transport', 'sse', '--reconnect', '1', '--max-messages', '3'], 'sse'],
      [['--transport', 'poll', '--interval', '10', '--max-messages', '2'], 'poll'],
      [['--transport', 'http-stream', '--framing', 'raw', '--reconnect', 'never'], 'http-stream'],
    ] as const
    for (const [options, name] of ways) {
      const cli = await startCli(['connect', url, '-i', ...options])
      cli.type('typed\n')
      const { code, stdout, stderr } = await cli.ended
      assert.equal(code, 0, stderr)
      assert.equal(
        stderr,
        `-i has no effect here: ${name} only receives; connect with a WebSocket to send.\n`,
      )
      assert.ok(texts(parseLines(stdout), 'in').length > 0)
    }
  })

  it('sends the last line and stays connected at the end of standard input', async () => {
    const url = await serveWebSocket((socket) => {
      socket.on('message', () => setTimeout(() => socket.close(1000, 'enough'), 200))
    })
    const cli = await startCli(['connect', url, '-i'])
    cli.child.stdin?.end('no newline')
    const { code, stdout } = await cli.ended
    assert.equal(code, 0)
    assert.deepEqual(texts(parseLines(stdout), 'out'), ['no newline'])
    assert.equal(parseLines(stdout).at(-1)?.reason, 'enough')
  })

  it('keeps lines that are typed while it reconnects, and sends them once it is open', async () => {
    let connections = 0
    const url = await serveWebSocket((socket) => {
      connections++
      if (connections === 1) socket.on('message', () => socket.terminate())
      else echo(socket)
    })
    const cli = await startCli(['connect', url, '-i', '--reconnect', '300'])
    cli.type('drop me\n')
    await cli.line('reconnect')
    cli.type('a\nb\n')
    await cli.line('message', ({ direction, text }) => direction === 'in' && text === 'b')
    assert.deepEqual(texts(cli.lines, 'in'), ['a', 'b'])
  })

  it('sends more than the buffers hold, as fast as a slow peer reads', async () => {
    const count = 1500
    let received = 0
    const connections = new EventEmitter()
    const connected = once(connections, 'open') as Promise<[WebSocket]>
    const url = await serveWebSocket((socket) => {
      connections.emit('open', socket)
      socket.pause()
      socket.on('message', () => {
        received++
        if (received === count) socket.close(1000)
      })
    })
    const cli = await startCli(['connect', url, '-i', '--no-compression', '--format', 'none'])
    const { stdin } = cli.child
    assert.ok(stdin)
    const [peer] = await connected
    // Together more than the 64 MiB that may wait to be sent, so that the rest waits to be read.
    for (let n = 0; n < count; n++) cli.type(`${'x'.repeat(64 * 1024)}\n`)
    await settled(() => stdin.writableLength)
    assert.ok(stdin.writableLength > 1_000_000, 'it reads more than it can send')
    peer.resume()
    const { code, stderr } = await cli.ended
    assert.deepEqual([code, stderr, received], [0, '', count])
  })
})
