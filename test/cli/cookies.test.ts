/** Cookies in the terminal: between the requests of a file, and in files that curl reads and writes. */
import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { readFile, stat, writeFile } from 'node:fs/promises'
import { createServer, type IncomingMessage } from 'node:http'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { WebSocketServer } from 'ws'
import { cliTests, runCli } from '../support/cli.ts'
import { listen } from '../support/loopback.ts'
import { tempDir } from '../support/temp-dir.ts'

/** Serves `/login`, which sets a cookie for POST, and a WebSocket that only the cookie opens. */
async function serveChat() {
  const seen: (string | undefined)[] = []
  const http = createServer((request, response) => {
    seen.push(request.headers.cookie)
    if (request.method === 'POST')
      response.setHeader('Set-Cookie', ['session=open-sesame; HttpOnly; Max-Age=600', 'theme=dark; Path=/x'])
    response.end('hello')
  })
  const sockets = new WebSocketServer({
    server: http,
    verifyClient: ({ req }: { req: IncomingMessage }) => {
      seen.push(req.headers.cookie)
      return req.headers.cookie === 'session=open-sesame'
    },
  })
  sockets.on('connection', (socket) => {
    socket.send('welcome')
    socket.close(1000)
  })
  return { host: `127.0.0.1:${await listen(http)}`, seen }
}

const FILE = `### login
POST http://{{host}}/login

user=ada

### chat
WEBSOCKET ws://{{host}}/chat
`

describe('cookies in the terminal', () => {
  cliTests()

  let folder: string
  let jar: string
  beforeEach(() => {
    folder = tempDir()
    jar = join(folder, 'cookies.txt')
  })

  async function run(host: string, text: string, ...args: string[]) {
    const file = join(folder, 'chat.http')
    await writeFile(file, text)
    return await runCli(['run', file, '--var', `host=${host}`, '--format', 'jsonl', ...args])
  }

  it('of a login open the WebSocket of the same file, and are masked', async () => {
    const { host } = await serveChat()
    const { code, stdout, stderr } = await run(host, FILE)
    assert.equal(code, 0, stderr)
    assert.match(stdout, /"text":"welcome"/)
    assert.match(stdout, /"set-cookie":/)
    assert.doesNotMatch(stdout + stderr, /open-sesame/)
  })

  it('are not sent by a request with @no-cookie-jar', async () => {
    const { host, seen } = await serveChat()
    const { code, stderr } = await run(host, FILE.replace('WEBSOCKET', '# @no-cookie-jar\nWEBSOCKET'))
    assert.equal(code, 1)
    assert.match(stderr, /chat.*401/)
    assert.deepEqual(seen, [undefined, undefined])
  })

  it('are kept in a file that only its owner reads, from which connect and curl send them', async () => {
    const { host, seen } = await serveChat()
    const [login = ''] = FILE.split('### chat')
    assert.equal((await run(host, login, '--cookie-jar', jar)).code, 0)
    if (process.platform !== 'win32') assert.equal((await stat(jar)).mode & 0o777, 0o600)
    const connect = ['connect', `ws://${host}/chat`, '--format', 'jsonl']
    assert.equal((await runCli([...connect, '--cookie-jar', jar])).code, 0)
    assert.equal((await runCli(connect)).code, 1)
    await promisify(execFile)('curl', ['-s', '--noproxy', '*', '-b', jar, `http://${host}/x/y`])
    assert.deepEqual(seen, [undefined, 'session=open-sesame', undefined, 'theme=dark; session=open-sesame'])
  })

  it('are read from a file that curl has written, and the file keeps what curl wrote', async () => {
    const { host } = await serveChat()
    await promisify(execFile)('curl', [
      '-s',
      '--noproxy',
      '*',
      '-c',
      jar,
      '-d',
      'user=ada',
      `http://${host}/login`,
    ])
    const cookiesIn = (text: string) =>
      text
        .split('\n')
        .filter((line) => /^(?:#HttpOnly_)?\d/.test(line))
        .sort()
    const written = cookiesIn(await readFile(jar, 'utf8'))
    assert.equal(written.length, 2)
    const { code, stderr } = await runCli(['connect', `ws://${host}/chat`, '--cookie-jar', jar])
    assert.equal(code, 0, stderr)
    assert.deepEqual(cookiesIn(await readFile(jar, 'utf8')), written)
  })

  it('are not written over a file that is not one of cookies', async () => {
    const { host } = await serveChat()
    await writeFile(jar, 'my notes\n')
    const { code, stderr } = await runCli(['connect', `ws://${host}/chat`, '--cookie-jar', jar])
    assert.equal(code, 2)
    assert.match(
      stderr,
      /^error: The file that --cookie-jar names, .+, cannot be used\. Line 1 is not a cookie/,
    )
    assert.equal(await readFile(jar, 'utf8'), 'my notes\n')
    const both = ['--cookie-jar', join(folder, 'new'), '--save', join(folder, 'new')]
    assert.match((await runCli(['connect', `ws://${host}/chat`, ...both])).stderr, /name the same file/)
    const same = await run(host, FILE, '--cookie-jar', join(folder, 'chat.http'))
    assert.match(same.stderr, /--cookie-jar would overwrite the request file/)
  })
})
