import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer } from 'node:net'
import type { Outcome } from '../../../src/transport/transport.ts'
import type { Attempt } from '../../support/attempt.ts'
import { closeServers, listen, refusedPort, serveHttp } from '../../support/loopback.ts'
import { reset, serveRaw, switchingProtocols } from '../../support/raw-server.ts'
import { connect } from './support.ts'

describe('a WebSocket with a bad handshake', () => {
  afterEach(closeServers)

  async function fails(attempt: Attempt, end: Outcome['end'], code: string, sentence: RegExp): Promise<void> {
    assert.equal((await attempt.outcome).end, end)
    assert.deepEqual(
      attempt.events.map((event) => event.type),
      ['error'],
    )
    const [error] = attempt.of('error')
    assert.equal(error?.code, code)
    assert.match(error?.message ?? '', sentence)
  }

  it('reports a refused port', async () => {
    const port = await refusedPort()
    const sentence = new RegExp(`127\\.0\\.0\\.1:${port} refused the connection; check that the server runs`)
    await fails(connect(`ws://127.0.0.1:${port}/`), 'lost', 'ECONNREFUSED', sentence)
  })

  it('reports another status, and what to try', async () => {
    for (const [status, end, hint] of [
      [400, 'failed', /400 Bad Request \("no"\); .*proxy in between drops the Upgrade header/],
      [403, 'failed', /403 Forbidden .*; .*credentials/],
      [404, 'failed', /404 Not Found .*; .*path/],
      [200, 'failed', /200 .*rather than opening .*is that of a WebSocket/],
      [426, 'failed', /426 Upgrade Required .*; .*Upgrade header.*version 13/],
      [429, 'lost', /429 .*later/],
      [503, 'lost', /503 .*log/],
    ] as const) {
      const url = await serveHttp((_request, response) => response.writeHead(status).end('no'))
      const attempt = connect(url.replace('http:', 'ws:'))
      await fails(attempt, end, 'HTTP_STATUS', hint)
      assert.equal(attempt.of('error')[0]?.status, status)
    }
  })

  it('quotes why the server refuses, and does not wait for the end of the body', async () => {
    let hungUp: Promise<unknown> | undefined
    const url = await serveHttp((request, response) => {
      hungUp = once(request.socket, 'close')
      response.writeHead(403, { 'content-type': 'application/json' }).write('{"error": "token\\nexpired"}')
      if (request.url === '/') response.end()
    })
    for (const path of ['', 'endless']) {
      const attempt = connect(`${url.replace('http:', 'ws:')}${path}`)
      await fails(attempt, 'failed', 'HTTP_STATUS', /403 Forbidden: token expired; /)
      await hungUp
    }
    const stopped = connect(`${url.replace('http:', 'ws:')}endless`)
    assert.equal((await stopped.disconnect()).end, 'done')
    const coded = await serveHttp((_request, response) => {
      response.writeHead(403, { 'content-type': 'text/plain', 'content-encoding': 'gzip' }).end('?')
    })
    await fails(connect(coded.replace('http:', 'ws:')), 'failed', 'HTTP_STATUS', /403 Forbidden; /)
  })

  it('fails if informational responses do not end', async () => {
    const interim = 'HTTP/1.1 100 Continue\r\n\r\n'.repeat(1000)
    const address = await serveRaw((socket) => {
      const flood = () => {
        while (!socket.destroyed && socket.write(interim));
      }
      socket.on('drain', flood)
      flood()
    })
    await fails(connect(`ws://${address}`), 'failed', 'TOO_LARGE', /more header data than the limit allows/)
  })

  for (const [title, answer, code, sentence] of [
    [
      'a wrong accept key',
      (head: string) => switchingProtocols(head).replace(/Accept: .*/, 'Accept: nonsense'),
      'BAD_HANDSHAKE',
      /Sec-WebSocket-Accept/,
    ],
    [
      'no upgrade',
      () => 'HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: h2c\r\n\r\n',
      'BAD_HANDSHAKE',
      /Upgrade header/,
    ],
    [
      'a switch without the field Upgrade',
      (head: string) => switchingProtocols(head).replace('Upgrade: websocket\r\n', ''),
      'BAD_HANDSHAKE',
      /\(No Upgrade header\); check that no proxy in between drops/,
    ],
    [
      'a switch without the field Connection',
      (head: string) => switchingProtocols(head).replace('Connection: Upgrade\r\n', ''),
      'BAD_HANDSHAKE',
      /\(No Upgrade in the Connection header\); check that no proxy in between drops/,
    ],
    [
      'a subprotocol that was not offered',
      (head: string) => switchingProtocols(head, 'Sec-WebSocket-Protocol: x'),
      'BAD_HANDSHAKE',
      /offer a subprotocol that the server supports, or none/,
    ],
    [
      'an extension that was not offered',
      (head: string) => switchingProtocols(head, 'Sec-WebSocket-Extensions: x'),
      'BAD_HANDSHAKE',
      /extension/,
    ],
    [
      'a window that is not a number of digits',
      (head: string) =>
        switchingProtocols(head, 'Sec-WebSocket-Extensions: permessage-deflate; server_max_window_bits=1e1'),
      'BAD_HANDSHAKE',
      /\(Sec-WebSocket-Extensions: server_max_window_bits is "1e1", not a number from 8 to 15\); turn compression off \(in the terminal: --no-compression\)/,
    ],
    [
      'what is not HTTP',
      () => 'SSH-2.0-OpenSSH_9.9\r\n\r\n',
      'BAD_HANDSHAKE',
      /did not answer as a WebSocket server does/,
    ],
  ] as const) {
    it(`reports ${title}`, async () => {
      const host = await serveRaw((socket, head) => socket.write(answer(head)))
      await fails(connect(`ws://${host}/`), 'failed', code, sentence)
    })
  }

  it('fails if a header never ends', async () => {
    const host = await serveRaw((socket) => {
      socket.write('HTTP/1.1 101 Switching Protocols\r\nX-Endless: ')
      const more = () => {
        while (socket.writable && socket.write('x'.repeat(16_384)));
      }
      socket.on('drain', more)
      more()
    })
    await fails(connect(`ws://${host}/`), 'failed', 'TOO_LARGE', /more header data than the limit allows/)
  })

  it('fails if the response does not arrive in time, byte by byte or not at all', async () => {
    const host = await serveRaw((socket) => {
      const drip = setInterval(() => socket.write('x'), 20)
      socket.on('close', () => clearInterval(drip))
      socket.write('HTTP/1.1 101 Switching Protocols\r\nX-Slow: ')
    })
    await fails(
      connect(`ws://${host}/`, { timeout: 200 }),
      'lost',
      'TIMEOUT',
      /within 200 ms.*allow more time/,
    )
  })

  it('reports that the server closed or reset the connection without a response', async () => {
    const ending = await serveRaw((socket) => socket.end())
    await fails(connect(`ws://${ending}/`), 'lost', 'CLOSED', /closed the connection without answering/)
    const cutting = await serveRaw((socket) => reset(socket))
    await fails(connect(`ws://${cutting}/`), 'lost', 'ECONNRESET', /reset the connection/)
  })

  it('reports that a port does not support TLS', async () => {
    const url = await serveHttp((_request, response) => response.end())
    await fails(connect(url.replace('http:', 'wss:')), 'failed', 'TLS', /did not answer with TLS/)
  })

  it('rejects redirects that lead nowhere or in a circle', async () => {
    for (const [location, sentence] of [
      ['ftp://example.test/', /cannot begin with ftp:/],
      ['http://[', /not a URL/],
      ['/again', /more than 10 times/],
    ] as const) {
      const host = await serveRaw((socket) =>
        socket.end(`HTTP/1.1 307 Temporary Redirect\r\nLocation: ${location}\r\nContent-Length: 0\r\n\r\n`),
      )
      await fails(connect(`ws://${host}/`), 'failed', 'BAD_REDIRECT', sentence)
    }
  })

  it('does not follow a status that is not a redirect', async () => {
    for (const status of [300, 304, 305, 306]) {
      const host = await serveRaw((socket) =>
        socket.end(`HTTP/1.1 ${status} X\r\nLocation: /again\r\nContent-Length: 0\r\n\r\n`),
      )
      await fails(connect(`ws://${host}/`), 'failed', 'HTTP_STATUS', new RegExp(`answered ${status}`))
    }
  })

  it('reports that a handshake has no body', async () => {
    const host = await serveRaw((socket) => socket.end())
    for (const name of ['Content-Length', 'transfer-encoding'])
      await fails(
        connect(`ws://${host}/`, { headers: { [name]: '3' } }),
        'failed',
        'BAD_REQUEST',
        /no body, so it cannot have .*correct the headers/,
      )
  })

  it('reports that a subprotocol or a header field cannot be sent', async () => {
    let hungUp: Promise<unknown> | undefined
    const server = createServer((socket) => {
      hungUp = once(socket.resume(), 'close')
    })
    const url = `ws://127.0.0.1:${await listen(server)}/`
    await fails(connect(url, { subprotocols: ['not valid'] }), 'failed', 'BAD_REQUEST', /subprotocol/)
    await hungUp
    await fails(
      connect(url, { headers: { 'X-Bad': 'a\nb' } }),
      'failed',
      'BAD_REQUEST',
      /correct the headers/,
    )
  })
})
