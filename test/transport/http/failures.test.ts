import assert from 'node:assert/strict'
import type { Socket } from 'node:net'
import { afterEach, describe, it } from 'mocha'
import { networkFailure } from '../../../src/transport/http/network-failures.ts'
import { ask, readAll } from '../../support/exchange.ts'
import { closeServers, refusedPort, serveHttp } from '../../support/loopback.ts'
import { reset, serveRaw } from '../../support/raw-server.ts'

/** How a body ends that begins with `head` and continues with `script`. */
async function endOf(
  head: string,
  script: (socket: Socket) => void,
): Promise<{ text: string; code: string; message: string }> {
  const host = await serveRaw((socket) => {
    socket.write(head)
    script(socket)
  })
  const { text, end } = await readAll(await ask(`http://${host}/`))
  assert.ok(!end.complete, 'the body is complete')
  return { text, code: end.failure.code, message: end.failure.message }
}

/** The failure of a request whose response is written by `script`. */
async function failureOf(
  script: (socket: Socket) => void,
  headTimeout = 5000,
): Promise<{ code: string; message: string }> {
  const host = await serveRaw(script)
  const failure: { code: string; message: string } = await ask(`http://${host}/?token=abc`, {
    headTimeout,
  }).then(
    () => assert.fail('it did not fail'),
    (error) => error,
  )
  assert.doesNotMatch(failure.message, /token=abc/)
  return failure
}

const CHUNKED = 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nkept\r\n'

