/** Servers at a Unix socket, in the terminal: by the option, by the URL, and replayed to. */
import assert from 'node:assert/strict'
import { once } from 'node:events'
import { readFile, writeFile } from 'node:fs/promises'
import { createServer, type Server } from 'node:http'
import path from 'node:path'
import { WebSocketServer } from 'ws'
import { cliTests, parseLines, runCli } from '../../support/cli.ts'
import { tempDir } from '../../support/temp-dir.ts'

describe('a Unix socket in the terminal', () => {
  cliTests()
  if (process.platform === 'win32') return
  let server: Server
  let socket: string
  let folder: string

  beforeEach(async () => {
    folder = tempDir()
    socket = path.join(folder, 'app.sock')
    server = createServer((request, response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' })
      response.write(`data: ${request.headers.host}${request.url}\n\n`)
    })
    new WebSocketServer({ server }).on('connection', (peer) => {
      peer.on('message', (data) => peer.send(`echo ${data}`))
    })
    server.listen(socket)
    await once(server, 'listening')
  })
  afterEach(() => {
    server.close()
    server.closeAllConnections()
  })

  const texts = (stdout: string) =>
    parseLines(stdout).flatMap(({ type, direction, text }) =>
      type === 'message' && direction === 'in' ? [text] : [],
    )

  it('is named by the option, and the URL says the host', async () => {
    const { code, stdout } = await runCli([
      ...['connect', 'http://app.example/feed', '--unix-socket', socket, '--max-messages', '1'],
    ])
    assert.deepEqual([code, texts(stdout)], [0, ['app.example/feed']])
  })

  it('is named by the URL, is in the session, and takes a recording', async () => {
    const file = path.join(folder, 'session.rtsession')
    const url = `ws+unix:${socket}:/chat`
    const options = ['--send', 'hi', '--max-messages', '1', '--save', file]
    const { code, stdout } = await runCli(['connect', url, ...options])
    assert.deepEqual([code, texts(stdout)], [0, ['echo hi']])
    const connect = JSON.parse((await readFile(file, 'utf8')).split('\n')[1] ?? '')
    assert.deepEqual([connect.url, connect.socketPath], ['ws://localhost/chat', socket])
    const again = await runCli(['replay', file, '--to', url, '--speed', 'max', '--format', 'jsonl'])
    assert.deepEqual([again.code, texts(again.stdout)], [0, ['echo hi']])
  })

  it('is said to be wrong in one sentence', async () => {
    const missing = path.join(folder, 'missing.sock')
    const { code, stderr } = await runCli(['connect', `ws+unix:${missing}:/`])
    assert.equal(code, 1)
    assert.equal(
      stderr.trim(),
      `Connecting to the socket ${missing} failed: it does not exist; check the path, and that the server runs.`,
    )
    const relative = await runCli(['connect', 'ws://localhost/', '--unix-socket', 'app.sock'])
    assert.equal(relative.code, 2)
    assert.match(relative.stderr, /must be an absolute path such as \/var\/run\/docker\.sock/)
    const proxied = await runCli(['connect', `ws+unix:${socket}:/`, '--proxy', 'socks5://127.0.0.1:1080'])
    assert.equal(proxied.code, 2)
    assert.match(proxied.stderr, /goes through no proxy; leave out --proxy, or the socket/)
  })

  it('is the server of a request whose response can be plain', async () => {
    const plain = createServer((_request, response) => void response.end('done'))
    const at = path.join(folder, 'plain.sock')
    plain.listen(at)
    await once(plain, 'listening')
    const file = path.join(folder, 'plain.http')
    await writeFile(file, `GET http+unix:${at}:/version\n`)
    const { code, stdout, stderr } = await runCli(['run', file, '--format', 'jsonl'])
    plain.close()
    assert.deepEqual([code, stderr, texts(stdout)], [0, '', ['done']])
  })
})
