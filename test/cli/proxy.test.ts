/** `proxy` in the terminal, between real clients and servers. */
import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { once } from 'node:events'
import { readFile, writeFile } from 'node:fs/promises'
import { createServer } from 'node:https'
import path from 'node:path'
import { promisify } from 'node:util'
import { EventSource } from 'eventsource'
import { WebSocket } from 'ws'
import { type CliProcess, cliTests, runCli, startCli } from '../support/cli.ts'
import { refusedPort, serveHttp, serveWebSocket } from '../support/loopback.ts'
import { tempDir } from '../support/temp-dir.ts'
import { certificates } from '../support/tls.ts'

const run = promisify(execFile)

/** The first line that the program prints. */
async function firstLine(cli: CliProcess): Promise<{ listening: string; target: string }> {
  await cli.line('session')
  return JSON.parse(cli.stdout.split('\n')[0] ?? '')
}

describe('proxy in the terminal', () => {
  cliTests()

  it('causes faults on purpose, and rejects those that do not exist', async () => {
    const target = await serveWebSocket((socket) => {
      for (let n = 1; n <= 5; n++) socket.send(String(n))
    })
    const { origin } = new URL(target.replace('ws:', 'http:'))
    const cli = await startCli(['proxy', origin, '--fault', 'duplicate=1', '--fault', 'cut-after=3'])
    const { listening } = await firstLine(cli)
    const socket = new WebSocket(listening.replace('http:', 'ws:'))
    const received: string[] = []
    socket.on('message', (data) => received.push(String(data)))
    await once(socket, 'close')
    assert.deepEqual(received.slice(0, 2), ['1', '1'])
    await cli.line('close')
    cli.child.kill('SIGINT')
    const { stdout } = await cli.ended
    assert.match(stdout, /"faults":\["duplicate"\]/)
    assert.match(stdout, /cut the connection on purpose \(cut-after=3n\)/)
    const wrong = await runCli(['proxy', origin, '--fault', 'dorp=1'])
    assert.equal(wrong.code, 2)
    assert.match(wrong.stderr, /There is no fault "dorp"; there are delay, /)
  })

  describe('with --fault hold', () => {
    /** A server that keeps what it receives, and a client of it through the proxy. */
    async function start(...others: readonly string[]) {
      const received: string[] = []
      let heard = () => {}
      const target = await serveWebSocket((socket) => {
        socket.on('message', (data) => {
          received.push(String(data))
          heard()
        })
      })
      const faults = ['hold', ...others].flatMap((fault) => ['--fault', fault])
      const cli = await startCli(['proxy', target, ...faults])
      const { listening } = await firstLine(cli)
      const socket = new WebSocket(listening.replace('http:', 'ws:'))
      await once(socket, 'open')
      const has = async (count: number) => {
        while (received.length < count)
          await new Promise<void>((resolve) => {
            heard = resolve
          })
        return received
      }
      return { cli, socket, has }
    }

    it('says what is held, and releases or replaces it by lines of standard input', async () => {
      const { cli, socket, has } = await start()
      for (const text of ['one', 'two', 'three']) socket.send(text)
      await cli.error(
        /Held: message of 3 bytes to the server on connection 1, \d held in all \(Enter passes it on, a text replaces it\): one\n/,
      )
      cli.type('\n')
      assert.deepEqual(await has(1), ['one'])
      await cli.error(/Held: message of 3 bytes to the server on connection 1, \d held in all: two\n/)
      cli.type('changed\r\n')
      assert.deepEqual(await has(2), ['one', 'changed'])
      const changed = await cli.line('message', ({ text }) => text === 'changed')
      assert.deepEqual((changed.faults as string[]).at(-1), 'edit')
      cli.type('\n')
      assert.deepEqual(await has(3), ['one', 'changed', 'three'])
    })

    it('takes lines that came before, and holds nothing after the end of standard input', async () => {
      const { cli, socket, has } = await start()
      cli.type('first\n')
      cli.child.stdin?.end('\n')
      for (const text of ['one', 'two', 'three', 'four']) socket.send(text)
      assert.deepEqual(await has(4), ['first', 'two', 'three', 'four'])
      await cli.error(/Standard input has ended: what is held passes on, and nothing more is held\.\n/)
      await cli.line('mark', ({ text }) => text === 'No more faults on purpose')
      socket.send('five')
      assert.equal((await has(5)).at(-1), 'five')
      cli.child.kill('SIGINT')
      assert.equal((await cli.ended).code, 130)
    })

    it('keeps the other faults after the end of standard input', async () => {
      const { cli, socket, has } = await start('duplicate=1,seed=1')
      cli.child.stdin?.end()
      socket.send('one')
      assert.deepEqual(await has(2), ['one', 'one'])
      await cli.line('mark', ({ text }) => text === 'Faults on purpose: duplicate=1,seed=1')
    })

    it('ends while messages are held', async () => {
      const { cli, socket } = await start()
      socket.send('one')
      await cli.error(/Held: /)
      cli.child.kill('SIGINT')
      const { code, stdout } = await cli.ended
      assert.equal(code, 130)
      assert.match(stdout, /"text":"one"/)
    })
  })

  it('prints where it listens, then the session, and ends cleanly at Ctrl-C', async () => {
    const target = await serveWebSocket((socket) => {
      socket.on('message', (data) => socket.send(data.toString().toUpperCase()))
    })
    const origin = new URL(target.replace('ws:', 'http:')).origin
    const file = path.join(tempDir(), 'proxied.rtsession')
    const cli = await startCli(['proxy', origin, '--save', file])
    const { listening, target: named } = await firstLine(cli)
    assert.equal(named, origin)
    assert.match(listening, /^http:\/\/127\.0\.0\.1:\d+$/)
    const socket = new WebSocket(listening.replace('http:', 'ws:'))
    await once(socket, 'open')
    socket.send('hello')
    assert.equal(String((await once(socket, 'message'))[0]), 'HELLO')
    socket.close(1000)
    await once(socket, 'close')
    await cli.line('close')
    cli.child.kill('SIGINT')
    const { code, stdout, stderr } = await cli.ended
    assert.equal(code, 130, stderr)
    const lines = stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line))
    assert.equal(lines[1].type, 'session')
    const types = lines.slice(2).map(({ type, direction }) => `${type} ${direction ?? ''}`.trim())
    assert.deepEqual(types, ['connect', 'open', 'message out', 'message in', 'close'])
    assert.equal(lines[2].source, 'proxy')
    assert.equal(await readFile(file, 'utf8'), stdout.slice(stdout.indexOf('\n') + 1))
  })

  it('names the URL for a browser if that is not the address: at the host name of the target', async () => {
    const { port } = new URL(await serveHttp((_request, response) => response.end()))
    const cli = await startCli(['proxy', `http://localhost:${port}`])
    const { listening } = await firstLine(cli)
    cli.child.kill('SIGINT')
    const { stderr } = await cli.ended
    assert.match(stderr, new RegExp(`In a browser, open http://localhost:${new URL(listening).port}: `))
  })

  it('records an event stream, and ends after --duration', async () => {
    const origin = await serveHttp((_request, response) => {
      response.writeHead(200, { 'Content-Type': 'text/event-stream' })
      response.write('data: 1\n\ndata: 2\n\n')
    })
    const cli = await startCli(['proxy', origin.slice(0, -1), '--duration', '3'])
    const { listening } = await firstLine(cli)
    const source = new EventSource(listening)
    await cli.line('message', ({ text }) => text === '2')
    source.close()
    const { code, stdout } = await cli.ended
    assert.equal(code, 0)
    assert.match(stdout, /"type":"connect".+"transport":"sse"/)
  })

  it('says in a sentence that a port is in use', async () => {
    const origin = await serveHttp((_request, response) => void response.end())
    const { code, stdout, stderr } = await runCli([
      'proxy',
      'http://127.0.0.1:1',
      '--port',
      new URL(origin).port,
    ])
    assert.equal(code, 1)
    assert.equal(stdout, '')
    assert.match(stderr, /^Port \d+ of 127\.0\.0\.1 is in use; choose another one, or 0 for a free one\.\n$/)
  })

  it('refuses a target that is not an origin as wrong usage', async () => {
    for (const target of ['localhost:3000', 'ftp://localhost:3000', 'http://localhost/path', 'nonsense']) {
      const { code, stdout, stderr } = await runCli(['proxy', target])
      assert.equal(code, 2, stderr)
      assert.equal(stdout, '')
      assert.match(stderr, /^error: The target .+\nUsage: realtime-inspector proxy \[options\] \[TARGET\]\n$/)
    }
  })

  it('does not stay if the file cannot be written', async () => {
    const port = await refusedPort()
    const { code } = await runCli(['proxy', `http://127.0.0.1:${port}`, '--save', '/nowhere/a.rtsession'])
    assert.equal(code, 1)
  })

  it('takes ws: for http:, and ends after --max-messages', async () => {
    const target = await serveWebSocket((socket) => {
      for (let n = 1; n <= 5; n++) socket.send(String(n))
    })
    const cli = await startCli(['proxy', target, '--max-messages', '3'])
    const { listening } = await firstLine(cli)
    const socket = new WebSocket(listening.replace('http:', 'ws:'))
    socket.on('error', () => {})
    const { code, stdout, stderr } = await cli.ended
    assert.equal(code, 0, stderr)
    const texts = cli.lines.filter(({ type }) => type === 'message').map(({ text }) => text)
    assert.deepEqual(texts, ['1', '2', '3'], stdout)
  })

  describe('with --forward', () => {
    /** Runs curl through the proxy, and returns what it prints. */
    const curl = async (proxy: string, ...args: string[]) =>
      (await run('curl', ['-sS', '--noproxy', '', '-x', proxy, ...args])).stdout

    it('is a forward proxy, and says how to use it', async () => {
      const origin = await serveHttp((_request, response) => {
        response.writeHead(200, { 'Content-Type': 'application/x-ndjson' })
        response.end('{"n":1}\n{"n":2}\n')
      })
      const cli = await startCli(['proxy', '--forward', '--max-messages', '2'])
      const { listening, ...more } = await firstLine(cli)
      assert.deepEqual(more, {})
      assert.equal(await curl(listening, `${origin}records`), '{"n":1}\n{"n":2}\n')
      const { code, stderr } = await cli.ended
      assert.equal(code, 0, stderr)
      assert.equal(
        stderr,
        `To record a program, start it with HTTP_PROXY=${listening} HTTPS_PROXY=${listening} in its environment, or name the proxy in its settings. What it sends over TLS is counted, but not read.\n`,
      )
      const [connect] = cli.lines.filter(({ type }) => type === 'connect')
      assert.deepEqual([connect?.url, connect?.source], [`${origin}records`, 'proxy'])
    })

    it('records TLS to the hosts of --decrypt', async () => {
      const env = { XDG_CONFIG_HOME: tempDir() }
      const { ca, server } = certificates()
      const authority = path.join(tempDir(), 'server-ca.pem')
      await writeFile(authority, ca)
      const made = await runCli(['authority', 'create', 'localhost'], { env })
      const target = await serveHttp((_request, response) => {
        response.writeHead(200, { 'Content-Type': 'text/event-stream' })
        response.end('data: secret\n\n')
      }, createServer(server))
      const url = `https://localhost:${new URL(target).port}/events`
      const cli = await startCli(['proxy', '--forward', '--decrypt', 'localhost', '--ca', authority], { env })
      const { listening } = await firstLine(cli)
      await cli.error(/is counted, but not read, except to localhost\.\n$/)
      assert.equal(await curl(listening, '--cacert', made.stdout.trim(), url), 'data: secret\n\n')
      const { text } = await cli.line('message')
      assert.equal(text, 'secret')
      const connect = await cli.line('connect')
      assert.equal(connect.url, url)
    })

    it('needs the local authority for --decrypt', async () => {
      const env = { XDG_CONFIG_HOME: tempDir() }
      const { code, stdout, stderr } = await runCli(['proxy', '--forward', '--decrypt', 'localhost'], { env })
      assert.deepEqual([code, stdout], [1, ''])
      assert.match(stderr, /^There is no local authority\. Make one with "authority create HOST".*\n$/)
    })
  })

  it('refuses a forward proxy with a target, and a proxy without one, as wrong usage', async () => {
    for (const args of [
      ['http://localhost:3000', '--decrypt', 'localhost'],
      ['http://localhost:3000', '--forward'],
      [],
    ]) {
      const { code, stderr } = await runCli(['proxy', ...args])
      assert.equal(code, 2, args.join(' '))
      assert.match(stderr, /^error: .+\nUsage: realtime-inspector proxy .+\n$/)
    }
  })
})