describe('a failed HTTP exchange', () => {
  afterEach(closeServers)

  it('says that nothing listens on the port', async () => {
    const port = await refusedPort()
    await assert.rejects(ask(`http://127.0.0.1:${port}/path`), {
      code: 'ECONNREFUSED',
      message: `Connecting to http://127.0.0.1:${port}/path failed: 127.0.0.1:${port} refused the connection; check that the server runs and that the port is right.`,
    })
    await assert.rejects(ask(`http://localhost:${port}/`), { code: 'ECONNREFUSED' })
    // Without IPv6 the address is not available, but it is not looked up as a name.
    await assert.rejects(ask(`http://[::1]:${port}/`), {
      code: /^(?:ECONNREFUSED|EADDRNOTAVAIL|ENETUNREACH)$/,
    })
  })

  it('says that there is no such host', async () => {
    await assert.rejects(ask('http://nowhere.invalid/'), {
      code: /ENOTFOUND|EAI_AGAIN/,
      message: /nowhere\.invalid:80/,
    })
  })

  it('says that the server closed the connection without a response', async () => {
    assert.deepEqual((await failureOf((socket) => socket.end())).code, 'CLOSED')
    assert.equal((await failureOf((socket) => reset(socket))).code, 'ECONNRESET')
  })

  it('says that no response arrived in time', async () => {
    const { code, message } = await failureOf(() => {}, 60)
    assert.equal(code, 'TIMEOUT')
    assert.match(message, /60 ms/)
    assert.equal((await failureOf((socket) => socket.write('HTTP/1.1 200'), 60)).code, 'TIMEOUT')
  })

  it('says that the peer does not use HTTP', async () => {
    const { code, message } = await failureOf((socket) => socket.write('SSH-2.0-OpenSSH_9.2\r\n'))
    assert.equal(code, 'BAD_RESPONSE')
    assert.match(message, /does not speak HTTP/)
    assert.equal(
      (
        await failureOf((socket) =>
          socket.write('HTTP/1.1 101 Switching Protocols\r\nConnection: upgrade\r\nUpgrade: x\r\n\r\n'),
        )
      ).code,
      'BAD_RESPONSE',
    )
  })

  it('says what in a response HTTP does not allow', async () => {
    for (const [answer, reason] of [
      ['HTTP/1.1 200 OK\r\nX: a\0b\r\n\r\n', /Invalid header value/],
      ['HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n', /Content-Length/],
    ] as const) {
      const { code, message } = await failureOf((socket) => socket.end(answer))
      assert.equal(code, 'BAD_RESPONSE')
      assert.match(message, reason)
      assert.match(message, /sent what HTTP\/1\.1 does not allow .*; fix the server/)
    }
    const { text, code, message } = await endOf(CHUNKED, (socket) => socket.end('2\r\nokNO'))
    assert.deepEqual([text, code], ['keptok', 'BAD_RESPONSE'])
    assert.match(message, /chunk data.*; fix the server/)
  })

  it('says that the framing contradicts itself', async () => {
    const head = 'HTTP/1.1 200 OK\r\nContent-Length: 3\r\nContent-Length: 4\r\n\r\nabc'
    assert.equal((await failureOf((socket) => socket.end(head))).code, 'BAD_RESPONSE')
  })

  const endless: Record<string, string> = {
    'header value': 'HTTP/1.1 200 OK\r\nX: ',
    'header section': 'HTTP/1.1 200 OK\r\n',
    'status line': 'HTTP/1.1 200 ',
    'row of informational responses': '',
  }
  for (const [what, start] of Object.entries(endless)) {
    it(`ends an endless ${what}`, async () => {
      const more = what.startsWith('row')
        ? 'HTTP/1.1 102 P\r\n\r\n'
        : what.endsWith('section')
          ? 'a: b\r\n'
          : 'x'
      const { code, message } = await failureOf((socket) => {
        socket.write(start)
        const write = () => {
          while (!socket.destroyed && socket.write(more.repeat(1000)));
        }
        socket.on('drain', write)
        write()
      })
      assert.equal(code, 'TOO_LARGE')
      assert.match(message, /header fields/)
    })
  }

  it('ends an endless chunk extension', async () => {
    const { text, code, message } = await endOf(CHUNKED, (socket) => {
      socket.write('4;')
      const write = () => {
        while (!socket.destroyed && socket.write('x'.repeat(1000)));
      }
      socket.on('drain', write)
      write()
    })
    assert.deepEqual([text, code], ['kept', 'TOO_LARGE'])
    assert.match(message, /sent a chunk with a size line of more than 16 KiB/)
  })

  it('keeps what came before a truncated chunk', async () => {
    const { text, code, message } = await endOf(CHUNKED, (socket) => socket.end('9\r\ncut'))
    assert.deepEqual([text, code], ['keptcut', 'TRUNCATED'])
    assert.match(message, /what came before is kept/)
  })

  it('keeps what came before a missing last chunk', async () => {
    const closing = CHUNKED.replace('\r\n', '\r\nConnection: close\r\n')
    for (const head of [CHUNKED, closing]) {
      const { text, code } = await endOf(head, (socket) => socket.end())
      assert.deepEqual([text, code], ['kept', 'TRUNCATED'])
    }
  })

  it('keeps what came before a chunk without a size', async () => {
    const { text, code, message } = await endOf(CHUNKED, (socket) => socket.write('xyz\r\n'))
    assert.deepEqual([text, code], ['kept', 'BAD_RESPONSE'])
    assert.match(message, /chunk/)
  })

  it('reports a body that is shorter than its Content-Length', async () => {
    const { text, code } = await endOf('HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nkept', (socket) =>
      socket.end(),
    )
    assert.deepEqual([text, code], ['kept', 'TRUNCATED'])
  })

  it('reports a reset inside a body, with any framing', async () => {
    for (const head of [
      CHUNKED,
      'HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nkept',
      'HTTP/1.1 200 OK\r\n\r\nkept',
    ]) {
      const { text, code } = await endOf(head, (socket) => setTimeout(() => reset(socket), 30))
      assert.deepEqual([text, code], ['kept', 'ECONNRESET'])
    }
  })

  it('accepts the end of the connection as the end of a body without other framing', async () => {
    const host = await serveRaw((socket) => socket.end('HTTP/1.1 200 OK\r\n\r\nall'))
    const { text, end } = await readAll(await ask(`http://${host}/`))
    assert.deepEqual([text, end.complete], ['all', true])
  })

  it('times out while connecting', async () => {
    // A proxy that never answers has the same effect as a listener whose queue is full.
    const proxy = await serveRaw(() => {})
    const failed = ask('https://127.0.0.1:9/', {
      network: {},
      headTimeout: undefined,
      spec: { proxy: `http://${proxy}`, timeout: 60 },
    })
    await assert.rejects(failed, { code: 'TIMEOUT', message: /^Could not connect to/ })
  })

  it('shows the URL without its secrets', async () => {
    const url = await serveHttp((request) => request.socket.destroy())
    await assert.rejects(
      ask(url.replace('//', '//me:pass@')),
      (error: Error) => !error.message.includes('pass'),
    )
  })

  it('distinguishes a peer that vanished from one that was never there', () => {
    const silent = Object.assign(new Error('read ETIMEDOUT'), { code: 'ETIMEDOUT' })
    const { message } = networkFailure(silent, 'http://example.test/', 'body')
    assert.match(message, /^Reading from .*example\.test:80 is no longer there.*; check the network/)
    assert.match(networkFailure(silent, 'http://example.test/').message, /^Connecting to .* did not answer; /)
  })
})
