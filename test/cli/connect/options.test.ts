import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { writeFile } from 'node:fs/promises'
import { createServer, type IncomingMessage } from 'node:http'
import { createServer as createSecureServer, type ServerOptions as SecureServerOptions } from 'node:https'
import path from 'node:path'
import { buffer } from 'node:stream/consumers'
import { WebSocketServer } from 'ws'
import { cliTests, type Line, parseLines, runCli, startCli } from '../../support/cli.ts'
import { listen, serveHttp, serveWebSocket } from '../../support/loopback.ts'
import { startProxy } from '../../support/proxy.ts'
import { tempDir } from '../../support/temp-dir.ts'
import { certificates } from '../../support/tls.ts'

interface Seen {
  readonly method: string | undefined
  readonly url: string | undefined
  readonly headers: IncomingMessage['headersDistinct']
  readonly body: Buffer
}

/** An SSE server that sends one event and records the requests. */
async function recorder(): Promise<{ readonly url: string; readonly seen: Seen[] }> {
  const seen: Seen[] = []
  const url = await serveHttp(async (request, response) => {
    const body = await buffer(request)
    seen.push({ method: request.method, url: request.url, headers: request.headersDistinct, body })
    response.writeHead(200, { 'content-type': 'text/event-stream' })
    response.write('event: greeting\nid: 7\ndata: hello\n\n')
  })
  return { url, seen }
}

function messages(stdout: string): Line[] {
  return parseLines(stdout).filter(({ type, direction }) => type === 'message' && direction === 'in')
}

