/** The sizes of heads, and the phases of each request, against what the server itself sent and received. */
import assert from 'node:assert/strict'
import { createServer, type Socket } from 'node:net'
import { createServer as createTlsServer } from 'node:tls'
import type { ConnectionSpec } from '../../src/shared/spec.ts'
import { createTransport } from '../../src/transport/registry.ts'
import { Attempt } from '../support/attempt.ts'
import { closeServers, listen } from '../support/loopback.ts'
import { frame, switchingProtocols } from '../support/raw-server.ts'
import { certificates } from '../support/tls.ts'

const POLLED = 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\nX-Tag: a\r\n\r\n'
const STREAM = 'HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nX-Long: '
const EARLY = 'HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n'
const MOVED = 'HTTP/1.1 307 Moved\r\nLocation: /there\r\nContent-Length: 3\r\n\r\n'

/** Answers each request with the head that `answer` returns, and what follows it. Notes the sizes of both heads. */
class HeadServer {
  readonly requests: number[] = []
  readonly responses: number[] = []
  readonly #answer: (head: string) => readonly [head: string, rest: string | Buffer]

  constructor(answer: (head: string) => readonly [head: string, rest: string | Buffer]) {
    this.#answer = answer
  }

  async listen(secure: boolean): Promise<string> {
    const onSocket = (socket: Socket) => this.#serve(socket)
    const server = secure ? createTlsServer(certificates().server, onSocket) : createServer(onSocket)
    return `127.0.0.1:${await listen(server)}/`
  }

  #serve(socket: Socket): void {
    let head = Buffer.alloc(0)
    socket.on('error', () => {})
    socket.on('data', (chunk) => {
      head = Buffer.concat([head, chunk])
      const end = head.indexOf('\r\n\r\n') + 4
      if (end < 4) return
      this.requests.push(end)
      const [response, rest] = this.#answer(head.toString('latin1', 0, end))
      this.responses.push(Buffer.byteLength(response))
      head = head.subarray(end)
      socket.write(Buffer.concat([Buffer.from(response), Buffer.from(rest)]))
    })
  }
}

function run(transport: ConnectionSpec['transport'], url: string): Attempt {
  const tls = { ca: [certificates().ca] }
  const spec = { url, interval: 0, tls, ...(transport && { transport }) }
  return new Attempt(createTransport(spec), spec)
}

for (const secure of [false, true]) {
  describe(`the heads of requests${secure ? ' inside TLS' : ''}`, () => {
    let attempt: Attempt | undefined

    afterEach(async () => {
      await attempt?.disconnect()
      closeServers()
    })

    const scheme = secure ? 's' : ''

    it('have the sizes that the server saw, in each cycle of a poll, and phases only where they happened', async () => {
      const server = new HeadServer(() => [POLLED, 'ok'])
      attempt = run('poll', `http${scheme}://${await server.listen(secure)}`)
      await attempt.until('response', 3)
      const responses = attempt.of('response').slice(0, 3)
      for (const [index, response] of responses.entries()) {
        assert.equal(response.requestHeadSize, server.requests[index])
        assert.equal(response.headSize, POLLED.length)
        assert.equal(response.timing?.tcp !== undefined, index === 0)
        assert.equal(response.timing?.tls !== undefined, index === 0 && secure)
        assert.ok((response.timing?.firstByte ?? 0) > 0)
      }
      const [open] = attempt.of('open')
      assert.equal(open?.headSize, undefined)
      assert.ok(open?.timing?.tcp !== undefined)
    })

    it('count those of redirects and of informational responses', async () => {
      const long = `${STREAM}${'x'.repeat(3000)}\r\n\r\n`
      const server = new HeadServer((head) =>
        head.startsWith('GET / ') ? [MOVED, 'far'] : [EARLY + long, 'data: 1\n\n'],
      )
      attempt = run('sse', `http${scheme}://${await server.listen(secure)}`)
      await attempt.until('message')
      const [open] = attempt.of('open')
      assert.equal(server.requests.length, 2)
      assert.equal(
        open?.requestHeadSize,
        server.requests.reduce((sum, size) => sum + size),
      )
      assert.equal(open?.headSize, MOVED.length + EARLY.length + long.length)
    })

    it('have the sizes that the server saw in the handshake of a WebSocket, without the frames behind it', async () => {
      const server = new HeadServer((head) => [switchingProtocols(head, 'X-Tag: a'), frame(1, 'first')])
      attempt = run(undefined, `ws${scheme}://${await server.listen(secure)}`)
      await attempt.until('message')
      const [open] = attempt.of('open')
      assert.equal(open?.requestHeadSize, server.requests[0])
      assert.equal(open?.headSize, server.responses[0])
      assert.equal(open?.timing?.tls !== undefined, secure)
    })
  })
}
