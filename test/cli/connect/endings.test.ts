import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { readFile, stat } from 'node:fs/promises'
import { createServer, type Server } from 'node:http'
import path from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { promisify } from 'node:util'
import { cliTests, parseLines, runCli, startCli } from '../../support/cli.ts'
import { refusedPort, serveHttp, serveWebSocket } from '../../support/loopback.ts'
import { settled } from '../../support/settled.ts'
import { tempDir } from '../../support/temp-dir.ts'

describe('how connect ends', () => {
  cliTests()
  let folder: string

  beforeEach(() => {
    folder = tempDir()
  })

  it('is 0 if the peer closes normally', async () => {
    const url = await serveWebSocket((socket) => {
      socket.send('only')
      socket.close(1000, 'bye')
    })
    const { code, stdout, stderr } = await runCli(['connect', url])
    assert.equal(code, 0, stderr)
    assert.equal(stderr, '')
    const lines = parseLines(stdout)
    assert.deepEqual(
      lines.map(({ type }) => type),
      ['session', 'connect', 'open', 'message', 'close'],
    )
    const close = lines.at(-1)
    assert.deepEqual([close?.code, close?.reason, close?.by], [1000, 'bye', 'server'])
  })

  it('is 1 with one sentence if it never opened', async () => {
    const { code, stdout, stderr } = await runCli(['connect', `ws://127.0.0.1:${await refusedPort()}/`])
    assert.equal(code, 1)
    assert.match(stderr, /^[^\n]+[.;][^\n]*\n$/)
    assert.doesNotMatch(stderr, /at .*\(|unexpected/)
    const error = parseLines(stdout).find(({ type }) => type === 'error')
    assert.equal(error?.code, 'ECONNREFUSED')
    assert.equal(`${error?.message}\n`, stderr)
  })

  it('is 1 after --max-attempts', async () => {
    const url = `ws://127.0.0.1:${await refusedPort()}/`
    const { code, stdout, stderr } = await runCli(['connect', url, '--reconnect', '5', '--max-attempts', '3'])
    assert.equal(code, 1)
    assert.match(stderr, /^Gave up .*\n$/)
    const reconnects = parseLines(stdout).filter(({ type }) => type === 'reconnect')
    assert.deepEqual(
      reconnects.map(({ attempt, delay }) => [attempt, delay]),
      [
        [1, 5],
        [2, 5],
        [3, 5],
      ],
    )
  })

  it('is 1 with one sentence for a status or media type that is not a stream', async () => {
    const url = await serveHttp((_request, response) => response.writeHead(500).end('broken'))
    const { code, stderr } = await runCli(['connect', url, '--transport', 'sse'])
    assert.equal(code, 1)
    assert.match(stderr, /^[^\n]*500[^\n]*\n$/)
  })

  it('is clean after exactly N inbound messages of a flood', async () => {
    const url = await serveWebSocket((socket) => {
      const flood = () => {
        for (let n = 0; n < 500; n++) socket.send(`message ${n}`)
        if (socket.readyState === socket.OPEN) setImmediate(flood)
      }
      flood()
    })
    for (const limit of [1, 7, 1234]) {
      const file = path.join(folder, `${limit}.rtsession`)
      const { code, stdout, stderr } = await runCli([
        'connect',
        url,
        '--max-messages',
        String(limit),
        '--save',
        file,
      ])
      assert.equal(code, 0, stderr)
      const lines = parseLines(stdout)
      assert.equal(lines.filter(({ type }) => type === 'message').length, limit)
      assert.equal(lines.at(-1)?.type, 'close')
      assert.equal(lines.at(-1)?.by, 'client')
      assert.equal(await readFile(file, 'utf8'), stdout)
    }
  })

  it('does not count sent messages', async () => {
    const url = await serveWebSocket((socket) => socket.on('message', (data) => socket.send(String(data))))
    const sends = ['--send', 'a', '--send', 'b', '--send', 'c']
    const { code, stdout } = await runCli(['connect', url, ...sends, '--max-messages', '2'])
    assert.equal(code, 0)
    const messages = parseLines(stdout).filter(({ type }) => type === 'message')
    const inbound = messages.filter(({ direction }) => direction === 'in')
    assert.deepEqual(
      inbound.map(({ text }) => text),
      ['a', 'b'],
    )
    assert.equal(messages.length, 5)
  })

  it('is clean after the duration', async () => {
    const url = await serveWebSocket((socket) => socket.send('one'))
    const { code, stdout, stderr } = await runCli(['connect', url, '--duration', '0.3'])
    assert.equal(code, 0, stderr)
    const close = parseLines(stdout).at(-1)
    assert.deepEqual([close?.type, close?.by], ['close', 'client'])
    assert.ok(Number(close?.time) >= 290, `closed at ${close?.time} ms`)
  })

  it('is clean after the duration while it waits to reconnect', async () => {
    const url = await serveWebSocket((socket) => socket.terminate())
    const args = ['--reconnect', '60000', '--duration', '5']
    const { code, stdout, stderr } = await runCli(['connect', url, ...args])
    assert.equal(code, 0, stderr)
    const types = parseLines(stdout).map(({ type }) => type)
    assert.deepEqual(types.slice(-2), ['reconnect', 'close'])
  })

  for (const [signal, expected] of [
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const) {
    it(`is ${expected} with a clean close and a complete session file at ${signal}`, async () => {
      const codes: number[] = []
      const url = await serveWebSocket((socket) => {
        const timer = setInterval(() => socket.send('x'.repeat(1000)), 1)
        socket.on('close', (code) => {
          clearInterval(timer)
          codes.push(code)
        })
      })
      const file = path.join(folder, 'whole.rtsession')
      const cli = await startCli(['connect', url, '--save', file])
      await cli.line('message')
      cli.child.kill(signal)
      const { code, stdout, stderr } = await cli.ended
      assert.deepEqual([code, stderr], [expected, ''])
      const saved = await readFile(file, 'utf8')
      assert.equal(saved, stdout)
      assert.ok(saved.endsWith('\n'))
      const close = parseLines(saved).at(-1)
      assert.deepEqual([close?.type, close?.by], ['close', 'client'])
      assert.deepEqual(codes, [1000])
    })
  }

  it('is 130 at once if Ctrl-C comes while it waits to reconnect', async () => {
    const url = await serveWebSocket((socket) => socket.terminate())
    const cli = await startCli(['connect', url, '--reconnect', '60000'])
    await cli.line('reconnect')
    cli.child.kill('SIGINT')
    assert.equal((await cli.ended).code, 130)
  })

  it('is 130 at the second Ctrl-C if the peer does not answer the close', async () => {
    // Accepts the handshake, then reads and sends nothing.
    const url = await serveHttp(() => {}, muteWebSocketServer())
    const cli = await startCli(['connect', url.replace('http', 'ws')])
    await cli.line('open')
    cli.child.kill('SIGINT')
    cli.child.kill('SIGINT')
    await new Promise<void>((resolve) => {
      // The system may merge two signals while the first is pending.
      const timer = setInterval(() => cli.child.kill('SIGINT'), 50)
      void cli.ended.finally(() => resolve(clearInterval(timer)))
    })
    assert.equal((await cli.ended).code, 130)
  })

  it('is 130 also if nobody reads its output', async () => {
    const url = await serveWebSocket((socket) => {
      for (let n = 0; n < 200; n++) socket.send('x'.repeat(100_000))
    })
    const file = path.join(folder, 'unread.rtsession')
    const cli = await startCli(['connect', url, '--save', file], { unread: true })
    await grown(file, 500_000)
    const exited = once(cli.child, 'exit')
    cli.child.kill('SIGINT')
    assert.deepEqual(await exited, [130, null])
    const saved = await readFile(file, 'utf8')
    assert.ok(saved.endsWith('\n'))
    assert.equal(parseLines(saved).at(-1)?.type, 'close')
  })

  for (const format of ['jsonl', 'pretty']) {
    it(`is 0 without a sentence if the reader of ${format} goes away, as head does`, async () => {
      const closed: number[] = []
      const url = await serveWebSocket((socket) => {
        const timer = setInterval(() => socket.send('tick'), 5)
        socket.on('close', (code) => {
          clearInterval(timer)
          closed.push(code)
        })
      })
      const file = path.join(folder, 'head.rtsession')
      const cli = await startCli(['connect', url, '--format', format, '--save', file])
      const { stdout } = cli.child
      assert.ok(stdout)
      // What is printed first may come before the connection is open.
      for (let text = ''; !text.includes('tick'); ) text += String(await once(stdout, 'data'))
      stdout.destroy()
      const { code, stderr } = await cli.ended
      assert.deepEqual([code, stderr], [0, ''])
      assert.deepEqual(closed, [1000])
      assert.equal(parseLines(await readFile(file, 'utf8')).at(-1)?.type, 'close')
    })
  }

  it('keeps memory low and makes the peer wait while its reader is slow', async () => {
    const total = 64 * 1024 * 1024
    const message = Buffer.alloc(64 * 1024, 'x')
    let sent = 0
    const url = await serveWebSocket((socket) => {
      const more = () => {
        if (sent >= total) return socket.close(1000)
        sent += message.length
        socket.send(message, { binary: false }, more)
      }
      more()
    })
    const cli = await startCli(['connect', url, '--no-compression'], { unread: true })
    await settled(() => sent)
    assert.ok(sent < total / 2, `the peer could send ${sent} bytes to a reader that reads none`)
    const memory = await residentBytes(cli.child.pid ?? 0)
    assert.ok(memory < 200 * 1024 * 1024, `it holds ${memory} bytes`)
    cli.read()
    const { code, stdout } = await cli.ended
    assert.equal(code, 0)
    const received = parseLines(stdout).filter(({ type }) => type === 'message')
    assert.equal(received.length, total / message.length)
  })
})

/** Accepts every handshake and sends nothing after it. */
function muteWebSocketServer(): Server {
  return createServer().on('upgrade', (request, socket) => {
    const accept = createHash('sha1')
      .update(`${request.headers['sec-websocket-key']}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`)
      .digest('base64')
    socket.on('error', () => {})
    socket.resume()
    socket.write(
      `HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${accept}\r\n\r\n`,
    )
  })
}

/** Resolves once the file has at least this many bytes. */
async function grown(file: string, bytes: number): Promise<void> {
  while (((await stat(file).catch(() => undefined))?.size ?? 0) < bytes) await delay(20)
}

/** The resident memory of a process in bytes, from `ps`. */
async function residentBytes(pid: number): Promise<number> {
  const { stdout } = await promisify(execFile)('ps', ['-o', 'rss=', '-p', String(pid)])
  return Number(stdout) * 1024
}