describe('the options of connect', () => {
  cliTests()
  let folder: string

  beforeEach(() => {
    folder = tempDir()
  })

  describe('for the request', () => {
    it('-X sets the method', async () => {
      const { url, seen } = await recorder()
      const { code } = await runCli(['connect', url, '-X', 'PUT', '--max-messages', '1'])
      assert.deepEqual([code, seen[0]?.method], [0, 'PUT'])
    })

    it('-H sends headers, in order and grouped by name', async () => {
      const { url, seen } = await recorder()
      const headers = ['X-One: 1', 'x-many: a', 'X-Many: b', 'Accept: text/custom', 'X-Empty:']
      await runCli(['connect', url, ...headers.flatMap((header) => ['-H', header]), '--max-messages', '1'])
      const got = seen[0]?.headers ?? {}
      assert.deepEqual(got['x-one'], ['1'])
      assert.equal(got['x-many']?.join(', '), 'a, b')
      assert.deepEqual(got.accept, ['text/custom'])
      assert.deepEqual(got['x-empty'], [''])
    })

    it('-H @FILE sends the headers in a file, one on each line, in order with the others', async () => {
      const { url, seen } = await recorder()
      const file = path.join(folder, 'headers.txt')
      await writeFile(
        file,
        `Authorization: Bearer S3CR3T\r\n\n  \nX-Many: b\nX-Last:${' '.repeat(100_000)}end`,
      )
      const { stdout } = await runCli([
        ...['connect', url, '-H', 'X-Many: a', '-H', `@${file}`, '-H', 'X-Many: c', '--max-messages', '1'],
      ])
      const got = seen[0]?.headers ?? {}
      assert.deepEqual(got.authorization, ['Bearer S3CR3T'])
      assert.equal(got['x-many']?.join(', '), 'a, b, c')
      assert.deepEqual(got['x-last'], ['end'])
      assert.ok(!stdout.includes('S3CR3T'))
    })

    it('-H @- sends headers from standard input', async () => {
      const { url, seen } = await recorder()
      const cli = await startCli(['connect', url, '-H', '@-', '--max-messages', '1'])
      cli.child.stdin?.end('X-One: 1\n')
      assert.equal((await cli.ended).code, 0)
      assert.deepEqual(seen[0]?.headers['x-one'], ['1'])
    })

    it('-H @FILE names an invalid line only by its number', async () => {
      const file = path.join(folder, 'headers.txt')
      await writeFile(file, 'X-One: 1\nAuthorization Bearer S3CR3T\n')
      const { code, stderr } = await runCli(['connect', 'ws://127.0.0.1:9/', '-H', `@${file}`])
      assert.equal(code, 2)
      assert.ok(stderr.startsWith(`error: Line 2 of ${file}, which -H names, is not a header. `), stderr)
      assert.ok(!stderr.includes('S3CR3T'))
    })

    it('-d sends its text with POST', async () => {
      const { url, seen } = await recorder()
      const { stdout } = await runCli(['connect', url, '-d', '{"é":1}', '--max-messages', '1'])
      assert.deepEqual([seen[0]?.method, seen[0]?.body.toString()], ['POST', '{"é":1}'])
      assert.equal(parseLines(stdout)[1]?.body, '{"é":1}')
    })

    it('-d @FILE sends the bytes of the file', async () => {
      const { url, seen } = await recorder()
      const bytes = Buffer.from([0, 255, 10, 13, 128])
      const file = path.join(folder, 'body.bin')
      await writeFile(file, bytes)
      await runCli(['connect', url, '-d', `@${file}`, '--max-messages', '1'])
      assert.deepEqual(seen[0]?.body, bytes)
    })

    it('-d @- sends standard input', async () => {
      const { url, seen } = await recorder()
      const cli = await startCli(['connect', url, '-d', '@-', '--max-messages', '1'])
      cli.child.stdin?.end('from stdin')
      assert.equal((await cli.ended).code, 0)
      assert.equal(seen[0]?.body.toString(), 'from stdin')
    })

    it('--subprotocol offers names in order, and the session has the selected one', async () => {
      const offered: string[][] = []
      const url = await serveWebSocket((socket) => socket.close(1000), {
        handleProtocols: (protocols) => {
          offered.push([...protocols])
          return 'two'
        },
      })
      const { stdout } = await runCli(['connect', url, '--subprotocol', 'one', '--subprotocol', 'two'])
      assert.deepEqual(offered, [['one', 'two']])
      assert.equal(parseLines(stdout).find(({ type }) => type === 'open')?.subprotocol, 'two')
    })

    it('--no-compression does not offer permessage-deflate', async () => {
      const offers: (string | undefined)[] = []
      const server = createServer()
      server.on('upgrade', (request, socket) => {
        offers.push(request.headers['sec-websocket-extensions'])
        socket.end('HTTP/1.1 400 Bad Request\r\n\r\n')
      })
      const url = `ws://127.0.0.1:${await listen(server)}/`
      await runCli(['connect', url])
      await runCli(['connect', url, '--no-compression'])
      assert.match(String(offers[0]), /permessage-deflate/)
      assert.equal(offers[1], undefined)
    })

    it('--proxy connects through the proxy, as does HTTP_PROXY unless NO_PROXY has the host', async () => {
      const proxy = await startProxy()
      const url = await serveWebSocket((socket) => socket.close(1000))
      const tunnel = `CONNECT ${new URL(url).host}`
      assert.equal((await runCli(['connect', url, '--proxy', proxy.url])).code, 0)
      assert.deepEqual(proxy.seen, [tunnel])
      assert.equal((await runCli(['connect', url], { env: { HTTP_PROXY: proxy.url } })).code, 0)
      assert.deepEqual(proxy.seen, [tunnel, tunnel])
      const env = { HTTP_PROXY: proxy.url, NO_PROXY: '127.0.0.1' }
      assert.equal((await runCli(['connect', url], { env })).code, 0)
      assert.equal(proxy.seen.length, 2)
    })
  })

  describe('for certificates', () => {
    const serveTls = async (options: SecureServerOptions = {}) => {
      const server = createSecureServer({ ...certificates().server, ...options })
      server.on('request', (_request, response) => {
        response.writeHead(200, { 'content-type': 'text/event-stream' })
        response.write('data: private\n\n')
      })
      return `https://127.0.0.1:${await listen(server)}/`
    }
    const saved = async (name: string, pem: string) => {
      const file = path.join(folder, name)
      await writeFile(file, pem)
      return file
    }
    const once = ['--max-messages', '1']

    it('refuses an untrusted certificate in a sentence that says what to try', async () => {
      const { code, stdout, stderr } = await runCli(['connect', await serveTls(), ...once])
      assert.equal(code, 1)
      assert.match(stderr, /^[^\n]*--ca\)[^\n]*--insecure\)[^\n]*\n$/)
      assert.equal(messages(stdout).length, 0)
    })

    it('--ca trusts an authority, and --insecure trusts any certificate', async () => {
      const url = await serveTls()
      const ca = await saved('ca.pem', certificates().ca)
      for (const args of [['--ca', ca], ['--insecure']]) {
        const { code, stdout, stderr } = await runCli(['connect', url, ...once, ...args])
        assert.equal(code, 0, stderr)
        const open = parseLines(stdout).find(({ type }) => type === 'open')
        assert.match(JSON.stringify(open?.tls), /"protocol":"TLSv1\.\d"/)
      }
    })

    it('trusts the authorities of the system, also with --ca', async () => {
      const { ca, server, selfSigned } = certificates()
      const url = await serveTls()
      const socketServer = createSecureServer(server)
      new WebSocketServer({ server: socketServer }).on('connection', (socket) => socket.send('hello'))
      const socketUrl = `wss://127.0.0.1:${await listen(socketServer)}/`
      const env = { SSL_CERT_FILE: await saved('system.pem', ca) }
      const other = ['--ca', await saved('other.pem', selfSigned.cert)]
      for (const args of [[url], [socketUrl], [url, ...other], [socketUrl, ...other]]) {
        const { code, stderr } = await runCli(['connect', ...args, ...once], { env })
        assert.equal(code, 0, stderr)
      }
    })

    it('--cert and --key authenticate the client, and the session does not have the key', async () => {
      const { ca, client } = certificates()
      const url = await serveTls({ ca, requestCert: true, rejectUnauthorized: true })
      const args = [
        '--cert',
        await saved('client.pem', client.cert),
        '--key',
        await saved('client.key', client.key),
      ]
      const { code, stdout, stderr } = await runCli(['connect', url, ...once, '--insecure', ...args])
      assert.equal(code, 0, stderr)
      assert.ok(!stdout.includes('PRIVATE KEY'))
      assert.equal((await runCli(['connect', url, ...once, '--insecure'])).code, 1)
    })

    it('--key may be encrypted, with its passphrase in the environment', async () => {
      const { ca, client } = certificates()
      const url = await serveTls({ ca, requestCert: true, rejectUnauthorized: true })
      const pkcs8 = ['pkcs8', '-topk8', '-v2', 'aes-256-cbc', '-passout', 'pass:swordfish']
      const key = execFileSync('openssl', pkcs8, { input: client.key }).toString()
      const args = ['--cert', await saved('client.pem', client.cert), '--key', await saved('client.key', key)]
      const run = (env: Readonly<Record<string, string>>) =>
        runCli(['connect', url, ...once, '--insecure', ...args], { env })
      const { code, stdout, stderr } = await run({ REALTIME_KEY_PASSPHRASE: 'swordfish' })
      assert.equal(code, 0, stderr)
      assert.ok(!stdout.includes('swordfish'))
      assert.equal((await run({ REALTIME_KEY_PASSPHRASE: 'wrong' })).code, 1)
      assert.match(
        (await run({})).stderr,
        /is encrypted, and its passphrase is not known; give it \(in the terminal: REALTIME_KEY_PASSPHRASE\)/,
      )
    })

    it('says if a file does not have a certificate', async () => {
      const ca = await saved('ca.pem', 'not a certificate')
      const key = await saved('client.key', 'not a key')
      const args = ['--cert', ca, '--key', key]
      const { code, stderr } = await runCli(['connect', await serveTls(), ...once, ...args])
      assert.equal(code, 1)
      assert.match(stderr, /^[^\n]*PEM[^\n]*\n$/)
    })
  })

  describe('for limits', () => {
    it('--timeout ends an attempt that does not open', async () => {
      const url = await serveHttp(() => {})
      const { code, stderr } = await runCli(['connect', url, '--timeout', '200'])
      assert.equal(code, 1)
      assert.match(stderr, /^[^\n]*200 ms[^\n]*\n$/)
    })

    it('--max-message-size ends the connection at a longer message and keeps earlier ones', async () => {
      const url = await serveWebSocket((socket) => {
        socket.send('short')
        socket.send('x'.repeat(1001))
      })
      const { code, stdout, stderr } = await runCli(['connect', url, '--max-message-size', '1000'])
      assert.equal(code, 1)
      assert.equal(messages(stdout).length, 1)
      assert.equal(parseLines(stdout).find(({ type }) => type === 'error')?.code, 'TOO_LARGE')
      assert.equal(stderr.split('\n').length, 2)
    })

    it('--reconnect never ends when the connection is lost', async () => {
      const url = await serveWebSocket((socket) => socket.terminate())
      const { code, stdout, stderr } = await runCli(['connect', url, '--reconnect', 'never'])
      assert.equal(code, 1)
      assert.ok(!parseLines(stdout).some(({ type }) => type === 'reconnect'))
      assert.equal(stderr.split('\n').length, 2)
    })
  })

  describe('for the transport', () => {
    it('auto detects SSE by its media type', async () => {
      const { url } = await recorder()
      const { stdout } = await runCli(['connect', url, '--max-messages', '1'])
      const lines = parseLines(stdout)
      assert.equal(lines.find(({ type }) => type === 'open')?.transport, 'sse')
      const [message] = messages(stdout)
      assert.deepEqual([message?.event, message?.id, message?.text], ['greeting', '7', 'hello'])
    })

    it('auto says that a response is plain, and which option to give', async () => {
      const url = await serveHttp((_request, response) => response.end('{"plain":true}'))
      const { code, stderr } = await runCli(['connect', url])
      assert.equal(code, 1)
      assert.match(stderr, /^[^\n]*--transport[^\n]*\n$|^[^\n]*long-poll[^\n]*\n$/)
    })

    it('sse resumes after a reconnect', async () => {
      let requests = 0
      const ids: unknown[] = []
      const url = await serveHttp((request, response) => {
        requests++
        ids.push(request.headers['last-event-id'])
        response.writeHead(200, { 'content-type': 'text/event-stream' })
        response.end(`retry: 10\nid: ${requests}\ndata: ${requests}\n\n`)
      })
      const { code, stdout } = await runCli(['connect', url, '--transport', 'sse', '--max-messages', '3'])
      assert.equal(code, 0)
      assert.deepEqual(ids, [undefined, '1', '2'])
      const reconnects = parseLines(stdout).filter(({ type }) => type === 'reconnect')
      assert.deepEqual(
        reconnects.map(({ lastEventId }) => lastEventId),
        ['1', '2'],
      )
    })

    it('long-poll resumes with --cursor, and the session has each request and response', async () => {
      const asked: (string | undefined)[] = []
      const url = await serveHttp((request, response) => {
        asked.push(request.url)
        response.setHeader('X-Index', String(asked.length))
        response.end(`answer ${asked.length}`)
      })
      const args = ['--transport', 'long-poll', '--cursor', 'header:X-Index:index', '--max-messages', '3']
      const { code, stdout, stderr } = await runCli(['connect', url, ...args])
      assert.equal(code, 0, stderr)
      assert.deepEqual(asked.slice(0, 3), ['/', '/?index=1', '/?index=2'])
      const types = parseLines(stdout).map(({ type }) => type)
      assert.ok(types.includes('request') && types.includes('response'))
      assert.equal(messages(stdout).length, 3)
    })

    it('poll repeats its request after --interval', async () => {
      let answers = 0
      const url = await serveHttp((_request, response) => void response.end(`answer ${++answers}`))
      const args = ['--transport', 'poll', '--interval', '150', '--max-messages', '3']
      const { code, stdout } = await runCli(['connect', url, ...args])
      assert.equal(code, 0)
      assert.equal(messages(stdout).length, 3)
      const requests = parseLines(stdout).filter(({ type }) => type === 'request')
      const [first = 0, , third = 0] = requests.map(({ time }) => Number(time))
      assert.ok(third - first >= 295, `two intervals took ${third - first} ms`)
    })

    it('http-stream splits records by --framing', async () => {
      const url = await serveHttp((_request, response) => {
        response.writeHead(200, { 'content-type': 'application/octet-stream' })
        response.end('{"a":1}\n{"b":2}\n')
      })
      for (const [framing, expected] of [
        ['ndjson', ['{"a":1}', '{"b":2}']],
        ['lines', ['{"a":1}', '{"b":2}']],
      ] as const) {
        const args = ['--transport', 'http-stream', '--framing', framing, '--reconnect', 'never']
        const { code, stdout, stderr } = await runCli(['connect', url, ...args])
        assert.equal(code, 0, stderr)
        assert.deepEqual(
          messages(stdout).map(({ text }) => text),
          expected,
        )
      }
    })

    it('prints exactly --max-messages messages of a flood, with every transport', async () => {
      const url = await serveHttp((request, response) => {
        const [head, record] =
          request.url === '/sse'
            ? ['text/event-stream', 'data: x\n\n']
            : ['application/x-ndjson', '{"x":1}\n']
        response.writeHead(200, { 'content-type': head })
        response.write(record.repeat(10_000))
      })
      for (const kind of ['sse', 'ndjson']) {
        const { code, stdout } = await runCli(['connect', `${url}${kind}`, '--max-messages', '777'])
        assert.equal(code, 0)
        assert.equal(messages(stdout).length, 777)
        assert.equal(parseLines(stdout).at(-1)?.type, 'close')
      }
    })
  })
})
